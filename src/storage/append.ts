/** Appending records that belong to no other write: what arrives while one group is under way is the next group. */
import type { Connection, mongo } from 'mongoose';
import { databaseOf } from './connect.ts';
import { originalOf } from './faults.ts';

type Row = mongo.Document & { readonly _id: string };

interface Waiting {
  readonly documents: readonly Row[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

const MOST_IN_ONE = 500;

/**
 * Makes an appender to one collection; its promise is kept when a majority has the documents in the journal, and
 * broken for everybody in a group of which one document could not be stored: then it is not known which were.
 */
export function appender(connection: Connection, name: string): (documents: readonly Row[]) => Promise<void> {
  const collection = databaseOf(connection).collection<Row>(name);
  const waiting: Waiting[] = [];
  let running = false;

  const write = async (group: readonly Waiting[]): Promise<void> => {
    const rows = group.flatMap(({ documents }) => [...documents]);
    try {
      await collection.insertMany(rows, { writeConcern: { w: 'majority', journal: true } });
      for (const { done } of group) done();
    } catch (error) {
      const cause = originalOf(error);
      for (const { failed } of group) failed(cause);
    }
  };
  const flush = async (): Promise<void> => {
    if (running) return;
    running = true;
    while (waiting.length > 0) await write(waiting.splice(0, MOST_IN_ONE));
    running = false;
  };
  return (documents) =>
    new Promise((done, failed) => {
      waiting.push({ documents, done, failed });
      // A turn later, so that what arrives in the same turn goes together.
      if (!running) setImmediate(() => void flush());
    });
}
