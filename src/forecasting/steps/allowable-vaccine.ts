/** Decides whether a dose was an allowable vaccine for a target dose (Logic Specification 4.6, §6.9, Table 6-29). */
import { isAtAge, REASON, type AdministeredDose, type Run } from '../patient-series.ts';
import type { SeriesDosePlan } from '../schedule/schedule.ts';
import { FITS, type VaccineJudgement } from './preferable-vaccine.ts';

const NOT_LISTED: VaccineJudgement = { fits: false, reasons: 0 };
const OUT_OF_AGE_RANGE: VaccineJudgement = { fits: false, reasons: REASON['vaccine-out-of-age-range'] };

export function judgeAllowableVaccine(
  run: Run,
  target: SeriesDosePlan,
  dose: AdministeredDose,
): VaccineJudgement {
  const ranges = target.allowable.get(dose.vaccine.id);
  if (ranges === undefined) return NOT_LISTED;
  for (const { begin, end } of ranges) if (isAtAge(run, dose.date.day, begin, end)) return FITS;
  return OUT_OF_AGE_RANGE;
}
