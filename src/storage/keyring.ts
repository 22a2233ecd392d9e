/** The master keys of a store: files of 32 random bytes that only the server's own user reads. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Keyring, MasterKey } from './secrets.ts';

const KEY_BYTES = 32;
const FILE = /^master-(\d{4})\.key$/;

/**
 * Reads the keys of a folder, oldest first, and makes the first one where there is none.
 * @throws Error where a key file is not of the right size
 */
export function readKeyring(folder: string): Keyring {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const names = readdirSync(folder)
    .filter((name) => FILE.test(name))
    .sort();
  const [first, ...rest] = names.map((name) => read(folder, name));
  return first === undefined ? [addKey(folder)] : [first, ...rest];
}

/** Adds a newer key, which then makes all new secrets. */
export function addKey(folder: string): MasterKey {
  const numbers = readdirSync(folder).map((name) => Number(FILE.exec(name)?.[1] ?? 0));
  const name = String(Math.max(0, ...numbers) + 1).padStart(4, '0');
  const bytes = randomBytes(KEY_BYTES);
  // Exclusive, so that two servers that start at once on one folder cannot each make a first key.
  writeFileSync(join(folder, `master-${name}.key`), bytes, { mode: 0o600, flag: 'wx' });
  return { name, bytes };
}

function read(folder: string, name: string): MasterKey {
  const bytes = readFileSync(join(folder, name));
  if (bytes.length !== KEY_BYTES) throw new Error(`The key file ${name} does not hold ${KEY_BYTES} bytes`);
  return { name: FILE.exec(name)?.[1] ?? name, bytes };
}
