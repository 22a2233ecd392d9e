/** Query strings: names and values in their order, as `application/x-www-form-urlencoded` writes them. */
import type { QueryPair } from './context.ts';

/** The pairs of a query string, decoded. */
export const pairsOf = (text: string): QueryPair[] => [...new URLSearchParams(text)];

/** A query string of pairs. */
export const queryText = (pairs: readonly QueryPair[]): string =>
  new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString();
