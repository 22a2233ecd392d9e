/** Judges the allowable intervals of a dose that failed a preferable one (Logic Specification 4.6, §6.6, Table 6-21). */
import { addSpan, type PatientSeries, type Run } from '../patient-series.ts';
import type { SeriesDosePlan } from '../schedule/schedule.ts';
import { isInForce } from './preferable-interval.ts';
import { referenceDoseDate } from './reference-dose-date.ts';

/** Whether every row in force is satisfied. Without a row, or without a reference date, it is not: there is no default. */
export function satisfiesAllowableInterval(
  run: Run,
  patientSeries: PatientSeries,
  target: SeriesDosePlan,
  record: number,
): boolean {
  const day = patientSeries.records[record]?.date.day ?? 0;
  let rows = 0;
  for (const row of target.allowableIntervals) {
    if (!isInForce(row, day)) continue;
    const reference = referenceDoseDate(run, patientSeries, row.reference, record);
    if (reference === undefined || (row.absMin !== undefined && day < addSpan(reference, row.absMin)))
      return false;
    rows += 1;
  }
  return rows > 0;
}
