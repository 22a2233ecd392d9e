/**
 * Which master keys a store knows by their marks, so that it is never run with others: what they sealed could not be
 * opened, and what was sealed meanwhile could not be opened afterwards.
 */
import { mongo, type Connection } from 'mongoose';
import { fail } from '../core/failure.ts';
import { databaseOf } from './connect.ts';
import type { KeyMark } from './secrets.ts';

interface Known {
  readonly _id: 'keys';
  readonly marks: Readonly<Record<string, string>>;
}

const DUPLICATE_KEY = 11_000;
const factsOf = (connection: Connection): mongo.Collection<Known> =>
  databaseOf(connection).collection('facts');

/** The keys that a store knows. */
export async function knownKeys(connection: Connection): Promise<readonly KeyMark[]> {
  const known = await factsOf(connection).findOne({ _id: 'keys' });
  return Object.entries(known?.marks ?? {}).map(([name, mark]) => ({ name, mark }));
}

/**
 * Compares the keys of a ring with those that the store knows, and makes its newest one known, which is the one that
 * will seal. Older ones were the newest once, or nothing is sealed with them.
 * @throws Failure `unavailable` where a key that the store knows is missing or another
 */
export async function agreeOnKeys(connection: Connection, ring: readonly KeyMark[]): Promise<void> {
  const known = await knownKeys(connection);
  for (const key of known) if (!ring.some((each) => isSame(each, key))) refuse(key);
  const newest = ring.at(-1);
  if (newest && !known.some((each) => isSame(each, newest))) await makeKnown(connection, newest);
}

/** Whether two marks are of one key. */
export const isSame = (a: KeyMark, b: KeyMark): boolean => a.name === b.name && a.mark === b.mark;

/** Of two servers that come with different keys of one name, the second is refused. */
async function makeKnown(connection: Connection, { name, mark }: KeyMark): Promise<void> {
  const field = `marks.${name}`;
  await factsOf(connection)
    .updateOne({ _id: 'keys', [field]: { $in: [null, mark] } }, { $set: { [field]: mark } }, { upsert: true })
    .catch((error: unknown) => {
      if (error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY) refuse({ name });
      throw error;
    });
}

/** Forgets keys that nothing in the store is sealed with any more. */
export async function forgetKeys(connection: Connection, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const gone = Object.fromEntries(names.map((name) => [`marks.${name}`, ''] as const));
  await factsOf(connection).updateOne({ _id: 'keys' }, { $unset: gone });
}

function refuse({ name }: Pick<KeyMark, 'name'>): never {
  return fail(
    'unavailable',
    `The secrets of this store were sealed with the master key ${name}, and KEYS_DIR does not have it (or another of ` +
      `its name). Put the file master-${name}.key that belongs to this store into KEYS_DIR.`,
  );
}
