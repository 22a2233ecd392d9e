/** An Immunization as ORC, RXA, RXR and the OBX that belong to it. */
import type { Coding, Identifier, Immunization, Resource } from '@medplum/fhirtypes';
import { CVX, MVX, NDC } from '../../terminology/tables.ts';
import { codeIn } from '../../terminology/lookup.ts';
import { terminology } from '../../terminology/load.ts';
import type { Written, WrittenSegment } from '../message.ts';
import { compactOf } from '../time.ts';
import { doseAuthorityOf } from './dose-numbers.ts';
import { ROUTES } from './administration.ts';
import { ORIGIN, ORIGINS, REASONS } from './source.ts';
import { ACT_REASON, authorityOf, NCIT, NIP001, NIP002, PHIN, REGISTRY, table } from './systems.ts';
import { ELIGIBILITY, FUNDING, REACTION } from './under-dose.ts';
import { DOCUMENT, PRESENTED, PUBLISHED, UNNAMED } from './vis.ts';
import { ceOf, eiOf, inOrder, repeated, xcnOf, type Components } from './write.ts';

/** What doses refer to, by `Type/id`. */
export type Known = ReadonlyMap<string, Resource>;

/** Writes OBX, which count on through a message. */
export type WriteObx = (
  type: string,
  code: readonly [code: string, display: string],
  told: {
    readonly group: number;
    readonly value: Written;
    readonly date?: string;
    readonly method?: Written;
    readonly unit?: string;
    /** Table 0085; final, where nothing is said. */
    readonly status?: string;
  },
) => WrittenSegment;

/** Makes the writer of a message's observations. */
export function obxWriter(): WriteObx {
  let count = 0;
  return (type, [code, display], { group, value, date, method, unit, status = 'F' }) => {
    count += 1;
    return {
      name: 'OBX',
      fields: [
        String(count),
        type,
        [code, display, 'LN'],
        String(group),
        value,
        unit,
        ...Array.from({ length: 4 }, () => undefined),
        status,
        undefined,
        undefined,
        date === undefined ? undefined : compactOf(date),
        undefined,
        undefined,
        method,
      ],
    };
  };
}

const blank = (count: number): Written[] => Array.from({ length: count }, () => undefined);

/** The dose; the observations that belong to it follow. */
export function doseSegments(dose: Immunization, known: Known, obx: WriteObx): WrittenSegment[] {
  return [orcOf(dose, known), rxaOf(dose, known), ...rxrOf(dose), ...observationsWith(dose, obx)];
}

function person(dose: Immunization, role: string, known: Known): Components | undefined {
  const { performer = [], contained = [] } = dose;
  const actor = performer.find((each) => hasRole(each, role))?.actor;
  if (actor === undefined) return undefined;
  const { reference = '', display } = actor;
  const found = contained.find(({ id }) => reference === `#${id ?? ''}`) ?? known.get(reference);
  if (found?.resourceType === 'Practitioner') return xcnOf(found);
  return display === undefined
    ? undefined
    : xcnOf({ resourceType: 'Practitioner', name: [{ family: display }] });
}

const hasRole = ({ function: of }: NonNullable<Immunization['performer']>[number], role: string): boolean =>
  of?.coding?.some(({ code }) => code === role) ?? false;

const hasType = ({ type }: Identifier, code: string): boolean =>
  type?.coding?.some((each) => each.code === code) ?? false;

function orcOf(dose: Immunization, known: Known): WrittenSegment {
  const { identifier = [], recorded } = dose;
  const placer = identifier.find((each) => hasType(each, 'PLAC'));
  return {
    name: 'ORC',
    fields: [
      'RE',
      placer && eiOf(placer.value, placer.system, placer.assigner?.display),
      fillerOf(dose, placer),
      ...blank(5),
      recorded && compactOf(recorded),
      person(dose, 'EP', known),
      undefined,
      person(dose, 'OP', known),
      ...blank(15),
      confidentialityOf(dose),
    ],
  };
}

/** The number that the sender gave; the registry's own where there is none. */
function fillerOf({ identifier = [], id }: Immunization, placer: Identifier | undefined): Components {
  const filler =
    identifier.find((each) => hasType(each, 'FILL')) ?? identifier.find((each) => each !== placer);
  return filler === undefined ? [id, REGISTRY] : [filler.value, ...doseAuthorityOf(filler)];
}

