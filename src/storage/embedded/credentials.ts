/**
 * The secrets of the embedded MongoDB: the key its members prove themselves with (the server itself, when it
 * sets the replica set up) and the password of the one user there is. Made here, told to nobody.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readPrivate, writePrivate } from './private-files.ts';

export const USER = 'fhir-iis';
/** MongoDB takes 6 to 1024 characters of the base64 set; multiples of three bytes need no padding. */
const KEY_BYTES = 96;
const PASSWORD_BYTES = 33;

export interface Credentials {
  readonly key: string;
  readonly keyFile: string;
  readonly password: string;
  /** Whether MongoDB has yet to be told the password. */
  readonly isNew: boolean;
  /** Keeps the password. To be called when MongoDB has it, so that a password that is kept is always the right one. */
  readonly keepPassword: () => Promise<void>;
}

/** Reads the secrets of an earlier run, and makes what is missing. */
export async function credentialsIn(dir: string): Promise<Credentials> {
  const keyFile = join(dir, 'keyfile');
  const passwordFile = join(dir, 'password');
  const key = (await readPrivate(keyFile)) ?? randomBytes(KEY_BYTES).toString('base64');
  await writePrivate(keyFile, key);
  const kept = await readPrivate(passwordFile);
  const password = kept ?? randomBytes(PASSWORD_BYTES).toString('base64url');
  const keepPassword = (): Promise<void> => writePrivate(passwordFile, password);
  return { key, keyFile, password, isNew: kept === undefined, keepPassword };
}
