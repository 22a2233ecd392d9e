/** Whether an incoming person is one on file: match, review or no match. A merge is never made on a guess: what is unclear is for a person to settle. */
import type { Comparison } from './fields.ts';
import type { Person } from './person.ts';
import { probabilityOf, type Scored, type Scorer } from './score.ts';
import { THRESHOLDS, type Thresholds } from './thresholds.ts';

/** FHIR match grades (https://hl7.org/fhir/R4/valueset-match-grade.html). */
export type Grade = 'certain' | 'probable' | 'possible' | 'certainly-not';

export interface Judged<C> {
  readonly candidate: C;
  readonly bits: number;
  /** From 0 to 1. */
  readonly score: number;
  readonly grade: Grade;
  readonly comparison: Comparison;
}

export type Answer<C> =
  | { readonly answer: 'match'; readonly match: Judged<C> }
  | {
      readonly answer: 'review';
      readonly reason: 'too-little' | 'uncertain' | 'ambiguous';
      readonly candidates: readonly Judged<C>[];
    }
  | { readonly answer: 'no-match' };

const isOne = (level: string): boolean => level === 'same';

/** Whether the two share more than what strangers of a common name share: where they live, how they are reached, whose child they are. */
const isCorroborated = ({ place, phone, email, mothersMaidenName, mother }: Comparison): boolean =>
  place === 'alike' || [place, phone, email, mothersMaidenName, mother].some(isOne);

/**
 * Whether the birth date speaks against one person. A mistake in it is believed where more is the same than name and sex:
 * many children of a year have one name, and birth dates that differ by a digit.
 */
function isBornOtherwise(comparison: Comparison): boolean {
  const { birthDate } = comparison;
  if (birthDate === 'different' || birthDate === 'missing' || birthDate === 'partial') return true;
  return !isOne(birthDate) && !isCorroborated(comparison);
}

/** Contradictions that no sum of other evidence outweighs without a person: juniors, siblings and twins share all the rest. */
function contradicts(comparison: Comparison): boolean {
  const { birthOrder, suffix, given, identifier, secret } = comparison;
  if (isOne(identifier) || isOne(secret)) return false;
  return (
    isBornOtherwise(comparison) ||
    given === 'missing' ||
    given === 'different' ||
    birthOrder === 'different' ||
    suffix === 'different'
  );
}

/** The grade of a pair: certain, probable (the score of one person's, with a contradiction), possible, or not. */
export function gradeOf({ bits, comparison }: Scored, { matchFrom, reviewFrom }: Thresholds): Grade {
  if (bits >= matchFrom) return contradicts(comparison) ? 'probable' : 'certain';
  return bits >= reviewFrom ? 'possible' : 'certainly-not';
}

/** Whether a record says too little to be told from others: a name and a birth date, or a number, must be there. */
function isTooLittle({ names, birthDate = '', identifiers, secrets }: Person): boolean {
  if (identifiers.length > 0 || secrets.length > 0) return false;
  return birthDate.length < 'YYYY'.length || !names.some(({ family }) => family !== undefined);
}

/** Judges candidates, the best first; those that are certainly others are left out. */
export function judge<C>(
  scorer: Scorer,
  person: Person,
  candidates: Iterable<readonly [C, Person]>,
  thresholds: Thresholds = THRESHOLDS,
): readonly Judged<C>[] {
  const judged: Judged<C>[] = [];
  for (const [candidate, other] of candidates) {
    const scored = scorer.score(person, other);
    const grade = gradeOf(scored, thresholds);
    if (grade !== 'certainly-not')
      judged.push({ candidate, grade, ...scored, score: probabilityOf(scored.bits) });
  }
  return judged.sort((one, other) => other.bits - one.bits);
}

/**
 * The answer for an incoming person. Several certain candidates are ambiguous unless one is far ahead; two records
 * of one person that are both on file are then found by review as well.
 */
export function decide<C>(
  person: Person,
  judged: readonly Judged<C>[],
  { ahead }: Thresholds = THRESHOLDS,
): Answer<C> {
  const [best, next] = judged;
  if (isTooLittle(person)) return { answer: 'review', reason: 'too-little', candidates: judged };
  if (best === undefined) return { answer: 'no-match' };
  if (best.grade !== 'certain') return { answer: 'review', reason: 'uncertain', candidates: judged };
  if (next !== undefined && next.grade !== 'possible' && best.bits - next.bits < ahead)
    return { answer: 'review', reason: 'ambiguous', candidates: judged };
  return { answer: 'match', match: best };
}
