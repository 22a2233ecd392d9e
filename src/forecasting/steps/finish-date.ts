/** Calculates when a series could be finished (Logic Specification 4.6, §8.5, SELECTB-3, -11 and -12). */
import { civilDate, NO_BEGIN, NO_END } from '../civil-date.ts';
import { addSpan, ageDate, type PatientSeries, type Run } from '../patient-series.ts';
import { ageRow } from './age.ts';
import { isInForce } from './preferable-interval.ts';

/** SELECTB-12: the earliest date plus the longest minimum interval of the target doses after the forecast one. */
export function finishDate(run: Run, { series, current, forecast }: PatientSeries): number | undefined {
  if (forecast?.earliest === undefined) return undefined;
  const earliest = civilDate(forecast.earliest);
  let finish = forecast.earliest;
  for (const { intervals } of series.doses.slice(current + 1)) {
    for (const row of intervals) {
      if (row.min !== undefined && isInForce(row, run.today))
        finish = Math.max(finish, addSpan(earliest, row.min));
    }
  }
  return finish;
}

/** SELECTB-3: finished before the maximum age of the last target dose; without a maximum age there is no bar. */
export function isCompletable(run: Run, patientSeries: PatientSeries): boolean {
  const last = patientSeries.series.doses.at(-1);
  const maximum = last && ageRow(last, run.today)?.max;
  if (maximum === undefined || maximum < 0) return true;
  return (finishDate(run, patientSeries) ?? NO_END) < ageDate(run, maximum, NO_BEGIN);
}
