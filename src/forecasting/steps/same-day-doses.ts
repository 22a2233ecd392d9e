/**
 * Decides which of several doses of one antigen given on one day is evaluated first. The specification leaves their
 * order open (§4.2); the one that matches the target dose best goes first, so that neither the order of the history
 * nor a second shot on the same day costs the patient a valid dose.
 */
import type { AdministeredDose, Run } from '../patient-series.ts';
import type { SeriesDosePlan } from '../schedule/schedule.ts';
import { judgeAllowableVaccine } from './allowable-vaccine.ts';
import { doseConditionReasons } from './dose-administered-condition.ts';
import { isInadvertentVaccine } from './inadvertent-vaccine.ts';
import { judgePreferableVaccine } from './preferable-vaccine.ts';

/** The records with the best match among those of the day of `records[at]` moved to `at`; ties keep their order. */
export function withBestMatchFirst(
  run: Run,
  records: readonly AdministeredDose[],
  at: number,
  target: SeriesDosePlan,
): readonly AdministeredDose[] {
  const day = records[at]?.date.day;
  if (records[at + 1]?.date.day !== day) return records;
  const end = records.findIndex((dose, record) => record > at && dose.date.day !== day);
  const sameDay = records.slice(at, end < 0 ? records.length : end);
  const ranked = sameDay.toSorted((a, b) => matchRank(run, target, a) - matchRank(run, target, b));
  return [...records.slice(0, at), ...ranked, ...records.slice(at + sameDay.length)];
}

function matchRank(run: Run, target: SeriesDosePlan, dose: AdministeredDose): number {
  if (doseConditionReasons(dose) !== 0) return 4;
  if (isInadvertentVaccine(target, dose)) return 3;
  if (judgePreferableVaccine(run, target, dose).fits) return 0;
  return judgeAllowableVaccine(run, target, dose).fits ? 1 : 2;
}
