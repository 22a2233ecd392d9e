/** The checkpoints of the log, in their collection; a number is taken once. */
import type { Connection } from 'mongoose';
import { databaseOf } from './connect.ts';

export const CHECKPOINTS = 'audit_checkpoints';

interface Numbered {
  readonly number: number;
}
type Row<T> = T & { readonly _id: number };

export interface Series<T extends Numbered> {
  /** In the order of their numbers. */
  readonly all: () => Promise<readonly T[]>;
  /** @throws where the number is taken */
  readonly add: (one: T) => Promise<void>;
}

/** The checkpoints of a store. */
export function checkpointsOf<T extends Numbered>(connection: Connection): Series<T> {
  const collection = databaseOf(connection).collection<{ readonly _id: number }>(CHECKPOINTS);
  return {
    all: async () =>
      (await collection.find().sort({ _id: 1 }).toArray()).map((row) => {
        const { _id, ...one } = row as Row<T>;
        return { ...one, number: _id } as unknown as T;
      }),
    add: async ({ number, ...one }) => {
      await collection.insertOne({ _id: number, ...one });
    },
  };
}
