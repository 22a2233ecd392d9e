/** Judges the age at administration (Logic Specification 4.6, §6.4, Table 6-15). */
import { NO_BEGIN, NO_END } from '../civil-date.ts';
import { ageDate, REASON, type AdministeredDose, type Run } from '../patient-series.ts';
import type { AgeRow, SeriesDosePlan } from '../schedule/schedule.ts';

/** The age row in force on a day (RELEVANT-1, RELEVANT-2); undefined leaves the age unrestricted. */
export function ageRow(target: SeriesDosePlan, day: number): AgeRow | undefined {
  for (const row of target.ages) if (day >= row.from && day <= row.to) return row;
  return undefined;
}

/**
 * Too young, too old or in the grace period; 0 for an age without remark. The columns are tested in their order: an
 * empty absolute minimum is 1900-01-01, so that a dose below the minimum age is then in its grace period.
 */
export function ageReasons(run: Run, target: SeriesDosePlan, dose: AdministeredDose): number {
  const { day } = dose.date;
  const row = ageRow(target, day);
  if (row === undefined) return 0;
  if (day < ageDate(run, row.absMin, NO_BEGIN)) return REASON['too-young'];
  if (day < ageDate(run, row.min, NO_BEGIN)) return REASON['age-grace-period'];
  return day < ageDate(run, row.max, NO_END) ? 0 : REASON['too-old'];
}
