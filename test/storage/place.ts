/** What the tests of storage stand on: a store on a database of its own, and documents to put into it. */
import type { Connection, mongo } from 'mongoose';
import { catalog } from '../../src/catalog/index.ts';
import type { Ask } from '../../src/core/context.ts';
import { decide, type Grant } from '../../src/policy/decide.ts';
import { nothingKnown } from '../../src/policy/known.ts';
import { linkerOf } from '../../src/storage/chain.ts';
import { connect, databaseOf } from '../../src/storage/connect.ts';
import { prepareCollections } from '../../src/storage/indexes.ts';
import { mongoStore } from '../../src/storage/mongo-store.ts';
import type { Store, Stored } from '../../src/storage/store.ts';
import { strandsOf, type Strands } from '../../src/storage/strands.ts';
import { emptyDatabase, newDatabase, type Database } from '../world/database.ts';

export interface Place {
  readonly connection: Connection;
  readonly db: mongo.Db;
  readonly store: Store;
  readonly end: () => Promise<void>;
}

const PLACE = process.env['TEST_MONGODB_URI'] ?? '';

async function open({ name, leave }: Database, uri: string): Promise<Place> {
  const connection = await connect(uri, name);
  const end = async (): Promise<void> => {
    await connection.close();
    await leave();
  };
  return { connection, db: databaseOf(connection), store: mongoStore(connection, catalog), end };
}

/** A store on a database of its own that has nothing yet, not even collections. */
export const bare = (uri = PLACE): Promise<Place> => open(newDatabase(uri), uri);

/** A store on an empty database of its own. */
export async function place(uri = PLACE): Promise<Place> {
  const made = await open(await emptyDatabase(uri), uri);
  await prepareCollections(made.connection, catalog);
  return made;
}

/** A place whose connection tells of every command that it sends (see sentBy). */
export function watchedPlace(): Promise<Place> {
  const uri = process.env['TEST_MONGODB_URI'] ?? '';
  return place(`${uri}${uri.includes('?') ? '&' : '/?'}monitorCommands=true`);
}

/** How many commands of a name a watched place sends while the work is done; what others send does not count. */
export async function sentBy(
  { connection }: Place,
  command: string,
  work: () => Promise<unknown>,
): Promise<number> {
  let count = 0;
  const hear = ({ commandName }: mongo.CommandStartedEvent): void => {
    if (commandName === command) count += 1;
  };
  const client = connection.getClient().on('commandStarted', hear);
  await work();
  client.off('commandStarted', hear);
  return count;
}

export const ASK: Ask = {
  interaction: 'read',
  actor: { client: 'test', role: 'developer', purpose: 'TREAT' },
  requestId: 'test',
  door: 'command',
  query: [],
  queryInUrl: false,
  conditions: {},
  prefer: {},
};
/** Leave to see everything. */
export const grant: Grant = decide([() => ({})], ASK, nothingKnown('2026-11-22'));

/** Chains that say nothing of their beginnings and ends. */
export const plainStrands = (): Strands =>
  strandsOf({
    link: linkerOf(Buffer.alloc(32, 7)),
    now: () => NOON,
    first: () => () => [],
    last: () => () => [],
  });

export const NOON = new Date('2026-11-22T12:00:00.000Z');

/** A document as it would be stored, with nothing that it could be found by but its id. */
export function stored(_id: string, version = 1, more: Partial<Stored> = {}): Stored {
  const json = `{"resourceType":"Basic","id":"${_id}","meta":{"versionId":"${version}"}}`;
  return {
    ...{
      _id,
      version,
      lastUpdated: NOON,
      json,
      tokens: [],
      index: {},
      sort: {},
      patients: [],
      custodians: [],
    },
    ...more,
  };
}
