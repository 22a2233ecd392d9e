/** Evaluates one antigen administered record against one target dose (Logic Specification 4.6, chapter 6, Figure 6-1). */
import {
  REASON,
  type AdministeredDose,
  type Evaluation,
  type PatientSeries,
  type Run,
} from '../patient-series.ts';
import type { EvaluationStatus } from '../result.ts';
import type { SeriesDosePlan } from '../schedule/schedule.ts';
import { ageReasons } from './age.ts';
import { satisfiesAllowableInterval } from './allowable-interval.ts';
import { judgeAllowableVaccine } from './allowable-vaccine.ts';
import { canSkip } from './conditional-skip.ts';
import { doseConditionReasons } from './dose-administered-condition.ts';
import { isInadvertentVaccine } from './inadvertent-vaccine.ts';
import { preferableIntervalReasons } from './preferable-interval.ts';
import { judgePreferableVaccine } from './preferable-vaccine.ts';
import { statusOf } from './satisfy-target-dose.ts';
import { traceEvaluation } from './trace-evaluation.ts';
import { conflictingDose } from './vaccine-conflict.ts';

/** The evaluation of the record, or `skipped`: the target dose is, and the record meets the next one. */
export function evaluateDose(
  run: Run,
  patientSeries: PatientSeries,
  target: SeriesDosePlan,
  record: number,
): Evaluation | 'skipped' {
  const dose = patientSeries.records[record];
  if (dose === undefined) return 'skipped';
  const condition = doseConditionReasons(dose);
  if (condition !== 0) return evaluation('Sub-standard', condition, target);
  if (isSkipped(run, patientSeries, target, record)) return 'skipped';
  if (isInadvertentVaccine(target, dose)) return evaluation('Not Valid', REASON.inadvertent, target);
  // Every step runs, so that every reason is reported.
  const reasons =
    ageReasons(run, target, dose) |
    intervalReasons(run, patientSeries, target, record) |
    (conflictingDose(run, dose) === undefined ? 0 : REASON['vaccine-conflict']) |
    vaccineReasons(run, target, dose);
  if (run.trace !== undefined) traceEvaluation(run, patientSeries, target, record);
  return evaluation(statusOf(reasons), reasons, target);
}

function evaluation(status: EvaluationStatus, reasons: number, target: SeriesDosePlan): Evaluation {
  return { status, reasons, target: target.number };
}

function isSkipped(run: Run, patientSeries: PatientSeries, target: SeriesDosePlan, record: number): boolean {
  if (target.evaluationSkips.length === 0) return false;
  const day = patientSeries.records[record]?.date.day ?? 0;
  const question = { context: 'evaluation', reference: day, anchor: day, before: record } as const;
  return canSkip(run, patientSeries, target.evaluationSkips, question);
}

function intervalReasons(
  run: Run,
  patientSeries: PatientSeries,
  target: SeriesDosePlan,
  record: number,
): number {
  const reasons = preferableIntervalReasons(run, patientSeries, target, record);
  const tooSoon = (reasons & REASON['too-soon']) !== 0;
  return tooSoon && satisfiesAllowableInterval(run, patientSeries, target, record) ? 0 : reasons;
}

function vaccineReasons(run: Run, target: SeriesDosePlan, dose: AdministeredDose): number {
  const preferable = judgePreferableVaccine(run, target, dose);
  if (preferable.fits) return preferable.reasons;
  const allowable = judgeAllowableVaccine(run, target, dose);
  return allowable.fits ? 0 : REASON['not-preferable-or-allowable'] | preferable.reasons | allowable.reasons;
}
