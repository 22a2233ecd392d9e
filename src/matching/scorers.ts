/** Scorers for registers of all sizes, made once each: the odds beforehand change with the order of size only. */
import { scorerOf, type Scorer } from './score.ts';
import type { Weights } from './weights.ts';

/** A register that has just been opened is taken to be as large as those that the weights were counted on. */
const LEAST = 16_384;

const made = new WeakMap<Weights, Map<number, Scorer>>();

/** The scorer for a register of about so many records. */
export function scorerFor(weights: Weights, records: number): Scorer {
  const size = 2 ** Math.round(Math.log2(Math.max(LEAST, records)));
  const known = made.get(weights) ?? new Map<number, Scorer>();
  made.set(weights, known);
  const scorer = known.get(size) ?? scorerOf({ weights, records: size });
  known.set(size, scorer);
  return scorer;
}
