/** Weights from data: counted where the truth is known, or by expectation maximization where it is not. */
import { FIELD_NAMES, FIELDS, type Comparison, type Field } from './fields.ts';
import { KIND_NAMES, type Kind, type Probabilities, type Weights } from './weights.ts';

/** Added to every count, so that what was never seen is unlikely and not impossible. */
const UNSEEN = 0.5;

/** Weighted counts of the degrees of each field. */
type Counts = Record<Field, Map<string, number>>;

const noCounts = (): Counts =>
  Object.fromEntries(FIELD_NAMES.map((field) => [field, new Map<string, number>()])) as Counts;

function count(counts: Counts, comparison: Comparison, weight: number): void {
  for (const field of FIELD_NAMES) {
    const of = counts[field];
    of.set(comparison[field], (of.get(comparison[field]) ?? 0) + weight);
  }
}

/** `unnamed` is left out like `missing`: the placeholder weighs nothing. */
const weighing = (field: Field): readonly string[] =>
  FIELDS[field].filter((level) => level !== 'missing' && level !== 'unnamed');

function shares(counts: Counts): Probabilities {
  const ofField = (field: Field): Record<string, number> => {
    const levels = weighing(field).map((level) => [level, (counts[field].get(level) ?? 0) + UNSEEN] as const);
    const total = levels.reduce((sum, [, times]) => sum + times, 0);
    return Object.fromEntries(levels.map(([level, times]) => [level, times / total]));
  };
  return Object.fromEntries(FIELD_NAMES.map((field) => [field, ofField(field)])) as unknown as Probabilities;
}

/** Counts comparisons by kind, where it is known of each pair what it is. */
export interface Tally {
  add(kind: Kind, comparison: Comparison): void;
  /** Probabilities of each kind as counted so far. */
  probabilities(): Weights['kinds'];
}

export function tally(): Tally {
  const counts = Object.fromEntries(KIND_NAMES.map((kind) => [kind, noCounts()])) as Record<Kind, Counts>;
  return {
    add: (kind, comparison) => {
      count(counts[kind], comparison, 1);
    },
    probabilities: () =>
      Object.fromEntries(KIND_NAMES.map((kind) => [kind, shares(counts[kind])])) as Weights['kinds'],
  };
}

/** What expectation maximization starts from and works on. */
export interface Unlabelled {
  /** Comparisons of candidate pairs; of which people is not known. */
  readonly pairs: readonly Comparison[];
  /** Comparisons of pairs drawn at random, hardly ever of one person. */
  readonly random: readonly Comparison[];
  readonly start: Weights;
  readonly rounds?: number;
}

const ROUNDS = 20;

function probabilityIn(of: Probabilities, comparison: Comparison): number {
  return FIELD_NAMES.reduce((product, field) => product * (of[field][comparison[field]] ?? 1), 1);
}

/**
 * Weights for data without known truth: what strangers look like from pairs drawn at random, what one person's
 * records look like from candidate pairs, each counted as far as it is believed to be of one person
 * (A. P. Dempster, N. M. Laird, D. B. Rubin 1977). Relatives and twins stay as in `start`.
 */
export function estimateUnlabelled({ pairs, random, start, rounds = ROUNDS }: Unlabelled): Weights['kinds'] {
  const strangers = noCounts();
  for (const comparison of random) count(strangers, comparison, 1);
  const fixed = shares(strangers);
  let person = start.kinds.person;
  let others = fixed;
  let share = 0.5;
  for (let round = 0; round < rounds; round += 1) {
    const [ofOne, ofTwo] = [noCounts(), noCounts()];
    let believed = 0;
    for (const comparison of pairs) {
      const one = share * probabilityIn(person, comparison);
      const two = (1 - share) * probabilityIn(others, comparison);
      const belief = one / (one + two);
      believed += belief;
      count(ofOne, comparison, belief);
      count(ofTwo, comparison, 1 - belief);
    }
    [person, others, share] = [shares(ofOne), shares(ofTwo), believed / pairs.length];
  }
  return { ...start.kinds, person, strangers: fixed };
}
