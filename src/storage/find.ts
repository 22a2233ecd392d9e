/** A search as MongoDB is asked: filter, order and the fields that an answer needs. */
import type { mongo } from 'mongoose';
import type { Clause } from '../search/clause.ts';
import { compile, type Filter } from '../search/compile.ts';
import type { Find, Stored } from './store.ts';

/** The filter that finds what all clauses are true of. */
export const filterOf = (where: readonly Clause[]): Filter => compile({ op: 'and', of: where });

/** What an answer needs of a document. */
export const OF_ANSWERS = {
  ...{ json: 1, version: 1, lastUpdated: 1, patients: 1, custodians: 1, secretKeys: 1, replacedBy: 1 },
  ...{ statuses: 1, seam: 1, judged: 1, 'facts.codes': 1, 'facts.day': 1 },
} as const;

/** The cursor of a search; `find.where` has the clauses of policy too. */
export function cursorOf(
  collection: mongo.Collection<Stored>,
  { where, order, limit }: Find,
): mongo.FindCursor<Stored> {
  const sorted = order
    .filter(({ field }) => field.startsWith('sort.'))
    .map(({ field }): [string, 1] => [field, 1]);
  return collection
    .find(filterOf(where), {
      projection: { ...OF_ANSWERS, ...Object.fromEntries(sorted) },
    })
    .sort(Object.fromEntries(order.map(({ field, descending }) => [field, descending ? -1 : 1])))
    .limit(limit);
}