function confidentialityOf({ meta }: Immunization): string | undefined {
  const code = meta?.security?.find(({ system = '' }) => system.endsWith('/v3-Confidentiality'))?.code;
  return code === 'N' ? 'U' : code;
}

function rxaOf(dose: Immunization, known: Known): WrittenSegment {
  const completion = completionOf(dose);
  const { lotNumber, expirationDate, occurrenceDateTime = '', recorded, vaccineCode, reasonCode } = dose;
  return {
    name: 'RXA',
    fields: [
      '0',
      '1',
      compactOf(occurrenceDateTime),
      undefined,
      ceOf(inOrder(vaccineCode, CVX, NDC), vaccineCode.text),
      ...amountOf(dose),
      undefined,
      sourceField(dose),
      person(dose, 'AP', known),
      placeOf(dose, known),
      ...blank(3),
      lotNumber,
      expirationDate && compactOf(expirationDate),
      makerOf(dose),
      completion === 'RE' ? reasonOf(dose) : undefined,
      repeated((reasonCode ?? []).map(({ coding = [], text }) => ceOf(coding, text) ?? [])),
      completion,
      'A',
      recorded && compactOf(recorded),
    ],
  };
}

/** RXA-6 and RXA-7. */
function amountOf({ doseQuantity }: Immunization): readonly Written[] {
  const { value, code, unit } = doseQuantity ?? {};
  if (value === undefined) return ['999', undefined];
  // A decimal is kept as it was written, which JSON knows how to write again.
  return [
    JSON.stringify(value),
    code === undefined ? [unit] : [code, unit === code ? undefined : unit, 'UCUM'],
  ];
}

function makerOf({ manufacturer }: Immunization): Written {
  const { system, value } = manufacturer?.identifier ?? {};
  return system === MVX ? [value, manufacturer?.display, 'MVX'] : undefined;
}

function completionOf(dose: Immunization): string {
  if (dose.status === 'not-done') return isRefused(dose) ? 'RE' : 'NA';
  const { isSubpotent, subpotentReason = [] } = dose;
  const codes = subpotentReason.flatMap(({ coding = [] }) => coding);
  return isSubpotent === true && codes.some(({ code }) => code === 'partial') ? 'PA' : 'CP';
}

/** Reasons of v3 that are somebody's will. */
const REFUSALS: ReadonlySet<string> = new Set(['PATOBJ', 'RELIG', 'PHILISOP', 'VACEFF', 'VACSAF']);

function isRefused({ statusReason }: Immunization): boolean {
  const { coding = [], text } = statusReason ?? {};
  if (coding.length === 0) return text !== undefined;
  return coding.some(({ system, code = '' }) => system === NIP002 || REFUSALS.has(code));
}

/** The code of table NIP002 for a reason in v3's words. */
const usualReason = (act: string | undefined): string =>
  Object.keys(REASONS).find((each) => REASONS[each]?.[0] === act) ?? '02';

function reasonOf({ statusReason }: Immunization): Written {
  const { coding = [], text } = statusReason ?? {};
  const act = coding.find(({ system }) => system === ACT_REASON);
  const code = coding.find(({ system }) => system === NIP002)?.code ?? usualReason(act?.code);
  const label = codeIn(terminology(), 'refusal-reason', code)?.label;
  const isOther = code === '02' && text !== undefined;
  return [code, isOther ? text : label, 'NIP002', ...(act === undefined ? [] : inOwnWords(code, act))];
}

/** v3's word, where the table's code does not already mean it. */
const inOwnWords = (code: string, act: Coding): Components =>
  REASONS[code]?.[0] === act.code ? [] : [act.code, act.display, 'ActReason'];

/** RXA-9: the source, then the notes. */
function sourceField({ status, primarySource, reportOrigin, note = [] }: Immunization): Written {
  const notes = note.map(({ text }) => [[''], [text]]);
  const code = status === 'not-done' ? undefined : sourceCode(primarySource, reportOrigin?.coding ?? []);
  if (code === undefined) return notes.length === 0 ? undefined : { repeat: notes };
  const label = codeIn(terminology(), 'information-source', code)?.label ?? '';
  return { repeat: [[[code], [label], ['NIP001']], ...notes] };
}

