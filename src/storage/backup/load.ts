/**
 * Filling an empty store from a backup. The store is marked until all is there: a restore that fails takes away what
 * it wrote, and one that is broken off leaves a store that no server starts on.
 */
import { mongo, type Connection } from 'mongoose';
import type { Catalog } from '../../catalog/index.ts';
import { fail } from '../../core/failure.ts';
import { databaseOf } from '../connect.ts';
import { collectionsOf, prepareAll } from '../indexes.ts';
import { SEALED_TEXTS } from '../sealed-places.ts';
import type { ArchiveReader } from './archive.ts';
import type { CollectionPart, Manifest } from './manifest.ts';
import { namesIn } from './take.ts';
import { isUnfinished, markUnfinished, unmarkUnfinished } from './unfinished.ts';
import { documentsOf } from './verify.ts';

export interface Loading {
  readonly connection: Connection;
  readonly catalog: Catalog;
  readonly archive: ArchiveReader;
  readonly manifest: Manifest;
  /** Leaves out what only lost keys would open. */
  readonly withoutSecrets: boolean;
  readonly onPart?: (part: CollectionPart) => void;
}

const DOCUMENTS_IN_ONE = 1000;
const BYTES_IN_ONE = 4 * 1024 * 1024;
const FACTS = 'facts';
/** The last write, which takes the mark away, is acknowledged by a majority and in the journal, and all before it with it. */
const QUICK = new mongo.WriteConcern(1, undefined, false);

/**
 * Refuses a store that has anything in it; what a broken-off restore left is taken away.
 * @throws Failure `in-use`
 */
export async function requireEmpty(connection: Connection): Promise<void> {
  const db = databaseOf(connection);
  if (await isUnfinished(connection)) await empty(db);
  for (const name of await namesIn(db)) {
    if ((await db.collection(name).findOne({}, { projection: { _id: 1 } })) !== null) {
      fail(
        'in-use',
        `The store is not empty (there is something in ${name}); restore into a new DATA_DIR or MONGODB_DATABASE.`,
      );
    }
  }
}

/**
 * Fills an empty store and makes its indexes.
 * @throws Error whatever went wrong, once what was written is gone again
 */
export async function load(loading: Loading): Promise<void> {
  const { connection, catalog, manifest } = loading;
  const db = databaseOf(connection);
  await markUnfinished(connection, manifest.made);
  try {
    for (const part of manifest.collections) {
      await loadCollection(loading, db, part);
      loading.onPart?.(part);
    }
    await prepareAll(connection, collectionsOf(catalog));
    await unmarkUnfinished(connection);
  } catch (error) {
    await empty(db).catch(leftBehind);
    throw error;
  }
}

const leftBehind = (): never =>
  fail(
    'unavailable',
    'The restore failed, and what it had written could not be removed: the store holds a part of the backup only. Restore again, which begins anew.',
  );

/** Collections one by one: not every user of a shared MongoDB may drop a database. The mark goes last. */
async function empty(db: mongo.Db): Promise<void> {
  const names = (await namesIn(db)).filter((name) => name !== FACTS);
  for (const name of [...names, FACTS]) await db.collection(name).drop();
}

async function loadCollection(
  { archive, withoutSecrets }: Loading,
  db: mongo.Db,
  part: CollectionPart,
): Promise<void> {
  if (withoutSecrets && SEALED_TEXTS.has(part.name)) return;
  const collection = db.collection(part.name);
  let batch: mongo.Document[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await collection.insertMany(batch, { ordered: false, writeConcern: QUICK });
    [batch, bytes] = [[], 0];
  };
  for await (const document of documentsOf(archive, part)) {
    // Numbers stay the kinds of numbers that they were.
    const parsed = mongo.BSON.deserialize(document, { promoteValues: false });
    if (withoutSecrets && isKeyFact(part, parsed)) continue;
    batch.push(withoutSecrets ? stripped(parsed) : parsed);
    bytes += document.length;
    if (batch.length >= DOCUMENTS_IN_ONE || bytes >= BYTES_IN_ONE) await flush();
  }
  await flush();
}

/** Which keys the store knew. */
const isKeyFact = ({ name }: CollectionPart, { _id }: mongo.Document): boolean =>
  name === FACTS && _id === 'keys';

/** The asterisks stay in the text; there is nothing behind them any more. */
function stripped({ secrets: _secrets, secretKeys: _secretKeys, ...rest }: mongo.Document): mongo.Document {
  return rest;
}
