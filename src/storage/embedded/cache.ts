/**
 * How downloaded copies of `mongod` are kept: one file a copy, named by version and SHA-256, so that the name
 * proves the content and one atomic rename makes a copy appear whole, whoever else is downloading.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { probe } from './version.ts';
import type { Missing, Mongod } from './sources/source.ts';

const COPY_NAME = /^mongod-(\d+\.\d+\.\d+)-([0-9a-f]{64})$/;
const PARTIAL = 'partial-';
const ABANDONED_MS = 60 * 60 * 1000;
/** Large reads halve the time that 140 MB take. */
const READ_BYTES = 4 * 1024 * 1024;

export interface Copy extends Mongod {
  readonly sha256: string;
}

/** SHA-256 of a file, in hexadecimal. */
export async function checksum(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: READ_BYTES }), hash);
  return hash.digest('hex');
}

/** The copies whose names say what they must contain; whether they do is for the caller to check. */
export async function copiesIn(cacheDir: string): Promise<Copy[]> {
  const names = await readdir(cacheDir).catch((): string[] => []);
  return names.flatMap((name) => {
    const [, version, sha256] = COPY_NAME.exec(name) ?? [];
    return version === undefined || sha256 === undefined
      ? []
      : [{ path: join(cacheDir, name), version, sha256 }];
  });
}

/** Gives `work` a directory beside the copies to make one in, and removes it whatever happens. */
export async function withWorkspace<T>(cacheDir: string, work: (dir: string) => Promise<T>): Promise<T> {
  await mkdir(cacheDir, { recursive: true, mode: 0o700 });
  const dir = await mkdtemp(join(cacheDir, PARTIAL));
  try {
    await sweep(cacheDir, dir);
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Moves a program that runs into the cache. The file must be in a workspace of the same cache. */
export async function keep(file: string, cacheDir: string): Promise<Mongod | Missing> {
  await chmod(file, 0o700);
  const tried = await probe(file);
  if ('missing' in tried) return tried;
  await flush(file);
  const path = join(cacheDir, `mongod-${tried.version}-${await checksum(file)}`);
  await rename(file, path);
  return { path, version: tried.version };
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Removes what killed downloads left; the file system's own clock says how old it is. */
async function sweep(cacheDir: string, fresh: string): Promise<void> {
  const { mtimeMs: now } = await stat(fresh);
  for (const name of await readdir(cacheDir)) {
    if (!name.startsWith(PARTIAL)) continue;
    const path = join(cacheDir, name);
    const info = await stat(path).catch(() => undefined);
    if (info !== undefined && now - info.mtimeMs > ABANDONED_MS)
      await rm(path, { recursive: true, force: true });
  }
}
