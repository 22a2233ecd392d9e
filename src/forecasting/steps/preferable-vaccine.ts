/** Decides whether a dose was a preferable vaccine for a target dose (Logic Specification 4.6, §6.8, Table 6-26). */
import { isAtAge, REASON, type AdministeredDose, type Run } from '../patient-series.ts';
import type { PreferableRow, SeriesDosePlan } from '../schedule/schedule.ts';

export interface VaccineJudgement {
  readonly fits: boolean;
  readonly reasons: number;
}

const NOT_LISTED: VaccineJudgement = { fits: false, reasons: 0 };
export const FITS: VaccineJudgement = { fits: true, reasons: 0 };
const TOO_LITTLE: VaccineJudgement = { fits: true, reasons: REASON['less-than-recommended-volume'] };

/** One fitting row of several for the vaccine type is enough. A small volume is remarked upon, never held against the dose. */
export function judgePreferableVaccine(
  run: Run,
  target: SeriesDosePlan,
  dose: AdministeredDose,
): VaccineJudgement {
  const rows = target.preferable.byVaccine.get(dose.vaccine.id);
  if (rows === undefined) return NOT_LISTED;
  let reasons = 0;
  let fitting = NOT_LISTED;
  for (const row of rows) {
    if (!isAtAge(run, dose.date.day, row.begin, row.end)) reasons |= REASON['vaccine-out-of-age-range'];
    else if (!isProduct(row, dose)) reasons |= REASON['wrong-trade-name'];
    else if (row.volume === undefined || dose.volume === undefined || dose.volume >= row.volume) return FITS;
    else fitting = TOO_LITTLE;
  }
  return fitting.fits ? fitting : { fits: false, reasons };
}

/** A product is told by its manufacturer, else by its trade name; what the history does not say restricts nothing. */
function isProduct(row: PreferableRow, dose: AdministeredDose): boolean {
  if (row.mvx !== undefined && dose.mvx !== undefined) return row.mvx === dose.mvx;
  if (row.tradeName === undefined || dose.tradeName === undefined) return true;
  return row.tradeName.toLowerCase() === dose.tradeName.toLowerCase();
}
