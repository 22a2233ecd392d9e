/**
 * Taking a backup: every collection as it was at one point in time, streamed document by document, so that the size
 * of the store does not matter.
 */
import { mongo, type Connection } from 'mongoose';
import { pipeline, Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import { fail } from '../../core/failure.ts';
import { databaseOf } from '../connect.ts';
import type { IndexKey } from '../indexes.ts';
import { knownKeys } from '../known-keys.ts';
import type { MasterKey } from '../secrets.ts';
import type { ArchiveWriter } from './archive.ts';
import { fileOf, headOf, keyPart, MANIFEST, textOf, type CollectionPart, type Manifest } from './manifest.ts';

export interface Taking {
  readonly connection: Connection;
  readonly archive: ArchiveWriter;
  readonly made: Date;
  /** Whether nobody else writes meanwhile; where others may, the past of one instant is read. */
  readonly isAlone: boolean;
  /** Master keys to put into the backup; none where they are kept elsewhere. */
  readonly keys?: readonly MasterKey[];
  readonly onPart?: (part: CollectionPart) => void;
}

/** Better compression would cost more time than it saves. */
const LEVEL = constants.Z_BEST_SPEED;
const BATCH = 1000;
/** The past of the instant was no longer kept, or collections and indexes changed since. */
const SNAPSHOT_GONE: ReadonlySet<number> = new Set([239, 246]);

/**
 * Writes all of a store into an archive, the manifest last.
 * @throws Failure `unavailable` where MongoDB did not keep the past of the instant as long as it took
 */
export async function take(taking: Taking): Promise<Manifest> {
  const db = databaseOf(taking.connection);
  const session = db.client.startSession({ snapshot: !taking.isAlone });
  try {
    const collections: CollectionPart[] = [];
    for (const name of await namesIn(db)) {
      const part = await takeCollection(taking, db.collection(name), session);
      collections.push(part);
      taking.onPart?.(part);
    }
    return await describe(taking, db, collections);
  } catch (error) {
    return told(error);
  } finally {
    await session.endSession();
  }
}

/** The collections of a store, in a fixed order. */
export async function namesIn(db: mongo.Db): Promise<readonly string[]> {
  const found = await db.listCollections({ type: 'collection' }, { nameOnly: true }).toArray();
  return found
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.'))
    .sort();
}

async function takeCollection(
  { archive }: Taking,
  collection: mongo.Collection,
  session: mongo.ClientSession,
): Promise<CollectionPart> {
  const name = collection.collectionName;
  const file = fileOf(name);
  let documents = 0;
  const cursor = collection.find({}, { session, raw: true, batchSize: BATCH });
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const document of cursor) {
      documents += 1;
      // Of a raw cursor each document is the bytes that it is stored as.
      yield document as unknown as Buffer;
    }
  };
  const facts = await archive.put(file, compressed(counted()));
  const indexes = (await collection.indexes()).map(({ key }) => key as IndexKey);
  return { name, file, documents, ...facts, indexes };
}

function compressed(content: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // Who reads the end of the line is told of every fault on it.
  return pipeline(
    Readable.from(content, { objectMode: false }),
    createGzip({ level: LEVEL }),
    () => undefined,
  );
}

async function describe(
  { connection, archive, made, keys = [] }: Taking,
  db: mongo.Db,
  collections: readonly CollectionPart[],
): Promise<Manifest> {
  for (const { name, bytes } of keys) await archive.put(keyPart(name), only(bytes));
  const manifest: Manifest = {
    ...headOf(made),
    mongodb: String((await db.admin().buildInfo())['version']),
    keys: await knownKeys(connection),
    withKeys: keys.length > 0,
    collections,
  };
  await archive.put(MANIFEST, only(Buffer.from(textOf(manifest))));
  return manifest;
}

async function* only(bytes: Uint8Array): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from(bytes));
}

function told(error: unknown): never {
  if (error instanceof mongo.MongoServerError && SNAPSHOT_GONE.has(Number(error.code))) {
    fail(
      'unavailable',
      'MongoDB did not keep the past of one instant as long as the backup took. Raise its parameter ' +
        'minSnapshotHistoryWindowInSeconds, or stop what changes collections and indexes, and take the backup again.',
    );
  }
  throw error;
}
