/** Calculates the dates of a series forecast (Logic Specification 4.6, §7.5, FORECASTDT-1 to -6 and FORECASTDN-1). */
import { NO_BEGIN } from '../civil-date.ts';
import {
  addSpan,
  ageDate,
  calendarDate,
  type PatientSeries,
  type Run,
  type SeriesForecast,
} from '../patient-series.ts';
import type { AgeId, IntervalRow, SeriesDosePlan, Span } from '../schedule/schedule.ts';
import { ageRow } from './age.ts';
import { isInForce } from './preferable-interval.ts';
import { referenceDoseDate } from './reference-dose-date.ts';

/** The dates of the target dose. No assumption is made for an empty attribute: the date stays empty. */
export function forecastDates(
  run: Run,
  patientSeries: PatientSeries,
  target: SeriesDosePlan,
  earliest: number,
): SeriesForecast {
  const age = ageRow(target, run.today);
  const recommended =
    ageDay(run, age?.earliestRec) ??
    latestInterval(run, patientSeries, target, (row) => row.earliestRec) ??
    earliest;
  const overdue =
    ageDay(run, age?.latestRec) ?? latestInterval(run, patientSeries, target, (row) => row.latestRec);
  const maximum = ageDay(run, age?.max);
  const pastDue = dayBefore(overdue);
  const forecast: SeriesForecast = {
    status: 'Not Complete',
    reason: undefined,
    target,
    doseNumber: doseNumber(run, patientSeries, target),
    earliest,
    unadjustedRecommended: recommended,
    recommended: Math.max(earliest, recommended),
    unadjustedPastDue: pastDue,
    pastDue: pastDue === undefined ? undefined : Math.max(earliest, pastDue),
    latest: dayBefore(maximum),
  };
  if (run.trace !== undefined) traceDates(run, patientSeries, forecast);
  return forecast;
}

/** "Past due" and "latest" are the last days on which the dose is still in time. */
function dayBefore(day: number | undefined): number | undefined {
  return day === undefined ? undefined : day - 1;
}

function ageDay(run: Run, age: AgeId | undefined): number | undefined {
  return age === undefined || age < 0 ? undefined : ageDate(run, age, NO_BEGIN);
}

/** CALCDTINT-5 or -6 of every interval in force: the age date, where there is one, has precedence over it. */
function latestInterval(
  run: Run,
  patientSeries: PatientSeries,
  target: SeriesDosePlan,
  lengthOf: (row: IntervalRow) => Span | undefined,
): number | undefined {
  let latest: number | undefined;
  for (const row of target.intervals) {
    const length = lengthOf(row);
    if (length === undefined || !isInForce(row, run.today)) continue;
    const reference = referenceDoseDate(run, patientSeries, row.reference, patientSeries.records.length);
    const day = reference === undefined ? undefined : addSpan(reference, length);
    if (day !== undefined && (latest === undefined || day > latest)) latest = day;
  }
  return latest;
}

/** FORECASTDN-1: a seasonal dose is counted within its season. */
function doseNumber(run: Run, { satisfied }: PatientSeries, target: SeriesDosePlan): number {
  if (target.seasonStart < 0) return satisfied.length + 1;
  const start = calendarDate(run, target.seasonStart, NO_BEGIN);
  return satisfied.filter(({ dose }) => dose.date.day >= start).length + 1;
}

function traceDates(run: Run, { series }: PatientSeries, forecast: SeriesForecast): void {
  const given = (day: number | undefined) => (day === undefined ? undefined : { day });
  run.trace?.note(
    {
      step: '7.5',
      rules: ['FORECASTDT-1', 'FORECASTDT-2', 'FORECASTDT-3', 'FORECASTDT-4', 'FORECASTDN-1'],
      series,
      targetDose: forecast.target?.number,
    },
    'dates',
    {
      doseNumber: forecast.doseNumber,
      earliest: given(forecast.earliest),
      recommended: given(forecast.recommended),
      pastDue: given(forecast.pastDue),
      latest: given(forecast.latest),
    },
  );
}
