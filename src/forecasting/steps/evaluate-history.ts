/** Walks the doses of an antigen along the target doses of one series (Logic Specification 4.6, §4.4, Figure 4-6). */
import { currentTarget, REASON, type Evaluation, type PatientSeries, type Run } from '../patient-series.ts';
import { evaluateDose } from './evaluate-dose.ts';
import { withBestMatchFirst } from './same-day-doses.ts';

const AFTER_COMPLETION: Evaluation = { status: 'Extraneous', reasons: REASON['series-complete'], target: 0 };

/**
 * Evaluates every record. A dose that is not Valid leaves the target dose where it is. A recurring target dose that
 * is satisfied is followed by a fresh copy of itself, so it stays the current one.
 */
export function evaluateHistory(run: Run, patientSeries: PatientSeries): void {
  const { evaluations, series } = patientSeries;
  while (evaluations.length < patientSeries.records.length) {
    const target = currentTarget(patientSeries);
    if (target === undefined) {
      evaluations.push(AFTER_COMPLETION);
      continue;
    }
    const record = evaluations.length;
    patientSeries.records = withBestMatchFirst(run, patientSeries.records, record, target);
    const evaluation = evaluateDose(run, patientSeries, target, record);
    if (evaluation === 'skipped') {
      patientSeries.current += 1;
      continue;
    }
    evaluations.push(evaluation);
    const dose = patientSeries.records[record];
    if (evaluation.status === 'Valid' && dose !== undefined) patientSeries.satisfied.push({ target, dose });
    if (evaluation.status === 'Valid' && !target.recurring) patientSeries.current += 1;
    run.trace?.note(
      { step: '6.10', rules: ['Table 6-31'], series, targetDose: target.number, dose: dose?.id },
      evaluation.status,
      { seriesType: series.type },
    );
  }
}
