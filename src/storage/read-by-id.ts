/**
 * Reading one resource by its id as far as policy lets it be seen: joined with the reads of others where policy asks
 * for nothing but what comes with the document anyway, and then judged here; else judged by the database.
 */
import type { mongo } from 'mongoose';
import type { Catalog } from '../catalog/index.ts';
import type { Clause } from '../search/clause.ts';
import { holds } from '../search/holds.ts';
import { filterOf } from './find.ts';
import { joinReads } from './joined-reads.ts';
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

export type ReadById = (filter: readonly Clause[], type: string, id: string) => Promise<Stored | undefined>;

/** Makes the reader of a database. */
export function readerById(db: mongo.Db, catalog: Catalog): ReadById {
  const joined = new Map([...catalog.keys()].map((type) => [type, joinedIn(db.collection<Stored>(type))]));
  return async (filter, type, id) => {
    if (!filter.every(isAtHand)) return readFiltered(db.collection<Stored>(type), filter, id);
    const stored = await joined.get(type)?.(id);
    return stored !== undefined && filter.every((clause) => holds(clause, stored)) ? stored : undefined;
  };
}

const joinedIn = (collection: mongo.Collection<Stored>): ((id: string) => Promise<Stored | undefined>) =>
  joinReads((ids) => collection.find({ _id: { $in: [...ids] } }, { projection: WITHOUT_KEYS }).toArray());

async function readFiltered(
  collection: mongo.Collection<Stored>,
  filter: readonly Clause[],
  id: string,
): Promise<Stored | undefined> {
  const where = { $and: [{ _id: id }, filterOf(filter)] };
  return (await collection.findOne(where, { projection: WITHOUT_KEYS })) ?? undefined;
}

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
