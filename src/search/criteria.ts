/** What a query asks of one type: clauses, and hops to the types that chains and `_has` lead to. */
import type { Clause } from './clause.ts';

/** What must hold of the resources of a type; all of it. */
export interface Criteria {
  readonly type: string;
  readonly clauses: readonly Clause[];
  /** Each a list of alternatives, of which one must hold. */
  readonly hops: readonly (readonly Hop[])[];
  /** Whether one of the clauses leads, by an index, to few resources. */
  readonly few: boolean;
  /** Names of the criteria that no index serves. */
  readonly unserved: readonly string[];
}

/** Resources of another type, on which those that are searched must hang. */
export interface Hop {
  /** `to`: what is searched refers to them by the parameter; `from`: they refer by it to what is searched. */
  readonly way: 'to' | 'from';
  /** A reference parameter, of the searched type or of the others'. */
  readonly parameter: string;
  readonly others: Criteria;
}

/** Both sets of criteria, of the same type. */
export const both = (a: Criteria, b: Criteria): Criteria => ({
  type: a.type,
  clauses: [...a.clauses, ...b.clauses],
  hops: [...a.hops, ...b.hops],
  few: a.few || b.few,
  unserved: [...a.unserved, ...b.unserved],
});

/** Nothing is asked of the type. */
export const anyOfType = (type: string): Criteria => ({
  type,
  clauses: [],
  hops: [],
  few: false,
  unserved: [],
});
