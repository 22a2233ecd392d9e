/** OperationOutcome: how a fault, a warning or a success is told (https://hl7.org/fhir/R4/operationoutcome.html). */
import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';
import { FAILURES, type Issue } from '../core/failure.ts';

export type Severity = 'error' | 'warning';

/** One issue of an outcome. */
export const issueOf = (issue: Issue, severity: Severity = 'error'): OperationOutcomeIssue => ({
  severity,
  code: FAILURES[issue.kind].issue,
  diagnostics: issue.message,
  ...(issue.expression && issue.expression.length > 0 && { expression: [...issue.expression] }),
});

/** An outcome of issues; where there is none, one that says what was done. */
export function outcomeOf(
  issues: readonly Issue[],
  done = 'Done.',
  severity: Severity = 'error',
): OperationOutcome {
  const issue: OperationOutcomeIssue[] = issues.map((each) => issueOf(each, severity));
  if (issue.length === 0) issue.push({ severity: 'information', code: 'informational', diagnostics: done });
  return { resourceType: 'OperationOutcome', issue };
}

/** The same as JSON text. */
export const outcomeText = (issues: readonly Issue[], done?: string, severity?: Severity): string =>
  JSON.stringify(outcomeOf(issues, done, severity));
