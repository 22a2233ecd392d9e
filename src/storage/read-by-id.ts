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

/** Whether a field comes with every document that is read. */
export const isOfAll = (field: string): boolean => AT_HAND.has(field);

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
    if (!filter.every((clause) => isAtHand(clause)))
      return readFiltered(db.collection<Stored>(type), filter, ids);
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

/** Whether a clause can be judged on a document that comes with these fields; what directives leave visible comes always. */
export function isAtHand(clause: Clause, comes: (field: string) => boolean = isOfAll): boolean {
  switch (clause.op) {
    case 'none':
    case 'sighted':
      return true;
    case 'not':
      return isAtHand(clause.of, comes);
    case 'and':
    case 'or':
      return clause.of.every((each) => isAtHand(each, comes));
    case 'after':
      return clause.keys.every(({ field }) => comes(field));
    default:
      return comes(clause.field);
  }
}
