/** How good answers about pairs are: precision, recall, F1, what is left to review, by threshold and at the best one. */
import type { Grade } from '../../matching/patients.ts';
import { THRESHOLDS } from '../../matching/thresholds.ts';

/** A pair as it was scored. */
export interface ScoredPair {
  readonly bits: number;
  readonly grade: Grade;
  readonly isTrue: boolean;
}

export interface Quality {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** How good the answers are; the figures themselves are of those that need nobody's review. */
export interface Figures extends Quality {
  readonly pairs: number;
  readonly truePairs: number;
  /** Pairs left to a person, for each true pair. */
  readonly reviewRate: number;
  /** Recall with those that a person finds in review. */
  readonly recallWithReview: number;
  /** Were the score alone to decide, contradictions or not. */
  readonly byScore: Quality;
  /** The best that one threshold on the score alone could do, chosen with the truth in hand. */
  readonly best: Quality & { readonly bits: number };
  /** Recall at the lowest threshold that keeps precision at 99.9 %. */
  readonly recallAtPrecision: number;
}

const PRECISION = 0.999;

function quality(answered: number, right: number, truePairs: number): Quality {
  const [precision, recall] = [answered === 0 ? 1 : right / answered, right / truePairs];
  return {
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
  };
}

function byThreshold(
  pairs: readonly ScoredPair[],
  truePairs: number,
): Pick<Figures, 'best' | 'recallAtPrecision'> {
  let best = { ...quality(0, 0, truePairs), bits: Infinity };
  let [recallAtPrecision, right] = [0, 0];
  for (const [at, { bits, isTrue }] of pairs.toSorted((a, b) => b.bits - a.bits).entries()) {
    if (isTrue) right += 1;
    const here = quality(at + 1, right, truePairs);
    if (here.f1 > best.f1) best = { ...here, bits };
    if (here.precision >= PRECISION) recallAtPrecision = here.recall;
  }
  return { best, recallAtPrecision };
}

/** The figures of scored pairs. */
export function figuresOf(pairs: readonly ScoredPair[], truePairs: number): Figures {
  const certain = pairs.filter(({ grade }) => grade === 'certain');
  const review = pairs.filter(({ grade }) => grade === 'probable' || grade === 'possible');
  const high = pairs.filter(({ bits }) => bits >= THRESHOLDS.matchFrom);
  const right = certain.filter(({ isTrue }) => isTrue).length;
  return {
    ...quality(certain.length, right, truePairs),
    pairs: pairs.length,
    truePairs,
    reviewRate: review.length / truePairs,
    recallWithReview: (right + review.filter(({ isTrue }) => isTrue).length) / truePairs,
    byScore: quality(high.length, high.filter(({ isTrue }) => isTrue).length, truePairs),
    ...byThreshold(pairs, truePairs),
  };
}
