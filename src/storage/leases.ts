/** Leases: work that is due now and then, and is done by one process of all those that could. */
import { mongo, type Connection } from 'mongoose';
import { databaseOf } from './connect.ts';

interface Lease {
  readonly _id: string;
  /** Until when one process has the work to itself. */
  readonly until: Date;
  /** When it was done last. */
  readonly doneAt: Date;
}

export interface Leases {
  /** Takes the work if nobody has it and it was not done since; says whether it is ours now. */
  readonly take: (name: string, times: { now: Date; until: Date; dueSince: Date }) => Promise<boolean>;
  /** Gives the work back, done. */
  readonly done: (name: string, now: Date) => Promise<void>;
}

const NEVER = new Date(0);
const DUPLICATE_KEY = 11_000;

/** The leases of a store. */
export function leasesOf(connection: Connection): Leases {
  const collection = databaseOf(connection).collection<Lease>('leases');
  return {
    take: async (name, { now, until, dueSince }) => {
      const free = { _id: name, until: { $lte: now }, doneAt: { $lte: dueSince } };
      const { modifiedCount, upsertedCount } = await collection
        .updateOne(free, { $set: { until }, $setOnInsert: { doneAt: NEVER } }, { upsert: true })
        .catch(otherHasIt);
      return modifiedCount + upsertedCount > 0;
    },
    done: async (name, now) => {
      await collection.updateOne({ _id: name }, { $set: { until: NEVER, doneAt: now } });
    },
  };
}

/** The lease is there and not free, so that it could not be made. */
function otherHasIt(error: unknown): { modifiedCount: number; upsertedCount: number } {
  if (error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY)
    return { modifiedCount: 0, upsertedCount: 0 };
  throw error;
}
