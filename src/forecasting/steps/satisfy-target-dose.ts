/** Combines what the steps found into the status of the dose (Logic Specification 4.6, §6.10, Table 6-31). */
import { REASON } from '../patient-series.ts';
import type { EvaluationStatus } from '../result.ts';

const FAILURES =
  REASON['too-young'] |
  REASON['too-soon'] |
  REASON['vaccine-conflict'] |
  REASON['not-preferable-or-allowable'];

/** Valid satisfies the target dose. Too old is Extraneous whatever else failed: such a dose need not be repeated. */
export function statusOf(reasons: number): EvaluationStatus {
  if ((reasons & REASON['too-old']) !== 0) return 'Extraneous';
  return (reasons & FAILURES) === 0 ? 'Valid' : 'Not Valid';
}
