/**
 * How likely two records are one person's: the log-likelihood ratio of I. P. Fellegi and A. B. Sunter, "A Theory for
 * Record Linkage" (1969), over kinds of pairs, in bits, with the odds that a register of a size gives beforehand.
 */
import { compare } from './compare.ts';
import { FIELD_NAMES, type Comparison, type Field } from './fields.ts';
import type { Person } from './person.ts';
import { KIND_NAMES, KINDS, type Kind, type Weights } from './weights.ts';

/** Shares of the people of a register who have a folded name: two Nguyens are less telling than two Kealohas. */
export interface NameShares {
  readonly given: ReadonlyMap<string, number>;
  readonly family: ReadonlyMap<string, number>;
}

/** Weights made ready for scoring. */
export interface Scorer {
  /** Bits for (positive) or against (negative) one person. Symmetric. */
  score(one: Person, other: Person): Scored;
}

export interface Scored {
  readonly bits: number;
  readonly comparison: Comparison;
}

/** What the scorer is made for: weights, how many records the register has, and how common names are in it. */
export interface Register {
  readonly weights: Weights;
  readonly records: number;
  readonly names?: NameShares;
}

type Table = ReadonlyMap<string, number>;
type Tables = Readonly<Record<Field, Table>>;

const NEVER = -1000;

/** A newborn without a name can only be told from others by the rest: the placeholder itself weighs nothing. */
function namedAs(kind: Kind, level: string): number {
  if (kind === 'person') return level === 'unnamed' ? NEVER : 0;
  return kind === 'newborn' && level !== 'unnamed' ? NEVER : 0;
}

function tablesOf(weights: Weights, kind: Kind): Tables {
  const ofField = (field: Field): Table =>
    new Map(Object.entries(weights.kinds[kind][field]).map(([level, share]) => [level, Math.log2(share)]));
  return Object.fromEntries(FIELD_NAMES.map((field) => [field, ofField(field)])) as Record<Field, Table>;
}

function bitsOf(tables: Tables, comparison: Comparison): number {
  let bits = 0;
  for (const field of FIELD_NAMES) bits += tables[field].get(comparison[field]) ?? 0;
  return bits;
}

/** log2 of a sum of powers of two. */
function together(bits: readonly number[]): number {
  const most = Math.max(...bits);
  return most + Math.log2(bits.reduce((sum, each) => sum + 2 ** (each - most), 0));
}

/** Names of which a register has fewer are taken to be had by so many. */
const RARE = 2;

const firstOf = (person: Person, part: 'given' | 'family'): string | undefined => person.names[0]?.[part];

/** Bits by which a name that both have is likelier, or less likely, to be shared by strangers than names are on average. */
function commonness({ names, records }: Register, one: Person, other: Person, strangers: Tables): number {
  if (names === undefined) return 0;
  return (['given', 'family'] as const).reduce((bits, part) => {
    const name = firstOf(one, part);
    if (name === undefined || name !== firstOf(other, part)) return bits;
    const share = Math.max(names[part].get(name) ?? 0, RARE / records);
    return bits + Math.log2(share) - (strangers[part].get('same') ?? 0);
  }, 0);
}

/** How common names are among people; those of a register are counted now and then, not at each match. */
export function sharesOf(people: readonly Person[]): NameShares {
  const count = (part: 'given' | 'family'): ReadonlyMap<string, number> => {
    const shares = new Map<string, number>();
    for (const person of people) {
      const name = firstOf(person, part);
      if (name !== undefined) shares.set(name, (shares.get(name) ?? 0) + 1 / people.length);
    }
    return shares;
  };
  return { given: count('given'), family: count('family') };
}

/** Makes weights ready for a register. */
export function scorerOf(register: Register): Scorer {
  const { weights, records } = register;
  const expected: Readonly<Record<Kind, number>> = { ...weights.expected, strangers: Math.max(1, records) };
  const kinds = KIND_NAMES.map((kind) => ({
    kind,
    prior: Math.log2(expected[kind]),
    tables: tablesOf(weights, kind),
  }));
  const strangers = tablesOf(weights, 'strangers');
  return {
    score: (one, other) => {
      const comparison = compare(one, other);
      const common = commonness(register, one, other, strangers);
      const of = (wanted: boolean): number =>
        together(
          kinds
            .filter(({ kind }) => KINDS[kind] === wanted)
            .map(
              ({ kind, prior, tables }) =>
                prior +
                namedAs(kind, comparison.given) +
                bitsOf(tables, comparison) +
                (kind === 'strangers' ? common : 0),
            ),
        );
      return { bits: of(true) - of(false), comparison };
    },
  };
}

/** The probability that so many bits stand for, from 0 to 1: what `$match` gives as the score of an entry. */
export const probabilityOf = (bits: number): number => 1 / (1 + 2 ** -bits);
