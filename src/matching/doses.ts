/**
 * Whether two reports are of one dose: candidates by vaccine group and window, what decides at once, then the
 * weighted evidence (MIROW vaccination-level de-duplication: selection and evaluation).
 */
import type { DoseReport } from './dose.ts';
import { DOSE_RULES, type DoseRules } from './dose-rules.ts';
import { areFull, daysApart, evidenceOf, type Evidence } from './dose-score.ts';

export type Verdict = 'duplicate' | 'review' | 'different';

export interface Judgement {
  readonly verdict: Verdict;
  /** Why, as a fixed code: what decided at once (a person, or a rule), or `score`. */
  readonly because:
    | 'decided'
    | 'not-candidates'
    | 'same-number'
    | 'same-event'
    | 'same-day-unspecified'
    | 'given-apart'
    | 'listed-apart'
    | 'far-apart'
    | 'inexact-date'
    | 'score';
  readonly evidence?: Evidence;
}

/** Whether the reports share a vaccine group and the window; vaccines without a group must be the same. */
function areCandidates(one: DoseReport, other: DoseReport, { windowDays }: DoseRules = DOSE_RULES): boolean {
  const shared =
    one.groups.some((group) => other.groups.includes(group)) ||
    (one.cvx !== undefined && one.cvx === other.cvx);
  return shared && daysApart(one, other) <= windowDays;
}

const sameText = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && one === other;

/** What makes two reports of the same day one dose whatever the score. */
function sameDay(
  one: DoseReport,
  other: DoseReport,
  { lot, cvx, organization }: Evidence,
): Judgement['because'] | undefined {
  if (cvx === 'same' && organization === 'same' && lot !== 'different') return 'same-event';
  const isLess = (one.unspecified === true) !== (other.unspecified === true);
  return isLess && lot !== 'different' ? 'same-day-unspecified' : undefined;
}

/**
 * Who gives or lists several doses on several days means several: rabies is given on days 0, 3, 7 and 14. Only
 * a corrected report is told by its number.
 */
function apart(one: DoseReport, other: DoseReport, evidence: Evidence): Judgement['because'] | undefined {
  if (evidence.source === 'bothAdministered' && evidence.organization === 'same') return 'given-apart';
  if (evidence.source === 'bothHistorical' && sameText(one.reporter, other.reporter)) return 'listed-apart';
  return undefined;
}

/** What decides at once between reports whose dates name a day. */
function atOnce(one: DoseReport, other: DoseReport, evidence: Evidence): Judgement | undefined {
  const isSameDay = evidence.days === 0;
  const because = isSameDay ? sameDay(one, other, evidence) : apart(one, other, evidence);
  return because && { verdict: isSameDay ? 'duplicate' : 'different', because, evidence };
}

function byScore(evidence: Evidence, isFull: boolean, rules: DoseRules): Judgement {
  const { score, days, lot } = evidence;
  if (score < rules.differentBelow) return { verdict: 'different', because: 'score', evidence };
  if (score <= rules.duplicateAbove) return { verdict: 'review', because: 'score', evidence };
  if (!isFull) return { verdict: 'review', because: 'inexact-date', evidence };
  if (days > rules.aloneWithinDays && lot !== 'same')
    return { verdict: 'review', because: 'far-apart', evidence };
  return { verdict: 'duplicate', because: 'score', evidence };
}

/** Judges two reports; symmetric. */
export function judgeDoses(one: DoseReport, other: DoseReport, rules: DoseRules = DOSE_RULES): Judgement {
  if (sameText(one.number, other.number)) return { verdict: 'duplicate', because: 'same-number' };
  if (!areCandidates(one, other, rules)) return { verdict: 'different', because: 'not-candidates' };
  const evidence = evidenceOf(one, other, rules);
  const isFull = areFull(one, other);
  return (isFull ? atOnce(one, other, evidence) : undefined) ?? byScore(evidence, isFull, rules);
}
