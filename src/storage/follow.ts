/** Reading keys instead of resources: the steps of a chain, and whose record a resource is part of. */
import type { mongo } from 'mongoose';
import type { Facts } from '../consent/visibility.ts';
import { filterOf } from './find.ts';
import type { Follow, Followed, Past, Stored } from './store.ts';
import { pastIds, pastOf } from './write.ts';

const LONGEST_QUERY_MS = 15_000;

/** The tokens that begin so, without that beginning. */
function keysAfter(prefix: string): object {
  const length = Buffer.byteLength(prefix);
  const begins = { $eq: [{ $substrBytes: ['$$token', 0, length] }, { $literal: prefix }] };
  const rest = { $substrBytes: ['$$token', length, -1] };
  return {
    $map: {
      input: { $filter: { input: '$tokens', as: 'token', cond: begins } },
      as: 'token',
      in: rest,
    },
  };
}

/** What matches, with the keys that begin with the prefix; `where` has the clauses of policy too. */
export function followIn(
  collection: mongo.Collection<Stored>,
  { where, prefix, limit }: Follow,
): Promise<Followed[]> {
  const keys = prefix === undefined ? { $literal: [] } : keysAfter(prefix);
  return collection
    .find(filterOf(where), { projection: { _id: 1, keys } })
    .limit(limit)
    .maxTimeMS(LONGEST_QUERY_MS)
    .toArray() as Promise<mongo.Document[]> as Promise<Followed[]>;
}

type Patients = readonly [id: string, patients: readonly string[]];

/** Whose record each resource is part of; of a deleted one, whose it was. */
export async function patientsOf(
  db: mongo.Db,
  type: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const current = await db
    .collection<Stored>(type)
    .find({ _id: { $in: [...ids] } }, { projection: { patients: 1 } })
    .toArray();
  const found = current.map(({ _id, patients }): Patients => [_id, patients]);
  const there = new Set(found.map(([id]) => id));
  const gone = await Promise.all(ids.filter((id) => !there.has(id)).map((id) => lastOf(db, type, id)));
  return new Map([...found, ...gone.flat()]);
}

async function lastOf(db: mongo.Db, type: string, id: string): Promise<readonly Patients[]> {
  const past = await newestPast(db, type, id);
  return past === null ? [] : [[id, past.patients]];
}

const newestPast = (db: mongo.Db, type: string, id: string): Promise<Past | null> =>
  db
    .collection<Past>(pastOf(type))
    .findOne({ _id: pastIds(id) }, { sort: { _id: -1 }, projection: { patients: 1, facts: 1 } });

type Known = readonly [id: string, facts: readonly Facts[]];

/** What decides about the sight of each resource; of a deleted one, what did. */
export async function factsOf(
  db: mongo.Db,
  type: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Facts[]>> {
  const current = await db
    .collection<Stored>(type)
    .find({ _id: { $in: [...ids] } }, { projection: { facts: 1 } })
    .toArray();
  const found = current.map(({ _id, facts = [] }): Known => [_id, facts]);
  const there = new Set(found.map(([id]) => id));
  const gone = await Promise.all(
    ids
      .filter((id) => !there.has(id))
      .map(async (id): Promise<Known> => [id, (await newestPast(db, type, id))?.facts ?? []]),
  );
  return new Map([...found, ...gone]);
}