function sourceCode(
  isPrimary: boolean | undefined,
  codings: readonly { system?: string; code?: string }[],
): string | undefined {
  if (isPrimary === true) return '00';
  const own = codings.find(({ system }) => system === NIP001)?.code;
  const origin = codings.find(({ system }) => system === ORIGIN)?.code;
  const known = Object.keys(ORIGINS).find((code) => ORIGINS[code]?.[0] === origin);
  return own ?? known ?? (isPrimary === false ? '01' : undefined);
}

/** RXA-11: the facility is its fourth component. */
function placeOf({ location }: Immunization, known: Known): Written {
  if (location === undefined) return undefined;
  const { identifier, display, reference = '' } = location;
  const found = known.get(reference);
  const name = found?.resourceType === 'Location' ? found.name : undefined;
  const { namespace, universal, type } = authorityOf(identifier?.system, display);
  const parts = identifier === undefined ? [name ?? display] : [namespace || display, universal, type];
  return [undefined, undefined, undefined, parts];
}

function rxrOf({ route, site }: Immunization): WrittenSegment[] {
  const [way, place] = [routeOf(route), ceOf(inOrder(site, table('0163')).slice(0, 1), site?.text)];
  return way === undefined && place === undefined ? [] : [{ name: 'RXR', fields: [way, place] }];
}

function routeOf(route: Immunization['route']): Components | undefined {
  const [first] = inOrder(route, NCIT, table('0162'));
  if (first === undefined) return undefined;
  const ncit = first.system === table('0162') ? ROUTES[first.code ?? ''] : undefined;
  return ceOf([ncit === undefined ? first : { system: NCIT, code: ncit, display: first.display ?? '' }]);
}

function observationsWith(dose: Immunization, obx: WriteObx): WrittenSegment[] {
  const { programEligibility = [], fundingSource, education = [] } = dose;
  let group = 0;
  const next = (): number => (group += 1);
  const [funding] = inOrder(fundingSource, PHIN);
  return [
    ...programEligibility.map(({ coding = [] }) =>
      obx('CE', [ELIGIBILITY, 'Vaccine funding program eligibility category'], {
        group: next(),
        value: ceOf(coding.slice(0, 1)),
        method: ['VXC40', 'Eligibility captured at the immunization level', 'CDCPHINVS'],
      }),
    ),
    ...(funding === undefined
      ? []
      : [obx('CE', [FUNDING, 'Vaccine funding source'], { group: next(), value: ceOf([funding]) })]),
    ...education.flatMap((statement) => statementObx(statement, next(), obx)),
    ...reactionObx(dose, next, obx),
  ];
}

function statementObx(
  { documentType, publicationDate, presentationDate }: NonNullable<Immunization['education']>[number],
  group: number,
  obx: WriteObx,
): WrittenSegment[] {
  const dates = [
    [PUBLISHED, 'Date vaccine information statement published', publicationDate],
    [PRESENTED, 'Date vaccine information statement presented', presentationDate],
  ] as const;
  const isNamed = documentType !== undefined && documentType !== UNNAMED;
  return [
    ...(isNamed
      ? [obx('CE', [DOCUMENT, 'Document type'], { group, value: [documentType, undefined, 'cdcgs1vis'] })]
      : []),
    ...dates.flatMap(([code, display, date]) =>
      date === undefined ? [] : [obx('DT', [code, display], { group, value: compactOf(date) })],
    ),
  ];
}

function reactionObx(dose: Immunization, next: () => number, obx: WriteObx): WrittenSegment[] {
  return (dose.reaction ?? []).flatMap(({ date, detail }) => {
    const found = dose.contained?.find(({ id }) => `#${id ?? ''}` === detail?.reference);
    if (found?.resourceType !== 'Observation') return [];
    const { coding = [], text } = found.valueCodeableConcept ?? {};
    const told = { group: next(), value: ceOf(coding, text), ...(date !== undefined && { date }) };
    return [obx('CE', [REACTION, 'Reaction'], told)];
  });
}
