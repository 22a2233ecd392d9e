/** Weights from data: counted where the truth is known, or by expectation maximization where it is not. */
import { FIELD_NAMES, FIELDS, type Comparison, type Field } from './fields.ts';
import { KIND_NAMES, KINDS, type Kind, type Probabilities, type Weights } from './weights.ts';

/** Added to every count, so that what was never seen is unlikely and not impossible. */
const UNSEEN = 0.5;

/**
 * Numbers of one person are hardly ever seen twice under one system where people are numbered by machine, as in data
 * that are made for a purpose. Of a real sender's patients one in ten is taken to have a second number by mistake.
 */
const NUMBERED_TWICE: Readonly<Record<string, number>> = { same: 9, clash: 1 };

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

function shares(counts: Counts, isOne = false): Probabilities {
  const ofField = (field: Field): Record<string, number> => {
    const unseen = (level: string): number =>
      isOne && field === 'identifier' ? (NUMBERED_TWICE[level] ?? UNSEEN) : UNSEEN;
    const levels = weighing(field).map(
      (level) => [level, (counts[field].get(level) ?? 0) + unseen(level)] as const,
    );
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
      Object.fromEntries(
        KIND_NAMES.map((kind) => [kind, shares(counts[kind], KINDS[kind])]),
      ) as Weights['kinds'],
  };
}

/** What expectation maximization starts from and works on. */
export interface Unlabelled {
  /** Comparisons of candidate pairs; of which people is not known. */
  readonly pairs: readonly Comparison[];
  /** Comparisons of pairs drawn at random, hardly ever of one person. */
  readonly random: readonly Comparison[];
  /** How many records the pairs are of. */
  readonly records: number;
  readonly start: Weights;
}

const ROUNDS = 20;

function probabilityIn(of: Probabilities, comparison: Comparison): number {
  return FIELD_NAMES.reduce((product, field) => product * (of[field][comparison[field]] ?? 1), 1);
}

type Shares = Readonly<Record<Kind, number>>;

/** Newborns without a name are not looked for: what they look like stays as it was. */
const LOOKED_FOR = KIND_NAMES.filter((kind) => kind !== 'newborn');

/** One round: how many pairs are believed to be of each kind, and what those of one person look like. */
function believe(
  pairs: readonly Comparison[],
  kinds: Weights['kinds'],
  before: Shares,
): readonly [Shares, Probabilities] {
  const sums = Object.fromEntries(KIND_NAMES.map((kind) => [kind, 0])) as Record<Kind, number>;
  const ofOne = noCounts();
  for (const comparison of pairs) {
    const likely = LOOKED_FOR.map(
      (kind) => [kind, before[kind] * probabilityIn(kinds[kind], comparison)] as const,
    );
    const total = likely.reduce((sum, [, each]) => sum + each, 0);
    for (const [kind, each] of likely) sums[kind] += each / total;
    count(ofOne, comparison, (likely.find(([kind]) => kind === 'person')?.[1] ?? 0) / total);
  }
  for (const kind of LOOKED_FOR) sums[kind] = Math.max(sums[kind], UNSEEN);
  return [sums, shares(ofOne, true)];
}

/**
 * Weights for data without known truth: what strangers look like from pairs drawn at random, what one person's
 * records look like from candidate pairs, each counted as far as it is believed to be of one person
 * (A. P. Dempster, N. M. Laird, D. B. Rubin 1977). What relatives and twins look like stays as in `start`; how many
 * there are is estimated.
 */
export function estimateUnlabelled({ pairs, random, records, start }: Unlabelled): Weights {
  const strangers = noCounts();
  for (const comparison of random) count(strangers, comparison, 1);
  let kinds: Weights['kinds'] = { ...start.kinds, strangers: shares(strangers) };
  let seen: Shares = { person: 1, newborn: 0, strangers: 1, relatives: 0.1, twins: 0.01 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const [sums, person] = believe(pairs, kinds, seen);
    kinds = { ...kinds, person };
    seen = sums;
  }
  const each = (kind: Kind): number => (2 * seen[kind]) / records;
  const person = each('person');
  return {
    about: { origin: 'estimated from records whose truth is not known' },
    expected: { person, newborn: person, relatives: each('relatives'), twins: each('twins') },
    kinds,
  };
}
