/** What a store knows of itself: whether it is a sandbox, whether anybody's records are in it. */
import type { Connection } from 'mongoose';
import { databaseOf } from './connect.ts';
import type { Note } from './store.ts';

export interface SandboxFact {
  readonly seed: number;
  readonly people: number;
  readonly at: Date;
  /** Whether all of it was loaded. */
  readonly complete: boolean;
}

const facts = (connection: Connection) => databaseOf(connection).collection<Note>('facts');

/** Marks a store as a sandbox, for ever: nothing in it is true. */
export async function markSandbox(connection: Connection, fact: SandboxFact): Promise<void> {
  await facts(connection).replaceOne({ _id: 'sandbox' }, { ...fact }, { upsert: true });
}

/** The mark of a sandbox; undefined for a store of real people. */
export async function sandboxOf(connection: Connection): Promise<SandboxFact | undefined> {
  return ((await facts(connection).findOne({ _id: 'sandbox' })) as SandboxFact | null) ?? undefined;
}

/** Whether any patient or organisation is stored. */
export async function hasRecords(connection: Connection): Promise<boolean> {
  const counts = ['Patient', 'Organization'].map((name) =>
    databaseOf(connection)
      .collection(name)
      .findOne({}, { projection: { _id: 1 } }),
  );
  return (await Promise.all(counts)).some((found) => found !== null);
}
