/**
 * The databases of worlds, used again: making collections and indexes costs MongoDB more than most tests do, and each
 * is a file that it keeps open. A worker of jest runs one file after another, so that a name by worker and by how many
 * worlds are open at once is one world's at a time.
 */
import { randomUUID } from 'node:crypto';
import { mongo } from 'mongoose';

/** One run of jest, by its process: global-teardown.ts drops what it leaves. */
export const RUN_VARIABLE = 'TEST_RUN';
const prefixOf = (run: string): string => `test_${run}_`;

export interface Database {
  readonly name: string;
  /** Lets another world have it. */
  readonly leave: () => Promise<void>;
}

const taken = new Set<number>();

function freeSlot(): number {
  for (let slot = 0; ; slot += 1) if (!taken.has(slot)) return slot;
}

const PLACE = process.env['TEST_MONGODB_URI'] ?? '';

/** Acts with a client of its own. */
async function withClient<T>(uri: string, act: (client: mongo.MongoClient) => Promise<T>): Promise<T> {
  const client = new mongo.MongoClient(uri);
  try {
    return await act(client);
  } finally {
    await client.close();
  }
}

/** An empty database; its collections and indexes may be there already. */
export async function emptyDatabase(uri = PLACE): Promise<Database> {
  const { [RUN_VARIABLE]: run = '', JEST_WORKER_ID: worker = '1' } = process.env;
  const slot = freeSlot();
  taken.add(slot);
  const name = `${prefixOf(run)}${worker}_${slot}`;
  await withClient(uri, (client) => empty(client.db(name)));
  return {
    name,
    leave: () => {
      taken.delete(slot);
      return Promise.resolve();
    },
  };
}

async function empty(db: mongo.Db): Promise<void> {
  const collections = await db.listCollections({}, { nameOnly: true }).toArray();
  await Promise.all(
    collections.map(({ name }) => db.collection(name).deleteMany({}, { writeConcern: { w: 1 } })),
  );
}

/** Drops the databases that the worlds of a run had. */
export async function dropRun(run: string): Promise<void> {
  await withClient(PLACE, async (client) => {
    const { databases } = await client.db().admin().listDatabases({ nameOnly: true });
    const left = databases.map(({ name }) => name).filter((name) => name.startsWith(prefixOf(run)));
    await Promise.all(left.map((name) => client.db(name).dropDatabase()));
  });
}

/** A database that was never there and will never be again, for tests of collections and indexes themselves. */
export function newDatabase(uri = PLACE): Database {
  const name = `test_${randomUUID().replaceAll('-', '').slice(0, 20)}`;
  return {
    name,
    leave: () =>
      withClient(uri, async (client) => {
        await client.db(name).dropDatabase();
      }),
  };
}
