/**
 * What the score is computed from: how often each degree of likeness is seen among pairs of one person and of two.
 * There are kinds of pairs (people of one household, twins) within which the fields can be taken as independent, as
 * Fellegi and Sunter's model asks, where over all pairs they cannot.
 */
import { readFileSync } from 'node:fs';
import { fail } from '../core/failure.ts';
import { FIELD_NAMES, FIELDS, type Field } from './fields.ts';
import { THRESHOLDS, type Thresholds } from './thresholds.ts';

/** Probabilities of the degrees of each field, the last (`missing`) left out; they add up to one a field. */
export type Probabilities = Readonly<Record<Field, Readonly<Record<string, number>>>>;

/** Kinds of pairs: of the same person (a newborn without a name apart), and of two people. */
export const KINDS = {
  person: true,
  newborn: true,
  strangers: false,
  relatives: false,
  twins: false,
} as const satisfies Record<string, boolean>;
export type Kind = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as readonly Kind[];

export interface Weights {
  /** Where the numbers come from. */
  readonly about: Readonly<Record<string, string>>;
  /** Records of each kind that a record has on average in a register; strangers: all the others. */
  readonly expected: Readonly<Record<Exclude<Kind, 'strangers'>, number>>;
  readonly kinds: Readonly<Record<Kind, Probabilities>>;
  /** Limits to go with them, where the shipped ones do not. */
  readonly thresholds?: Partial<Thresholds>;
}

/** What a register tells people apart by. */
export interface Matching {
  readonly weights: Weights;
  readonly thresholds: Thresholds;
}

const SHIPPED = new URL('weights.json', import.meta.url);
const SLACK = 0.01;

function checkField(weights: Weights, kind: Kind, field: Field): void {
  const levels = Object.entries(weights.kinds[kind][field]);
  const known: readonly string[] = FIELDS[field];
  const sum = levels.reduce((total, [, probability]) => total + probability, 0);
  if (
    !levels.every(([level, probability]) => known.includes(level) && probability > 0) ||
    Math.abs(sum - 1) > SLACK
  )
    fail('invalid', `Matching weights: ${kind}.${field} must have positive probabilities that add up to 1`);
}

/** Reads weights from a file; those shipped where none is named. Throws a Failure for weights that cannot be used. */
export function readWeights(file: string | URL = SHIPPED): Weights {
  const weights = JSON.parse(readFileSync(file, 'utf8')) as Weights;
  for (const kind of KIND_NAMES) for (const field of FIELD_NAMES) checkField(weights, kind, field);
  return weights;
}

/** The weights and limits of a file (limits that it does not name are the shipped ones); those shipped where none is named. */
export function readMatching(file?: string): Matching {
  const weights = readWeights(file);
  return { weights, thresholds: { ...THRESHOLDS, ...weights.thresholds } };
}
