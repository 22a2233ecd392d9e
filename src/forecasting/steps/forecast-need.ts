/** Decides whether the patient should receive another dose (Logic Specification 4.6, §7.4, Table 7-10). */
import { NO_END } from '../civil-date.ts';
import { ageDate, calendarDate, type PatientSeries, type Run } from '../patient-series.ts';
import type { ForecastReason, SeriesStatus } from '../result.ts';
import type { SeriesDosePlan } from '../schedule/schedule.ts';
import { ageRow } from './age.ts';
import { candidateEarliestDate } from './candidate-earliest-date.ts';
import { isTargetDoseContraindicated } from './contraindications.ts';

export interface Need {
  readonly status: SeriesStatus;
  readonly reason?: ForecastReason;
  /** Candidate earliest date; only where another dose is needed. */
  readonly earliest?: number;
}

const IMMUNE: Need = { status: 'Immune', reason: 'immune' };
const CONTRAINDICATED: Need = { status: 'Contraindicated', reason: 'contraindicated' };
const COMPLETE: Need = { status: 'Complete', reason: 'series-complete' };
const PAST_HISTORY: Need = { status: 'Not Recommended', reason: 'past-history' };
const PAST_SEASON: Need = { status: 'Not Recommended', reason: 'past-season' };
const TOO_OLD: Need = { status: 'Aged Out', reason: 'exceeded-maximum-age' };
const UNABLE: Need = { status: 'Aged Out', reason: 'unable-to-finish' };

/**
 * The column of Table 7-10 that fits. Where several would, the first counts: immune, contraindicated, complete, not
 * recommended by history, past season, aged out, unable to finish, needed.
 */
export function forecastNeed(
  run: Run,
  patientSeries: PatientSeries,
  target: SeriesDosePlan | undefined,
): Need {
  const { isImmune, isContraindicated, antigen } = patientSeries.of;
  if (isImmune) return IMMUNE;
  if (isContraindicated) return CONTRAINDICATED;
  if (target === undefined) return patientSeries.satisfied.length > 0 ? COMPLETE : PAST_HISTORY;
  if (isTargetDoseContraindicated(run, antigen, target)) return CONTRAINDICATED;
  return needOfTarget(run, patientSeries, target);
}

function needOfTarget(run: Run, patientSeries: PatientSeries, target: SeriesDosePlan): Need {
  if (run.today > calendarDate(run, target.seasonEnd, NO_END)) return PAST_SEASON;
  const maximum = ageDate(run, ageRow(target, run.today)?.max ?? -1, NO_END);
  if (run.today >= maximum) return TOO_OLD;
  const earliest = candidateEarliestDate(run, patientSeries, target);
  return earliest < maximum ? { status: 'Not Complete', earliest } : UNABLE;
}
