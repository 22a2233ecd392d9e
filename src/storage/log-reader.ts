/** Reading the log as it stands in the database: chain by chain, in the order of their records. */
import type { Connection, mongo } from 'mongoose';
import { idsAfter, PLACE, placeOf, type Chained } from './chain.ts';
import { databaseOf } from './connect.ts';

export interface LogReader {
  /** The names of all chains, oldest first. */
  strands(): AsyncIterable<string>;
  /** The records of a chain behind its n-th one, in their order. */
  records(strand: string, after?: number): AsyncIterable<Chained>;
  /** The ids of documents that stand in no chain. */
  strangers(): AsyncIterable<string>;
}

const BATCH = 500;

/** Makes the reader of a collection. */
export function logReader(connection: Connection, name: string): LogReader {
  const collection = databaseOf(connection).collection<Chained>(name);
  return {
    strands: () => strandsIn(collection),
    records: (strand, after = -1) =>
      collection.find({ _id: idsAfter(strand, after) }, { sort: { _id: 1 }, batchSize: BATCH }),
    strangers: async function* () {
      const found = collection.find({ _id: { $not: PLACE } }, { projection: { _id: 1 } });
      for await (const { _id } of found) yield _id;
    },
  };
}

/** From the first record of one chain straight to the first of the next. */
async function* strandsIn(collection: mongo.Collection<Chained>): AsyncIterable<string> {
  for (let after = ''; ;) {
    const next = await collection.findOne(
      { _id: { $gt: after, $regex: PLACE } },
      { sort: { _id: 1 }, projection: { _id: 1 } },
    );
    const place = next === null ? undefined : placeOf(next._id);
    if (place === undefined) return;
    yield place.strand;
    after = idsAfter(place.strand).$lt;
  }
}

/** Removes the records of a chain up to its n-th one. */
export async function removeUpTo(
  connection: Connection,
  name: string,
  { strand, n }: { readonly strand: string; readonly n: number },
): Promise<number> {
  const collection = databaseOf(connection).collection<Chained>(name);
  const { $gt } = idsAfter(strand);
  const { $gt: last } = idsAfter(strand, n);
  return (await collection.deleteMany({ _id: { $gt, $lte: last } })).deletedCount;
}
