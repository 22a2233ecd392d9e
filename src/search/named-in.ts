/** Whom a search is about, as far as its clauses say so. */
import type { Clause } from './clause.ts';

/** Ids that every match has one of under a field; undefined where the clauses leave it open. */
export function namedIn(where: readonly Clause[], field: string): readonly string[] | undefined {
  for (const clause of where) {
    const keys = keysIn(clause, field);
    if (keys !== undefined) return keys;
  }
  return undefined;
}

function keysIn(clause: Clause, field: string): readonly string[] | undefined {
  if (clause.op === 'in') return clause.field === field ? clause.keys : undefined;
  if (clause.op === 'and') return namedIn(clause.of, field);
  return clause.op === 'none' ? [] : undefined;
}
