/**
 * Which CDSi observations a person's findings are: CDC names SNOMED, CVX and PHIN codes of its observations
 * (Schedule Supporting Data, "Coded Observations"), laboratory results come in LOINC.
 */
import type {
  AllergyIntolerance,
  CodeableConcept,
  Coding,
  Condition,
  Observation as FhirObservation,
  Procedure,
} from '@medplum/fhirtypes';
import type { Observation } from '../../forecasting/patient.ts';
import type { Schedule } from '../../forecasting/schedule/schedule.ts';
import { terminology } from '../../terminology/load.ts';
import { vaccineOf } from '../../terminology/lookup.ts';
import { CVX, usualUri } from '../../terminology/tables.ts';
import { CDSI_OBSERVATION, LOINC, SNOMED } from './codes.ts';
import { isContext, meansList } from './meant-together.ts';
import type { History } from './request-of.ts';
import { cvxOf, dayOf } from '../../terminology/vaccine-of.ts';

export type Finding = FhirObservation | Condition | AllergyIntolerance | Procedure;

const PHIN: ReadonlySet<string> = new Set([
  'urn:oid:2.16.840.1.114222.4.5.274',
  'https://phinvads.cdc.gov/vads/CodeSystem/PHINVS',
]);
/** Antibodies whose presence is evidence of immunity, and what CDSi calls that. */
const ANTIBODIES: Readonly<Record<string, string>> = {
  '32018-4': '018',
  '22322-2': '019',
  '35275-7': '020',
  '22415-6': '021',
  '25514-1': '022',
  '15410-4': '023',
};
const POSITIVE = '10828004';

/** A finding as codes with the days on which it began and ended. */
interface Told {
  readonly codes: readonly Coding[];
  readonly date: string | undefined;
  readonly endDate: string | undefined;
  readonly isOver: boolean;
}

/** The observations that the findings, and the immune globulins among the doses, amount to. */
export function observationsOf(schedule: Schedule, { findings, immunizations }: History): Observation[] {
  const immunity = new Set(schedule.antigens.flatMap(({ immunityObservations }) => immunityObservations));
  const found = findings.flatMap((finding) => {
    const told = toldOf(finding);
    return told === undefined
      ? []
      : [...meanings(schedule, told)].flatMap((code) => said(code, told, immunity));
  });
  const globulins = immunizations.flatMap(({ status, vaccineCode, occurrenceDateTime }) => {
    const cvx = status === 'completed' ? cvxOf(vaccineCode) : undefined;
    if (cvx === undefined || vaccineOf(terminology(), cvx)?.kind !== 'non vaccine') return [];
    return globulinOf(schedule, cvx).map((code) => dated(code, dayOf(occurrenceDateTime)));
  });
  return [...found, ...globulins].sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
}

const keyOf = ({ code, date = '', endDate = '' }: Observation): string => `${code} ${date} ${endDate}`;

const dated = (code: string, date?: string, endDate?: string): Observation => ({
  code,
  ...(date !== undefined && { date }),
  ...(endDate !== undefined && { endDate }),
});

/** An illness that is over still leaves its immunity; anything else without a day of its end does not count. */
function said(code: string, { date, endDate, isOver }: Told, immunity: ReadonlySet<string>): Observation[] {
  if (!isOver || immunity.has(code)) return [dated(code, date)];
  return endDate === undefined ? [] : [dated(code, date, endDate)];
}

const globulinOf = ({ observations }: Schedule, cvx: string): string[] =>
  [...observations].filter(([, { codes }]) => codes['CVX']?.includes(cvx)).map(([code]) => code);

/** What some codes mean, each for itself and, where CDC's list is meant together, all of them. */
function* meanings({ observations }: Schedule, { codes }: Told): Generator<string> {
  const of = (isSystem: (system: string) => boolean): ReadonlySet<string> =>
    new Set(codes.filter(({ system = '' }) => isSystem(usualUri(system))).map(({ code = '' }) => code));
  const own = of((system) => system === CDSI_OBSERVATION);
  const given = {
    snomed: withMisprints(of((system) => system === SNOMED)),
    cvx: of((system) => system === CVX),
    phin: of((system) => PHIN.has(system)),
  };
  for (const [code, { codes: listed }] of observations) if (own.has(code) || fits(listed, given)) yield code;
}

/** Codes that the schedule misprints, as they are and as it has them. */
const MISPRINTS: Readonly<Record<string, string>> = { '219088009': '2219088009' };
const withMisprints = (codes: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...codes].flatMap((code) => [code, MISPRINTS[code] ?? code]));

interface Given {
  readonly snomed: ReadonlySet<string>;
  readonly cvx: ReadonlySet<string>;
  readonly phin: ReadonlySet<string>;
}

