/**
 * Reports what became of each dose in a vaccine group: its evaluations in the best series of the group's antigens.
 * The specification evaluates by antigen; CDC's cases expect one status for the group.
 */
import { REASON, type AdministeredDose, type Evaluation, type PatientSeries } from '../patient-series.ts';
import type { AntigenEvaluation, DoseEvaluation, EvaluationReason, EvaluationStatus } from '../result.ts';
import type { SeriesType } from '../schedule/release.ts';
import type { VaccineGroup } from '../schedule/schedule.ts';

/** Across antigens the gravest status counts: a dose that must be repeated for one of them must be repeated. */
const GRAVEST: readonly EvaluationStatus[] = ['Sub-standard', 'Not Valid', 'Valid', 'Extraneous'];
/** Among the best series of one antigen (children and 50 years and older, say) the dose belongs where it was of use. */
const MOST_USEFUL: readonly EvaluationStatus[] = ['Valid', 'Extraneous', 'Not Valid', 'Sub-standard'];
const NAMES = Object.keys(REASON) as EvaluationReason[];

interface Judged {
  readonly series: PatientSeries;
  readonly evaluation: Evaluation;
}

/** One evaluation for each dose and series type. */
export function vaccineGroupEvaluations(
  group: VaccineGroup,
  best: readonly PatientSeries[],
): DoseEvaluation[] {
  const types = new Set(best.map(({ series }) => series.type));
  return [...types].flatMap((type) =>
    evaluationsOfType(
      group,
      type,
      best.filter(({ series }) => series.type === type),
    ),
  );
}

function evaluationsOfType(
  group: VaccineGroup,
  seriesType: SeriesType,
  best: readonly PatientSeries[],
): DoseEvaluation[] {
  const byDose = new Map<AdministeredDose, Judged[]>();
  for (const series of best) {
    series.evaluations.forEach((evaluation, record) => {
      const dose = series.records[record];
      if (dose !== undefined) byDose.set(dose, withJudgement(byDose.get(dose) ?? [], { series, evaluation }));
    });
  }
  return [...byDose].map(([dose, judged]) => {
    const status =
      GRAVEST.find((one) => judged.some(({ evaluation }) => evaluation.status === one)) ?? 'Valid';
    const bits = judged.reduce(
      (all, { evaluation }) => (evaluation.status === status ? all | evaluation.reasons : all),
      0,
    );
    return {
      dose: dose.id,
      vaccineGroup: group.name,
      seriesType,
      status,
      reasons: reasonNames(bits),
      antigens: judged.map(antigenEvaluation),
    };
  });
}

/** The judgements of a dose with one more; of several in one antigen the most useful stays. */
function withJudgement(judged: readonly Judged[], added: Judged): Judged[] {
  const rival = judged.find(({ series }) => series.of === added.series.of);
  if (rival === undefined) return [...judged, added];
  const isBetter =
    MOST_USEFUL.indexOf(added.evaluation.status) < MOST_USEFUL.indexOf(rival.evaluation.status);
  return isBetter ? judged.map((one) => (one === rival ? added : one)) : [...judged];
}

function antigenEvaluation({ series, evaluation }: Judged): AntigenEvaluation {
  return {
    antigen: series.series.antigen,
    series: series.series.name,
    status: evaluation.status,
    reasons: reasonNames(evaluation.reasons),
    ...(evaluation.target > 0 && { targetDose: evaluation.target }),
  };
}

const NO_REASONS: readonly EvaluationReason[] = [];

/** Reasons by name, in the order of the steps. */
function reasonNames(bits: number): readonly EvaluationReason[] {
  return bits === 0 ? NO_REASONS : NAMES.filter((name) => (bits & REASON[name]) !== 0);
}
