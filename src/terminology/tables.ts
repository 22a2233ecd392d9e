/** The code tables as code systems: CVX, MVX, NDC, CPT, vaccine groups, VIS, and what v2 messages are coded in. */
import type { CodeSystem, Concept, PropertyValue } from './code-system.ts';
import type { SetCode, Statement, Terminology, Vaccine } from './load.ts';
import { productOf } from './lookup.ts';

export const CVX = 'http://hl7.org/fhir/sid/cvx';
export const MVX = 'http://hl7.org/fhir/sid/mvx';
export const NDC = 'http://hl7.org/fhir/sid/ndc';
export const CPT = 'http://www.ama-assn.org/go/cpt';
export const OWN = 'https://fhir-iis.org/fhir/';
export const VACCINE_GROUP = `${OWN}CodeSystem/vaccine-group`;
const VIS = `${OWN}CodeSystem/vis`;

/** The same code systems as object identifiers, which senders that come from HL7 v3 use. */
const OIDS: Readonly<Record<string, readonly string[]>> = {
  [CVX]: ['urn:oid:2.16.840.1.113883.12.292'],
  [MVX]: ['urn:oid:2.16.840.1.113883.12.227'],
  [NDC]: ['urn:oid:2.16.840.1.113883.6.69'],
  [CPT]: ['urn:oid:2.16.840.1.113883.6.12'],
};

/** The URI under which this server knows a code system that may have come as an object identifier. */
export function usualUri(system: string): string {
  if (!system.startsWith('urn:oid:')) return system;
  return Object.keys(OIDS).find((url) => OIDS[url]?.includes(system)) ?? system;
}

type Given = Pick<CodeSystem, 'url' | 'name' | 'isComplete'> & Partial<Pick<CodeSystem, 'id' | 'spelled'>>;

function systemOf(terms: Terminology, table: string, given: Given, concepts: readonly Concept[]): CodeSystem {
  const about = terms.about[table];
  if (about === undefined) throw new Error(`There is no code table ${table}`);
  const { title, version, origin, licence } = about;
  return {
    title,
    version,
    origin,
    licence,
    aliases: OIDS[given.url] ?? [],
    ...given,
    concepts: new Map(concepts.map((concept) => [concept.code, concept])),
  };
}

/** Leaves out what is not known. */
function properties(
  all: Readonly<Record<string, PropertyValue | null | undefined>>,
): NonNullable<Concept['properties']> {
  const known = Object.entries(all).filter(
    (entry): entry is [string, PropertyValue] =>
      entry[1] !== null && entry[1] !== undefined && entry[1] !== '' && !isEmpty(entry[1]),
  );
  return Object.fromEntries(known);
}

const isEmpty = (value: PropertyValue): boolean => typeof value === 'object' && value.length === 0;

const vaccine = ({ code, short, full, status, groups, kind }: Vaccine): Concept => ({
  code,
  display: short,
  definition: full,
  ...(status !== 'Active' && { isInactive: true }),
  properties: properties({ status, group: groups, kind }),
});

function products(terms: Terminology): readonly Concept[] {
  const ndcs = [...terms.products.values()].map(({ ndc, kind, product, cvx, mvx, start, end }): Concept => ({
    code: ndc,
    display: product,
    properties: properties({ kind, cvx, mvx, start, end }),
  }));
  return [...new Map(ndcs.map((concept) => [concept.code, concept])).values()];
}

/** What the barcode holds is the code: it names the document and the edition. */
const statement = ({ encoded, document, edition, status, gdti, cvx, pdf }: Statement): Concept => ({
  code: encoded,
  display: document,
  ...(status !== 'Current' && { isInactive: true }),
  properties: properties({ edition, gdti, cvx, pdf }),
});

function statements(terms: Terminology): readonly Concept[] {
  return [...terms.statements.values()].flat().map(statement);
}

const TABLES: readonly ((terms: Terminology) => CodeSystem)[] = [
  (terms) =>
    systemOf(
      terms,
      'cvx',
      { url: CVX, id: 'cvx', name: 'VaccineAdministered', isComplete: true },
      [...terms.vaccines.values()].map(vaccine),
    ),
  (terms) =>
    systemOf(
      terms,
      'mvx',
      { url: MVX, id: 'mvx', name: 'VaccineManufacturer', isComplete: true },
      [...terms.manufacturers.values()].map(({ code, name, status }) => ({
        code,
        display: name,
        ...(status !== 'Active' && { isInactive: true }),
        properties: { status },
      })),
    ),
  (terms) =>
    systemOf(
      terms,
      'ndc',
      {
        url: NDC,
        id: 'ndc',
        name: 'VaccinePackage',
        isComplete: false,
        spelled: (code) => productOf(terms, code)?.ndc,
      },
      products(terms),
    ),
  (terms) =>
    systemOf(
      terms,
      'cpt',
      { url: CPT, name: 'VaccineProcedure', isComplete: false },
      [...terms.cpt].map(([code, cvx]) => ({ code, properties: { cvx } })),
    ),
  (terms) =>
    systemOf(
      terms,
      'groups',
      { url: VACCINE_GROUP, id: 'vaccine-group', name: 'VaccineGroup', isComplete: true },
      [...terms.groups.values()].map(({ group, cvx, members }) => ({
        code: group,
        display: group,
        properties: { cvx, member: members },
      })),
    ),
  (terms) =>
    systemOf(
      terms,
      'vis',
      { url: VIS, id: 'vis', name: 'VaccineInformationStatement', isComplete: true },
      statements(terms),
    ),
];

/** The value sets of v2 messages by the code systems that their codes are from; of each the list is a part. */
function messageSystems(terms: Terminology): readonly CodeSystem[] {
  const codes = [...terms.sets.values()].flatMap((set) => [...set.values()]);
  const systems = Map.groupBy(
    codes.filter(({ system }) => system !== null),
    ({ system }) => system ?? '',
  );
  return [...systems].map(([url, rows]) =>
    systemOf(
      terms,
      'v2-code-sets',
      { url, name: rows[0]?.table ?? url, isComplete: false },
      rows.map(messageCode),
    ),
  );
}

const messageCode = ({ code, label, status, table }: SetCode): Concept => ({
  code,
  display: label,
  ...(status !== 'Valid' && { isInactive: true }),
  properties: properties({ status, table }),
});

/** Every code system of the tables. */
export function systemsOfTables(terms: Terminology): readonly CodeSystem[] {
  return [...TABLES.map((make) => make(terms)), ...messageSystems(terms)];
}
