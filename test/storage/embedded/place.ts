/** What the tests of the embedded MongoDB stand on: a mongod of this machine, and directories that go away. */
import { afterAll } from '@jest/globals';
import { mongo } from 'mongoose';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../../src/core/log.ts';
import { findMongod, placesFor } from '../../../src/storage/embedded/binary.ts';

export const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

const cacheDir = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'fhir-iis');
let path: Promise<string> | undefined;

/** The mongod that a server started here would run. */
export function mongodPath(): Promise<string> {
  path ??= findMongod(placesFor(process.env['MONGOD_BINARY']), { cacheDir, say: () => undefined }).then(
    (found) => found.path,
  );
  return path;
}

/** A file system in memory spares the tests the disk's fsync; a killed process loses nothing there either. */
const root = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const made: string[] = [];
afterAll(async () => {
  await Promise.all(
    made.map((dir) => rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })),
  );
});

/** An empty directory, removed after the file's tests. */
export async function emptyDirectory(): Promise<string> {
  const dir = await mkdtemp(join(root, 'fhir-iis-test-'));
  made.push(dir);
  return dir;
}

/** Connects, does the work, disconnects. */
export async function connected<T>(uri: string, work: (client: mongo.MongoClient) => Promise<T>): Promise<T> {
  const client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: 3000 });
  try {
    return await work(await client.connect());
  } finally {
    await client.close();
  }
}

/** Whether a process of this number is running. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until the process has gone; false where it stays. */
export async function hasGone(pid: number, ms = 45_000): Promise<boolean> {
  for (let waited = 0; waited < ms; waited += 20) {
    if (!isRunning(pid)) return true;
    await sleep(20);
  }
  return false;
}
