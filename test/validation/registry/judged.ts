/** What the registry makes of resources, briefly, for the tests of its rules. */
import type { Issue } from '../../../src/core/failure.ts';
import { judge } from '../../../src/validation/check.ts';

const TODAY = new Date('2026-11-22T12:00:00Z');

const brief = (issues: readonly Issue[]): readonly string[] =>
  issues.map(({ kind, expression = [] }) => `${kind} ${expression.join()}`);

export interface Judged {
  readonly refused: readonly string[];
  readonly warned: readonly string[];
  readonly kept: Readonly<Record<string, unknown>>;
}

/** The judgement on a Sunday in November 2026, of a record that has the id `me`. */
export function judged(resource: unknown, now = TODAY): Judged {
  const { issues, warnings, kept } = judge(resource, { id: 'me', now });
  return { refused: brief(issues), warned: brief(warnings), kept: kept as Judged['kept'] };
}
