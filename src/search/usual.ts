/**
 * Values that much of all resources of a type have (that a read was a read, and went well). An index of them leads
 * nowhere and would cost every write its entries: their keys are kept beside the index, and a search by them walks the
 * order that it asks for, where every other resource is a match.
 */
import type { Named } from './asked.ts';
import { allOf, anyOf, type Clause } from './clause.ts';
import { keyOf } from './key.ts';

/** The field of such keys. */
export const BESIDE = 'beside';

const NONE: ReadonlySet<string> = new Set();
const known = new WeakMap<object, ReadonlySet<string>>();

/** Those of a parameter. */
export function usualKeys({ name, parameter }: Pick<Named, 'name' | 'parameter'>): ReadonlySet<string> {
  if (parameter.kind !== 'token' || parameter.usual === undefined) return NONE;
  const before = known.get(parameter);
  if (before !== undefined) return before;
  const keys = new Set(parameter.usual.map((value) => keyOf(name, value)));
  known.set(parameter, keys);
  return keys;
}

/** What a clause on keys means, where some of them are kept beside the index. */
export function besideIndex(clause: Clause, usual: ReadonlySet<string>): Clause {
  if (usual.size === 0) return clause;
  switch (clause.op) {
    case 'in':
      return anyOf(parted(clause, usual));
    case 'not-in':
      return allOf(parted(clause, usual));
    case 'prefix':
      return clause.field === 'tokens' ? anyOf([clause, { ...clause, field: BESIDE }]) : clause;
    case 'not':
      return { ...clause, of: besideIndex(clause.of, usual) };
    case 'and':
    case 'or':
      return { ...clause, of: clause.of.map((each) => besideIndex(each, usual)) };
    default:
      return clause;
  }
}

type OfKeys = Extract<Clause, { op: 'in' | 'not-in' }>;

function parted(clause: OfKeys, usual: ReadonlySet<string>): readonly Clause[] {
  if (clause.field !== 'tokens') return [clause];
  const beside = clause.keys.filter((key) => usual.has(key));
  const indexed = clause.keys.filter((key) => !usual.has(key));
  return [
    ...(indexed.length > 0 ? [{ ...clause, keys: indexed }] : []),
    ...(beside.length > 0 ? [{ ...clause, field: BESIDE, keys: beside }] : []),
  ];
}
