/** Judges the preferable intervals of a dose (Logic Specification 4.6, §6.5, Tables 6-18 and 6-19). */
import { addSpan, REASON, type PatientSeries, type Run } from '../patient-series.ts';
import type { IntervalRow, SeriesDosePlan } from '../schedule/schedule.ts';
import { referenceDoseDate } from './reference-dose-date.ts';

/** Whether a row is in force on a day (RELEVANT-1, RELEVANT-2). */
export function isInForce(row: IntervalRow, day: number): boolean {
  return day >= row.from && day <= row.to;
}

/**
 * Too soon by any row in force, or within the grace period of one; 0 without remark. All rows must pass; a row
 * whose reference date does not exist is passed over.
 */
export function preferableIntervalReasons(
  run: Run,
  patientSeries: PatientSeries,
  target: SeriesDosePlan,
  record: number,
): number {
  const day = patientSeries.records[record]?.date.day ?? 0;
  let reasons = 0;
  for (const row of target.intervals) {
    if (isInForce(row, day)) reasons |= rowReason(run, patientSeries, row, record);
  }
  return reasons;
}

function rowReason(run: Run, patientSeries: PatientSeries, row: IntervalRow, record: number): number {
  const reference = referenceDoseDate(run, patientSeries, row.reference, record);
  if (reference === undefined) return 0;
  const day = patientSeries.records[record]?.date.day ?? 0;
  if (row.absMin !== undefined && day < addSpan(reference, row.absMin)) return REASON['too-soon'];
  return row.min !== undefined && day < addSpan(reference, row.min) ? REASON['interval-grace-period'] : 0;
}
