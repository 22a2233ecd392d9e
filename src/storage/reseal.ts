/**
 * Sealing anew, under the newest master key, what older ones sealed. What is done is seen in what is stored (every
 * seal names its key), so that it can be broken off and taken up again; versions and times stay as they are.
 */
import type { Connection, mongo } from 'mongoose';
import type { Catalog } from '../catalog/index.ts';
import { databaseOf } from './connect.ts';
import { resealed } from './mask.ts';
import { collectionsWithSecrets, SEALED_TEXTS } from './sealed-places.ts';
import { sealingOf, type Secrets } from './secrets.ts';
import type { Sealed } from './store.ts';

interface WithSecrets {
  readonly _id: string;
  readonly version: number;
  readonly secrets: readonly Sealed[];
}
interface WithSeal {
  readonly _id: string;
  readonly sealed: string;
}

export interface Resealing {
  readonly connection: Connection;
  readonly catalog: Catalog;
  readonly secrets: Secrets;
}

/** What came of it. */
export interface Outcome {
  /** Documents that were sealed anew. */
  readonly done: number;
  /** Documents that no key of the ring opens: damaged, or sealed with a key that is not there. */
  readonly unopened: number;
}

const BATCH = 500;

/** How many documents are still sealed with another key than the newest. */
export async function countOlder({ connection, catalog, secrets }: Resealing): Promise<number> {
  const db = databaseOf(connection);
  const older = { 'secrets.key': { $in: olderNames(secrets) } };
  const names = await namesWith(db, collectionsWithSecrets(catalog));
  const counts = await Promise.all(names.map((name) => db.collection(name).countDocuments(older)));
  const texts = await Promise.all(
    [...SEALED_TEXTS.keys()].map((name) =>
      db.collection<WithSeal>(name).countDocuments(sealedBefore(secrets)),
    ),
  );
  return [...counts, ...texts].reduce((sum, count) => sum + count, 0);
}

/** Only what an index can be asked for: a key that is in no ring is found when it cannot be opened. */
const olderNames = ({ keys }: Secrets): string[] => keys.slice(0, -1).map(({ name }) => name);
/** Texts that do not begin with the newest key's name: no index serves it, a rotation reads them all. */
const sealedBefore = ({ keys }: Secrets): mongo.Filter<WithSeal> => ({
  sealed: { $not: new RegExp(`^${(keys.at(-1)?.name ?? '').replace(/\W/g, '\\$&')}\\.`) },
});

async function namesWith(db: mongo.Db, wanted: readonly string[]): Promise<readonly string[]> {
  const there = new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name));
  return wanted.filter((name) => there.has(name));
}

/** Seals anew all there is. */
export async function reseal({ connection, catalog, secrets }: Resealing): Promise<Outcome> {
  const db = databaseOf(connection);
  const outcomes: Outcome[] = [];
  for (const name of SEALED_TEXTS.keys()) outcomes.push(await resealTexts(db, name, secrets));
  for (const name of await namesWith(db, collectionsWithSecrets(catalog))) {
    outcomes.push(await resealCollection(db.collection<WithSecrets>(name), secrets));
  }
  const sum = (of: keyof Outcome): number => outcomes.reduce((total, each) => total + each[of], 0);
  return { done: sum('done'), unopened: sum('unopened') };
}

async function resealCollection(
  collection: mongo.Collection<WithSecrets>,
  secrets: Secrets,
): Promise<Outcome> {
  const cursor = collection
    .find({ 'secrets.key': { $in: olderNames(secrets) } })
    .project<WithSecrets>({ version: 1, secrets: 1 })
    .batchSize(BATCH);
  let [done, unopened] = [0, 0];
  let batch: mongo.AnyBulkWriteOperation<WithSecrets>[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length > 0) done += (await collection.bulkWrite(batch, { ordered: false })).matchedCount;
    batch = [];
  };
  for await (const document of cursor) {
    const update = updateOf(document, secrets);
    if (update === undefined) unopened += 1;
    else batch.push(update);
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  return { done, unopened };
}

/** A version that came meanwhile was sealed by whoever wrote it. */
function updateOf(
  { _id, version, secrets: old }: WithSecrets,
  secrets: Secrets,
): mongo.AnyBulkWriteOperation<WithSecrets> | undefined {
  const anew = attempt(() => resealed(secrets, old));
  return anew && { updateOne: { filter: { _id, version }, update: { $set: anew } } };
}

async function resealTexts(db: mongo.Db, name: string, secrets: Secrets): Promise<Outcome> {
  const { seal, open } = sealingOf(secrets, SEALED_TEXTS.get(name) ?? '');
  const collection = db.collection<WithSeal>(name);
  // There may be millions of messages: no more of them is held than a batch.
  const older = collection.find(sealedBefore(secrets)).project<WithSeal>({ sealed: 1 }).batchSize(BATCH);
  let [done, unopened] = [0, 0];
  for await (const { _id, sealed } of older) {
    const anew = attempt(() => seal(open(sealed)));
    if (anew === undefined) unopened += 1;
    else done += (await collection.updateOne({ _id, sealed }, { $set: { sealed: anew } })).matchedCount;
  }
  return { done, unopened };
}

/** Undefined for what no key of the ring opens. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
