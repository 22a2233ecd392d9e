/** OBX of an evaluated history and forecast (profile Z42) as ImmunizationEvaluation and ImmunizationRecommendation. */
import type {
  CodeableConcept,
  ImmunizationEvaluation,
  ImmunizationRecommendation,
  ImmunizationRecommendationRecommendation,
  ImmunizationRecommendationRecommendationDateCriterion,
} from '@medplum/fhirtypes';
import { conceptOf, filled, part } from '../mapping/read.ts';
import { CVX } from '../../terminology/tables.ts';
import { coding, LOINC } from '../mapping/systems.ts';
import { FORECAST_DATES } from '../mapping/write-findings.ts';
import type { Segment } from '../message.ts';
import { dateOf, dateTimeOf } from '../time.ts';
import { firstOf, groupsOf, VACCINE_TYPES, type Group } from './groups.ts';

const SERIES = '59780-7';
const DOSE_NUMBER = '30973-2';
const DOSES = '59782-3';
const VALIDITY = '59781-5';
const REASON = '30982-3';
const STATUS = '59783-1';
const SCHEDULE = '59779-9';
const DATES: readonly string[] = FORECAST_DATES.map(([code]) => code);
/** What is only said of doses that are due. */
const OF_FORECAST: readonly string[] = [...DATES, STATUS, '30979-9'];
/** What is said of doses that were given, and makes a group that has it an evaluation. */
const OF_EVALUATION: readonly string[] = [SERIES, DOSE_NUMBER, DOSES, VALIDITY, REASON, SCHEDULE];

const hasAny = (group: Group, codes: readonly string[]): boolean => codes.some((code) => group.has(code));
const isForecast = (group: Group): boolean => hasAny(group, OF_FORECAST);
const isEvaluation = (group: Group): boolean => !isForecast(group) && hasAny(group, OF_EVALUATION);

/** FHIR wants a status of what some systems give none. */
const NOT_SAID: CodeableConcept = {
  coding: [
    coding('http://terminology.hl7.org/CodeSystem/data-absent-reason', 'not-applicable', 'Not Applicable'),
  ],
  text: 'The answer does not say.',
};

const textIn = (obx: Segment | undefined): string => obx?.value(5, 2) || obx?.value(5) || '';
const conceptIn = (obx: Segment | undefined): CodeableConcept | undefined => {
  const value = obx?.field(5)[0];
  const isCoded = /^(CE|CWE|CNE)$/.test(obx?.value(2) ?? '');
  // A code of no system, and without a name, is a text.
  if (isCoded && (part(value, 2) !== '' || part(value, 3) !== '')) return conceptOf(value);
  return textIn(obx) === '' ? undefined : { text: textIn(obx) };
};
const vaccineOf = (group: Group): CodeableConcept | undefined => {
  const obx = firstOf(group, ...VACCINE_TYPES);
  return obx && conceptOf(obx.field(5)[0], CVX);
};

/** A number where it is one from one on, else as it was written. */
function numbered(obx: Segment | undefined): { readonly integer?: number; readonly text?: string } {
  const text = obx?.value(5) ?? '';
  if (/^[1-9]\d{0,3}$/.test(text)) return { integer: Number(text) };
  return text === '' ? {} : { text };
}

function placeInSeries(group: Group): Pick<ImmunizationEvaluation, 'series'> & Numbers {
  const [dose, doses] = [numbered(firstOf(group, DOSE_NUMBER)), numbered(firstOf(group, DOSES))];
  return filled({
    series: textIn(firstOf(group, SERIES)),
    doseNumberPositiveInt: dose.integer,
    doseNumberString: dose.text,
    seriesDosesPositiveInt: doses.integer,
    seriesDosesString: doses.text,
  });
}

interface Numbers {
  readonly doseNumberPositiveInt?: number;
  readonly doseNumberString?: string;
  readonly seriesDosesPositiveInt?: number;
  readonly seriesDosesString?: string;
}

const reasonsIn = (group: Group): CodeableConcept[] =>
  (group.get(REASON) ?? []).flatMap((obx) => conceptIn(obx) ?? []);

/** OBX-14 of the first that has one. */
const observedOn = (group: Group): string | undefined =>
  [...group.values()].flat().flatMap((obx) => dateTimeOf(obx.value(14)) ?? [])[0];

/** Whose they are. */
export interface Subject {
  readonly patient: { readonly reference: string };
}

const DOSE_STATUS = 'http://terminology.hl7.org/CodeSystem/immunization-evaluation-dose-status';

function doseStatusIn(group: Group): CodeableConcept {
  const sent = firstOf(group, VALIDITY)?.value(5).toUpperCase() ?? '';
  if (sent === 'Y') return { coding: [coding(DOSE_STATUS, 'valid', 'Valid')] };
  if (sent === 'N') return { coding: [coding(DOSE_STATUS, 'notvalid', 'Not valid')] };
  return sent === '' ? NOT_SAID : { text: sent };
}

/** What is said of a dose: an evaluation for each vaccine group. */
export function evaluationsOf(
  observations: readonly Segment[],
  { patient }: Subject,
  immunizationEvent: { readonly reference: string },
): readonly ImmunizationEvaluation[] {
  return groupsOf(observations)
    .filter(isEvaluation)
    .map((group) =>
      filled({
        resourceType: 'ImmunizationEvaluation' as const,
        status: 'completed' as const,
        patient,
        date: observedOn(group),
        // v2 names the vaccine group; which disease it is against follows from its code.
        targetDisease: vaccineOf(group) ?? NOT_SAID,
        immunizationEvent,
        doseStatus: doseStatusIn(group),
        doseStatusReason: reasonsIn(group),
        description: textIn(firstOf(group, SCHEDULE)),
        ...placeInSeries(group),
      }),
    );
}

/** What is due, wherever in a record it is told; undefined where nothing is. */
export function recommendationOf(
  orders: readonly (readonly Segment[])[],
  { patient }: Subject,
  made: string,
): ImmunizationRecommendation | undefined {
  const groups = orders.flatMap((observations) => groupsOf(observations).filter(isForecast));
  const [first] = groups;
  if (first === undefined) return undefined;
  const date = groups.flatMap((group) => observedOn(group) ?? [])[0] ?? made;
  return {
    resourceType: 'ImmunizationRecommendation',
    patient,
    date,
    recommendation: groups.map(entryOf),
  };
}

function entryOf(group: Group): ImmunizationRecommendationRecommendation {
  const vaccine = vaccineOf(group);
  return filled({
    vaccineCode: vaccine === undefined ? [] : [vaccine],
    forecastStatus: conceptIn(firstOf(group, STATUS)) ?? NOT_SAID,
    forecastReason: reasonsIn(group),
    dateCriterion: DATES.flatMap((loinc) => criterionOf(group, loinc)),
    description: textIn(firstOf(group, SCHEDULE)),
    ...placeInSeries(group),
  });
}

function criterionOf(group: Group, loinc: string): ImmunizationRecommendationRecommendationDateCriterion[] {
  const value = dateOf(firstOf(group, loinc)?.value(5) ?? '');
  const [, display] = FORECAST_DATES.find(([code]) => code === loinc) ?? [];
  return value === undefined ? [] : [{ code: { coding: [coding(LOINC, loinc, display)] }, value }];
}