function fits(listed: Readonly<Record<string, readonly string[]>>, { snomed, cvx, phin }: Given): boolean {
  const { SNOMED: ofSnomed = [], CVX: ofCvx = [], CDCPHINVS: ofPhin = [] } = listed;
  if (ofSnomed.length > 0 && meansList(ofSnomed, (code) => snomed.has(code))) return true;
  if (!ofPhin.some((code) => phin.has(code))) return false;
  // "A reaction to an earlier dose" says nothing until it is known of which vaccine.
  return ofCvx.length === 0 || ofCvx.some((code) => cvx.has(code));
}

function toldOf(finding: Finding): Told | undefined {
  if (finding.resourceType === 'Observation') return observationTold(finding);
  if (finding.resourceType === 'Condition') return conditionTold(finding);
  return finding.resourceType === 'Procedure' ? procedureTold(finding) : allergyTold(finding);
}

const NOT_SAID: ReadonlySet<string> = new Set(['entered-in-error', 'cancelled', 'unknown']);

function observationTold(observation: FhirObservation): Told | undefined {
  if (NOT_SAID.has(observation.status)) return undefined;
  const { effectiveDateTime, effectivePeriod, effectiveInstant, issued } = observation;
  const date = effectiveDateTime ?? effectivePeriod?.start ?? effectiveInstant ?? issued;
  const end = dayOf(effectivePeriod?.end);
  return { codes: observedCodes(observation), date: dayOf(date), endDate: end, isOver: end !== undefined };
}

/** A value says what was found; without one the code does. A test counts where it was positive. */
function observedCodes(observation: FhirObservation): Coding[] {
  const { code, valueCodeableConcept, valueBoolean, component = [] } = observation;
  const asked = code.coding ?? [];
  const beside = component.flatMap((each) => each.valueCodeableConcept?.coding ?? []);
  if (valueBoolean === false) return [];
  if (isPositive(observation)) return [...asked, ...beside, ...asked.flatMap(immunityBy)];
  if (valueCodeableConcept !== undefined) {
    // "Exposure to" with a germ as its value is told by both.
    const context = asked.filter(({ code = '' }) => isContext(code));
    return [...context, ...(valueCodeableConcept.coding ?? []), ...beside];
  }
  return Object.keys(observation).some((name) => name.startsWith('value')) ? beside : [...asked, ...beside];
}

function isPositive({ valueBoolean, valueCodeableConcept, interpretation = [] }: FhirObservation): boolean {
  if (valueBoolean === true) return true;
  const codes = [valueCodeableConcept, ...interpretation].flatMap((each) => each?.coding ?? []);
  return codes.some(({ system, code }) => (system === SNOMED && code === POSITIVE) || code === 'POS');
}

const immunityBy = ({ system, code = '' }: Coding): Coding[] => {
  const observation = system === LOINC ? ANTIBODIES[code] : undefined;
  return observation === undefined ? [] : [{ system: CDSI_OBSERVATION, code: observation }];
};

/** Whether a status says one of the words; statuses of illnesses and allergies have the same. */
const says = (concept: CodeableConcept | undefined, words: readonly string[]): boolean =>
  (concept?.coding ?? []).some(({ code = '' }) => words.includes(code));

const DISBELIEVED = ['refuted', 'entered-in-error'];
const OVER = ['inactive', 'remission', 'resolved'];

function conditionTold(condition: Condition): Told | undefined {
  if (says(condition.verificationStatus, DISBELIEVED)) return undefined;
  const { onsetDateTime, onsetPeriod, recordedDate, abatementDateTime, abatementPeriod } = condition;
  const endDate = dayOf(abatementDateTime ?? abatementPeriod?.end);
  return {
    codes: condition.code?.coding ?? [],
    date: dayOf(onsetDateTime ?? onsetPeriod?.start ?? recordedDate),
    endDate,
    isOver: endDate !== undefined || says(condition.clinicalStatus, OVER),
  };
}

function allergyTold(allergy: AllergyIntolerance): Told | undefined {
  if (says(allergy.verificationStatus, DISBELIEVED)) return undefined;
  const { code, reaction = [], onsetDateTime, recordedDate } = allergy;
  const substances = reaction.flatMap(({ substance }) => substance?.coding ?? []);
  return {
    codes: [...(code?.coding ?? []), ...substances],
    date: dayOf(onsetDateTime ?? recordedDate),
    endDate: undefined,
    isOver: says(allergy.clinicalStatus, OVER),
  };
}

function procedureTold({ status, code, performedDateTime, performedPeriod }: Procedure): Told | undefined {
  if (status !== 'completed' && status !== 'in-progress') return undefined;
  return {
    codes: code?.coding ?? [],
    date: dayOf(performedDateTime ?? performedPeriod?.start),
    endDate: undefined,
    isOver: false,
  };
}
