/** Which code of one system stands for which of another: NDC and CPT to CVX, CVX to vaccine groups. https://hl7.org/fhir/R4/conceptmap.html */
import type { Terminology } from './load.ts';
import { CPT, CVX, NDC, OWN, VACCINE_GROUP } from './tables.ts';

/** How the target stands to the source, in R4's words: a group is wider than a vaccine. */
export type Equivalence = 'equivalent' | 'wider' | 'narrower';

export interface Translation {
  readonly equivalence: Equivalence;
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}

export interface ConceptMap {
  readonly url: string;
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly origin: string;
  readonly licence: string;
  readonly source: string;
  readonly targets: readonly string[];
  readonly translations: ReadonlyMap<string, readonly Translation[]>;
}

function vaccine(terms: Terminology, code: string, equivalence: Equivalence): Translation {
  const display = terms.vaccines.get(code)?.short;
  return { equivalence, system: CVX, code, ...(display !== undefined && { display }) };
}

function mapOf(
  terms: Terminology,
  table: string,
  given: Pick<ConceptMap, 'id' | 'name' | 'title' | 'source' | 'targets'>,
  translations: readonly (readonly [string, readonly Translation[]])[],
): ConceptMap {
  const about = terms.about[table];
  if (about === undefined) throw new Error(`There is no code table ${table}`);
  const { version, origin, licence } = about;
  return {
    url: `${OWN}ConceptMap/${given.id}`,
    version,
    origin,
    licence,
    ...given,
    translations: new Map(translations),
  };
}

function groupsOf(terms: Terminology, groups: readonly string[]): readonly Translation[] {
  return groups.flatMap((name) => {
    const group = terms.groups.get(name);
    if (group === undefined) return [];
    return [
      { equivalence: 'wider', system: VACCINE_GROUP, code: name, display: name } as const,
      vaccine(terms, group.cvx, 'wider'),
    ];
  });
}

/** The maps of the code tables. */
export function mapsOfTables(terms: Terminology): readonly ConceptMap[] {
  return [
    mapOf(
      terms,
      'ndc',
      {
        id: 'ndc-to-cvx',
        name: 'NdcToCvx',
        title: 'Packages (NDC) to vaccines (CVX)',
        source: NDC,
        targets: [CVX],
      },
      [...terms.products.values()].map(({ ndc, cvx }) => [ndc, [vaccine(terms, cvx, 'wider')]]),
    ),
    mapOf(
      terms,
      'cpt',
      {
        id: 'cpt-to-cvx',
        name: 'CptToCvx',
        title: 'Procedures (CPT) to vaccines (CVX)',
        source: CPT,
        targets: [CVX],
      },
      [...terms.cpt].map(([code, cvx]) => [
        code,
        cvx.map((each) => vaccine(terms, each, cvx.length === 1 ? 'equivalent' : 'narrower')),
      ]),
    ),
    mapOf(
      terms,
      'groups',
      {
        id: 'cvx-to-group',
        name: 'CvxToVaccineGroup',
        title: 'Vaccines (CVX) to their groups',
        source: CVX,
        targets: [VACCINE_GROUP, CVX],
      },
      [...terms.vaccines.values()]
        .filter(({ groups }) => groups.length > 0)
        .map(({ code, groups }) => [code, groupsOf(terms, groups)]),
    ),
  ];
}

/** Translations the other way round: to the sources of a code. */
export function reversed(map: ConceptMap, system: string, code: string): readonly Translation[] {
  return [...map.translations].flatMap(([source, targets]) =>
    targets
      .filter((target) => target.system === system && target.code === code)
      .map(({ equivalence }) => ({ equivalence: TURNED[equivalence], system: map.source, code: source })),
  );
}
const TURNED = { equivalent: 'equivalent', wider: 'narrower', narrower: 'wider' } as const;
