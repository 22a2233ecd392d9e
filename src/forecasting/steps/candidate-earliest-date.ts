/** Calculates the earliest day on which a target dose could be given (Logic Specification 4.6, §7.4, FORECASTDTCAN-1). */
import { NO_BEGIN } from '../civil-date.ts';
import {
  addSpan,
  ageDate,
  calendarDate,
  isInadvertent,
  type PatientSeries,
  type Run,
} from '../patient-series.ts';
import type { SeriesDosePlan } from '../schedule/schedule.ts';
import { ageRow } from './age.ts';
import { isInForce } from './preferable-interval.ts';
import { referenceDoseDate } from './reference-dose-date.ts';
import { conflictEnd } from './vaccine-conflict.ts';

/** The latest of the dates named by the rule, and never before the birth: some target doses name no date at all. */
export function candidateEarliestDate(
  run: Run,
  patientSeries: PatientSeries,
  target: SeriesDosePlan,
): number {
  const age = ageDate(run, ageRow(target, run.today)?.min ?? -1, NO_BEGIN);
  const interval = latestMinimumInterval(run, patientSeries, target) ?? NO_BEGIN;
  const conflict = conflictEnd(run, target.preferable) ?? NO_BEGIN;
  const season = calendarDate(run, target.seasonStart, NO_BEGIN);
  const evaluated = latestEvaluatedDose(patientSeries) ?? NO_BEGIN;
  const earliest = Math.max(run.birth.day, age, interval, conflict, season, evaluated);
  const given = (day: number) => (day === NO_BEGIN ? undefined : { day });
  run.trace?.note(
    { step: '7.4', rules: ['FORECASTDTCAN-1'], series: patientSeries.series, targetDose: target.number },
    'candidate-earliest',
    {
      earliest: { day: earliest },
      minimumAge: given(age),
      minimumInterval: given(interval),
      conflictEnd: given(conflict),
      seasonStart: given(season),
      lastDose: given(evaluated),
    },
  );
  return earliest;
}

/** CALCDTINT-4 of every preferable interval in force on the assessment date (RELEVANT-2). */
function latestMinimumInterval(
  run: Run,
  patientSeries: PatientSeries,
  target: SeriesDosePlan,
): number | undefined {
  let latest: number | undefined;
  for (const row of target.intervals) {
    if (row.min === undefined || !isInForce(row, run.today)) continue;
    const reference = referenceDoseDate(run, patientSeries, row.reference, patientSeries.records.length);
    if (reference === undefined) continue;
    const day = addSpan(reference, row.min);
    if (latest === undefined || day > latest) latest = day;
  }
  return latest;
}

/** The most recent dose that met a target dose: Valid, Not Valid or inadvertent. Extraneous doses do not count. */
function latestEvaluatedDose(patientSeries: PatientSeries): number | undefined {
  const { evaluations, records } = patientSeries;
  for (let record = evaluations.length - 1; record >= 0; record -= 1) {
    const status = evaluations[record]?.status;
    if (status === 'Valid' || status === 'Not Valid' || isInadvertent(patientSeries, record))
      return records[record]?.date.day;
  }
  return undefined;
}
