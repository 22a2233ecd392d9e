/**
 * What no longer counts, though its signature does: tokens, grants, clients, accounts. One read answers for all that
 * a token hangs on, and for the requests of the same moment; always the primary, never a timed cache.
 */
import type { Connection } from 'mongoose';
import type { Clock } from '../core/clock.ts';
import { databaseOf } from './connect.ts';
import { joinReads } from './joined-reads.ts';

export interface Revocations {
  /** Whether one of the ids (`jti:…`, `grant:…`, `client:…`, `account:…`) was revoked. */
  readonly hasAny: (ids: readonly string[]) => Promise<boolean>;
  /** Revokes for ever, or until nothing can hang on the id any more. */
  readonly revoke: (id: string, until?: Date) => Promise<void>;
  /** Lets what hangs on the id count again. */
  readonly restore: (id: string) => Promise<void>;
}

interface Revoked {
  readonly _id: string;
  readonly at: Date;
  readonly expiresAt?: Date;
}

const REVOCATIONS = 'revocations';

/** Makes the revocations of a store. */
export function revocationsOf(connection: Connection, now: Clock): Revocations {
  const collection = databaseOf(connection).collection<Revoked>(REVOCATIONS);
  const read = joinReads((ids) =>
    collection.find({ _id: { $in: [...ids] } }, { projection: { _id: 1 } }).toArray(),
  );
  return {
    hasAny: async (ids) => (await Promise.all(ids.map(read))).some((found) => found !== undefined),
    revoke: async (id, until) => {
      const set = { at: now(), ...(until && { expiresAt: until }) };
      await collection.updateOne({ _id: id }, { $set: set }, { upsert: true });
    },
    restore: async (id) => {
      await collection.deleteOne({ _id: id });
    },
  };
}
