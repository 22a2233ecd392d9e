/** Whether a store holds a part of a backup only: a restore marks it first, and takes the mark away last. */
import type { Connection, mongo } from 'mongoose';
import { fail } from '../../core/failure.ts';
import { databaseOf } from '../connect.ts';
import type { Note } from '../store.ts';

const MARK = 'restore';
const factsOf = (connection: Connection): mongo.Collection<Note> =>
  databaseOf(connection).collection('facts');

/** Marks the store as being filled from a backup. */
export async function markUnfinished(connection: Connection, made: string): Promise<void> {
  await factsOf(connection).replaceOne({ _id: MARK }, { made }, { upsert: true });
}

export async function unmarkUnfinished(connection: Connection): Promise<void> {
  await factsOf(connection).deleteOne({ _id: MARK });
}

export const isUnfinished = async (connection: Connection): Promise<boolean> =>
  (await factsOf(connection).findOne({ _id: MARK })) !== null;

/** @throws Failure `unavailable` where a restore was broken off: what is in the store is not all of it */
export async function refuseUnfinished(connection: Connection): Promise<void> {
  if (!(await isUnfinished(connection))) return;
  fail(
    'unavailable',
    'The store holds a part of a backup only: a restore into it was broken off. Restore the backup again, which begins anew.',
  );
}
