/** The master keys of a store: files of 32 random bytes that only the server's own user reads. */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { fail } from '../core/failure.ts';
import type { Keyring, MasterKey } from './secrets.ts';

const KEY_BYTES = 32;
const FILE = /^master-(\d{4})\.key$/;
const PRIVATE = 0o600;

/** The name of a key's file. */
export const keyFile = (name: string): string => `master-${name}.key`;

/**
 * Reads the keys of a folder, oldest first, and makes the first one where there is none.
 * @throws Failure `unavailable` where a key file is not of the right size
 */
export function readKeyring(folder: string): Keyring {
  const there = keysIn(folder);
  if (there !== undefined) return there;
  const made = addKey(folder);
  return keysIn(folder) ?? [made];
}

/** The keys of a folder, oldest first; undefined where it has none. */
export function keysIn(folder: string): Keyring | undefined {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const names = readdirSync(folder)
    .filter((file) => FILE.test(file))
    .sort();
  const [first, ...rest] = names.map((file) => read(folder, file));
  return first === undefined ? undefined : [first, ...rest];
}

/** Adds a newer key, which then makes all new secrets; of two servers that add one at once, both get the same. */
export function addKey(folder: string): MasterKey {
  const numbers = readdirSync(folder).map((file) => Number(FILE.exec(file)?.[1] ?? 0));
  const name = String(Math.max(0, ...numbers) + 1).padStart(4, '0');
  putKey(folder, { name, bytes: randomBytes(KEY_BYTES) });
  return read(folder, keyFile(name));
}

/** Puts a key into a folder; where there is one of its name, that one stays. The file is whole or not there at all. */
export function putKey(folder: string, { name, bytes }: MasterKey): void {
  const file = join(folder, keyFile(name));
  const partial = `${file}.${randomBytes(6).toString('hex')}`;
  writeSafely(partial, bytes);
  try {
    linkSync(partial, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(partial);
  }
  // What is sealed with the key may be on the disk sooner than the folder that has it.
  onFile(folder, 'r', fsyncSync);
}

function writeSafely(file: string, bytes: Uint8Array): void {
  onFile(file, 'wx', (descriptor) => {
    writeSync(descriptor, bytes);
    fsyncSync(descriptor);
  });
}

function onFile(path: string, flags: string, work: (descriptor: number) => void): void {
  const descriptor = openSync(path, flags, PRIVATE);
  try {
    work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function read(folder: string, file: string): MasterKey {
  const path = join(folder, file);
  close(path);
  const bytes = readFileSync(path);
  if (bytes.length !== KEY_BYTES) {
    fail(
      'unavailable',
      `The key file ${path} does not hold ${KEY_BYTES} bytes; put the right one back from where it is kept.`,
    );
  }
  return { name: FILE.exec(file)?.[1] ?? file, bytes };
}

/** Closes a key to other users of the machine, where it is ours to close. */
function close(path: string): void {
  const { mode, uid } = statSync(path);
  if ((mode & 0o077) !== 0 && uid === process.getuid?.()) chmodSync(path, PRIVATE);
}
