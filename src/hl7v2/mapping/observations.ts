/** OBX about the person: disease had, titre, contraindication, reaction to a dose that nobody knows, special indication. */
import type { Observation } from '@medplum/fhirtypes';
import { codeIn } from '../../terminology/lookup.ts';
import { terminology } from '../../terminology/load.ts';
import type { Repetition, Segment } from '../message.ts';
import { dateTimeOf, dayOf } from '../time.ts';
import type { Reading } from './patient.ts';
import { conceptOf, filled, loincOf, part } from './read.ts';
import { coding, LOINC, SNOMED } from './systems.ts';
import { ELIGIBILITY, FUNDING, REACTION } from './under-dose.ts';
import { DOCUMENT, PRESENTED, PUBLISHED } from './vis.ts';

/** An observation without the person it is of, and the segment that told it. */
export interface Observed {
  readonly segment: Segment;
  readonly resource: Omit<Observation, 'subject'>;
  /** Whether it says that what was told before was wrong (OBX-11). */
  readonly isWithdrawn: boolean;
}

/** What is kept as an Observation, with LOINC's names. */
export const KINDS: Readonly<Record<string, { readonly display: string; readonly set?: string }>> = {
  '59784-9': { display: 'Disease with presumed immunity', set: 'evidence-of-immunity' },
  '75505-8': { display: 'Serological evidence of immunity' },
  '30945-0': { display: 'Vaccination contraindication/precaution', set: 'contraindication' },
  '31044-1': { display: 'Immunization reaction', set: 'reaction' },
  '59785-6': { display: 'Indications for immunization' },
};
const EFFECTIVE = '30946-8';
const EXPIRES = '30944-3';
/** Told with a dose or a forecast, and read elsewhere or computed here. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  ...[ELIGIBILITY, FUNDING, DOCUMENT, PUBLISHED, PRESENTED, EFFECTIVE, EXPIRES],
  ...['30956-7', '38890-0', '59779-9', '59780-7', '30973-2', '59782-3', '59781-5', '30982-3', '59783-1'],
  ...['30981-5', '30980-7', '59777-3', '59778-1', '30979-9'],
]);

/**
 * What is observed under an order.
 * @param isDose whether reactions are told with a dose, which keeps them itself
 */
export function observationsOf(
  reading: Reading,
  segments: readonly Segment[],
  date?: string,
  isDose = false,
): readonly Observed[] {
  return segments.flatMap((obx) => {
    const loinc = loincOf(obx);
    if (isDose && loinc === REACTION) return [];
    const kind = KINDS[loinc];
    if (kind !== undefined) return observedOf(reading, { obx, loinc, segments, date });
    if (obx.field(3).length === 0) reading.findings.report('observation-code-missing', obx, { field: 3 });
    else if (!ELSEWHERE.has(loinc))
      reading.findings.report('observation-code-unrecognized', obx, { field: 3 });
    return [];
  });
}

interface Told {
  readonly obx: Segment;
  readonly loinc: string;
  readonly segments: readonly Segment[];
  readonly date: string | undefined;
}

function observedOf(reading: Reading, told: Told): Observed[] {
  const { obx, loinc } = told;
  const { findings, organization } = reading;
  if (obx.field(5).length === 0) {
    findings.report('observation-value-missing', obx, { field: 5 });
    return [];
  }
  const value = valueOf(reading, told);
  if (value === undefined) {
    findings.report('observation-value-invalid', obx, { field: 5 });
    return [];
  }
  const resource = filled({
    resourceType: 'Observation',
    status: STATUSES[obx.value(11).toUpperCase()] ?? 'final',
    category: loinc === '75505-8' ? [LABORATORY] : [],
    code: { coding: [coding(LOINC, loinc, KINDS[loinc]?.display)] },
    ...effectiveOf(reading, told),
    performer: [{ reference: organization }],
    ...value,
  }) as Observed['resource'];
  return [{ segment: obx, resource, isWithdrawn: WITHDRAWN.has(obx.value(11).toUpperCase()) }];
}

/** Of table 0085; what is not here is final. */
const STATUSES: Readonly<Record<string, Observation['status']>> = {
  P: 'preliminary',
  R: 'preliminary',
  S: 'preliminary',
  C: 'corrected',
};
/** Delete, no result can be had, and was wrong. */
const WITHDRAWN: ReadonlySet<string> = new Set(['D', 'X', 'W']);
const LABORATORY = {
  coding: [coding('http://terminology.hl7.org/CodeSystem/observation-category', 'laboratory', 'Laboratory')],
};

type Value = Pick<Observation, 'valueCodeableConcept' | 'valueString' | 'valueQuantity' | 'valueDateTime'>;

function valueOf(reading: Reading, { obx, loinc }: Told): Value | undefined {
  const text = obx.value(5);
  switch (obx.value(2)) {
    case 'NM':
      return numberOf(obx);
    case 'ST':
    case 'TX':
    case 'FT':
      return { valueString: text };
    case 'TS':
    case 'DT':
    case 'DTM':
      return dated(dateTimeOf(text));
    default:
      return conceptIn(reading, obx, obx.field(5)[0], KINDS[loinc]?.set);
  }
}

const dated = (valueDateTime: string | undefined): Value | undefined =>
  valueDateTime === undefined ? undefined : { valueDateTime };

function numberOf(obx: Segment): Value | undefined {
  const text = obx.value(5);
  if (!/^-?\d+(\.\d+)?$/.test(text)) return undefined;
  return { valueQuantity: filled({ value: Number(text), unit: part(obx.field(6)[0], 2) || obx.value(6) }) };
}

function conceptIn(
  { findings }: Reading,
  obx: Segment,
  sent: Repetition | undefined,
  set: string | undefined,
): Value | undefined {
  const code = part(sent, 1);
  const concept = conceptOf(sent, /^\d{6,}$/.test(code) ? SNOMED : undefined);
  if (concept === undefined) return undefined;
  const known = set === undefined ? undefined : codeIn(terminology(), set, code);
  if (set === 'evidence-of-immunity' && known === undefined)
    findings.report('immunity-unrecognized', obx, { field: 5 });
  if (known?.system)
    return { valueCodeableConcept: { coding: [coding(known.system, code)], text: known.label } };
  return { valueCodeableConcept: concept };
}

/** OBX-14; else when it was entered; a contraindication may have days from and until which it holds. */
function effectiveOf(
  { findings }: Reading,
  { obx, loinc, segments, date }: Told,
): Pick<Observation, 'effectiveDateTime' | 'effectivePeriod'> {
  const bound = (code: string): string | undefined =>
    segments
      .filter((each) => loincOf(each) === code && each.value(4) === obx.value(4))
      .map((each) => dayOf(each.value(5)))[0];
  const period = loinc === '30945-0' ? filled({ start: bound(EFFECTIVE), end: bound(EXPIRES) }) : {};
  if (Object.keys(period).length > 0) return { effectivePeriod: period };
  const sent = obx.value(14);
  const said = dateTimeOf(sent);
  if (sent !== '' && said === undefined) findings.report('observation-date-invalid', obx, { field: 14 });
  const effective = said ?? date;
  return effective === undefined ? {} : { effectiveDateTime: effective };
}
