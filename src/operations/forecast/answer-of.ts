/** A person's history in, evaluations and recommendation out: the engine with its FHIR face. */
import type { Immunization, ImmunizationEvaluation, ImmunizationRecommendation } from '@medplum/fhirtypes';
import { forecast } from '../../forecasting/forecast.ts';
import type { ForecastResult } from '../../forecasting/result.ts';
import { loadSchedule } from '../../forecasting/schedule/load-schedule.ts';
import type { Schedule } from '../../forecasting/schedule/schedule.ts';
import { evaluationsOf, type Evaluated } from './evaluations-of.ts';
import { recommendationOf } from './recommendation-of.ts';
import { doseId, requestOf, type History } from './request-of.ts';
import { cvxOf } from '../../terminology/vaccine-of.ts';

let shipped: Schedule | undefined;

/** The release that the server ships, built when first asked for; readonly, so all askers share it. */
export function schedule(): Schedule {
  shipped ??= loadSchedule();
  return shipped;
}

/** What the engine says of a history, in FHIR; nothing has an id yet. */
export interface Forecasted {
  readonly result: ForecastResult;
  readonly recommendation: ImmunizationRecommendation | undefined;
  readonly evaluations: readonly Evaluated[];
}

export type Derived = ImmunizationRecommendation | ImmunizationEvaluation;

/** What the engine says of a history on a day (YYYY-MM-DD). */
export const resultOf = (rules: Schedule, history: History, assessmentDate: string): ForecastResult =>
  forecast(rules, requestOf(rules, history, assessmentDate));

/** Evaluates and forecasts a history on a day (YYYY-MM-DD). */
export const answerOf = (rules: Schedule, history: History, assessmentDate: string): Forecasted =>
  toldOf(rules, history, resultOf(rules, history, assessmentDate));

/** The result of a history in FHIR. */
export function toldOf(rules: Schedule, history: History, result: ForecastResult): Forecasted {
  const { patient, immunizations } = history;
  // A reference says something (ele-1), also to a patient who was sent without an id.
  const reference =
    patient.id === undefined ? { display: 'the patient sent' } : { reference: `Patient/${patient.id}` };
  const doses = new Map(immunizations.map((each, at) => [doseId(each, at), each]));
  const references = new Map(
    [...doses].flatMap(([name, { id }]) => (id === undefined ? [] : [[name, `Immunization/${id}`] as const])),
  );
  const notGiven = notGivenIn(rules, immunizations);
  return {
    result,
    recommendation: recommendationOf(result, { patient: reference, doses: references, notGiven }),
    evaluations: evaluationsOf(result, reference, doses),
  };
}

/** Refusals and exemptions change no rule, but who reads a recommendation should know of them. */
function notGivenIn(rules: Schedule, immunizations: readonly Immunization[]): Map<string, string[]> {
  const found = immunizations
    .filter(({ status, id }) => status === 'not-done' && id !== undefined)
    .flatMap(({ vaccineCode, id = '' }) =>
      groupsOf(rules, cvxOf(vaccineCode)).map((group) => [group, `Immunization/${id}`] as const),
    );
  const byGroup = Map.groupBy(found, ([group]) => group);
  return new Map([...byGroup].map(([group, some]) => [group, some.map(([, id]) => id).sort()]));
}

function groupsOf({ vaccineIds, vaccines, groups }: Schedule, cvx: string | undefined): string[] {
  const number = cvx === undefined ? undefined : vaccineIds.get(cvx);
  const antigens = number === undefined ? [] : (vaccines[number]?.associations ?? []);
  const indexes = new Set(antigens.map(({ antigen }) => antigen));
  return groups
    .filter((group) => group.antigens.some(({ index }) => indexes.has(index)))
    .map(({ name }) => name);
}
