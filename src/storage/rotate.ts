/** Rotating master keys: a newer one seals what is new; when nothing is sealed with the older ones any more, those may go. */
import { fail } from '../core/failure.ts';
import { addKey, keysIn } from './keyring.ts';
import { agreeOnKeys, forgetKeys } from './known-keys.ts';
import { countOlder, reseal, type Outcome, type Resealing } from './reseal.ts';
import { secretsOf, type Secrets } from './secrets.ts';

export interface Rotation extends Outcome {
  /** The newest key; `isNew` where this rotation made it. */
  readonly newest: string;
  readonly isNew: boolean;
  /** Names of the keys with which nothing in the store is sealed any more. */
  readonly spent: readonly string[];
}

export interface Rotating extends Omit<Resealing, 'secrets'> {
  readonly folder: string;
  /** Leaves what is stored as it is: servers that run must have the key first. */
  readonly addOnly: boolean;
}

/**
 * Adds a key, or takes up a rotation that was not finished, and seals anew what older keys sealed.
 * @throws Failure `unavailable` where the folder has no keys, or others than those of the store
 */
export async function rotate({ folder, addOnly, ...store }: Rotating): Promise<Rotation> {
  const before = await ringOf(folder, store);
  const isNew = addOnly || (await countOlder({ ...store, secrets: before })) === 0;
  if (isNew) addKey(folder);
  const secrets = isNew ? await ringOf(folder, store) : before;
  const outcome = addOnly ? { done: 0, unopened: 0 } : await reseal({ ...store, secrets });
  const older = secrets.keys.slice(0, -1).map(({ name }) => name);
  const isDone = (await countOlder({ ...store, secrets })) === 0;
  const spent = isDone && !addOnly ? older : [];
  await forgetKeys(store.connection, spent);
  return { ...outcome, newest: secrets.keys.at(-1)?.name ?? '', isNew, spent };
}

async function ringOf(folder: string, { connection }: Pick<Resealing, 'connection'>): Promise<Secrets> {
  const ring = keysIn(folder);
  if (ring === undefined) {
    return fail(
      'unavailable',
      `There are no master keys in ${folder}; a server makes the first one when it starts.`,
    );
  }
  const secrets = secretsOf(ring);
  await agreeOnKeys(connection, secrets.keys);
  return secrets;
}
