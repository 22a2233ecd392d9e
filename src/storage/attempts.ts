/**
 * How often a secret may be tried, on all nodes together: after ten tries that failed a place rests for a quarter of an
 * hour. A try is counted before it is judged, so that many at once are no more than ten.
 */
import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { Clock } from '../core/clock.ts';
import { databaseOf } from './connect.ts';

export interface Attempts {
  /** Counts a try at a place; false where there were too many. */
  readonly mayTry: (place: string) => Promise<boolean>;
  /** Forgets the tries. */
  readonly succeeded: (place: string) => Promise<void>;
}

interface Tried {
  readonly _id: string;
  readonly count: number;
  readonly expiresAt: Date;
}

export const ATTEMPTS = 'attempts';
const MOST = 10;
const REST_MS = 900_000;

/** Whatever is sent as an account's name, its place is as long as any other. */
const keyOf = (place: string): string => createHash('sha256').update(place).digest('base64url');

/** Makes the attempts of a store. */
export function attemptsOf(connection: Connection, now: Clock): Attempts {
  const collection = databaseOf(connection).collection<Tried>(ATTEMPTS);
  return {
    mayTry: async (place) => {
      const time = now();
      const isOver = { $lte: [{ $ifNull: ['$expiresAt', time] }, time] };
      const tried = await collection.findOneAndUpdate(
        { _id: keyOf(place) },
        [
          {
            $set: {
              count: { $cond: [isOver, 1, { $add: ['$count', 1] }] },
              expiresAt: { $cond: [isOver, new Date(time.getTime() + REST_MS), '$expiresAt'] },
            },
          },
        ],
        { upsert: true, returnDocument: 'after' },
      );
      return (tried?.count ?? 1) <= MOST;
    },
    succeeded: async (place) => {
      await collection.deleteOne({ _id: keyOf(place) });
    },
  };
}
