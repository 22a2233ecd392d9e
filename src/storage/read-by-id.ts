/**
 * Reading resources by their ids as far as policy lets it be seen: joined with the reads of others where policy asks
 * for nothing but what comes with the document anyway, and then judged here; else judged by the database.
 */
import type { mongo } from 'mongoose';
import type { Catalog } from '../catalog/index.ts';
import type { Clause } from '../search/clause.ts';
import { holds } from '../search/holds.ts';
import { filterOf } from './find.ts';
import { joinedReads } from './joined-reads.ts';
import type { Stored } from './store.ts';

/** What a write needs and a read does not. */
export const WITHOUT_KEYS = {
  tokens: 0,
  beside: 0,
  index: 0,
  sort: 0,
  blocks: 0,
  secrets: 0,
  secretKeys: 0,
  facts: 0,
} as const;

/** Fields of a document read without its keys. */
const AT_HAND: ReadonlySet<string> = new Set(['_id', 'lastUpdated', 'patients', 'custodians']);

/** Of some resources those that are there and that the filter lets be seen, in no order. */
export type ReadById = (
  filter: readonly Clause[],
  type: string,
  ids: readonly string[],
) => Promise<readonly Stored[]>;

/** Makes the reader of a database. */
export function readerById(db: mongo.Db, catalog: Catalog): ReadById {
  const joined = joinedReads<Stored>(db, WITHOUT_KEYS);
  return async (filter, type, ids) => {
    if (!filter.every(isAtHand)) return readFiltered(db.collection<Stored>(type), filter, ids);
    const found = catalog.has(type) ? await joined(type, ids) : [];
    return found.filter((stored) => filter.every((clause) => holds(clause, stored)));
  };
}

/** A query that takes longer is ended: it would hold up everybody. */
export const LONGEST_QUERY_MS = 15_000;

const readFiltered = (
  collection: mongo.Collection<Stored>,
  filter: readonly Clause[],
  ids: readonly string[],
): Promise<readonly Stored[]> =>
  collection
    .find({ $and: [{ _id: { $in: [...ids] } }, filterOf(filter)] }, { projection: WITHOUT_KEYS })
    .maxTimeMS(LONGEST_QUERY_MS)
    .toArray();

/** Whether a clause can be judged on a document without its keys. */
function isAtHand(clause: Clause): boolean {
  switch (clause.op) {
    case 'none':
    case 'sighted':
      return true;
    case 'not':
      return isAtHand(clause.of);
    case 'and':
    case 'or':
      return clause.of.every(isAtHand);
    case 'after':
      return clause.keys.every(({ field }) => AT_HAND.has(field));
    default:
      return AT_HAND.has(clause.field);
  }
}
