/**
 * Where a backup lies: a folder of files, or one tar archive of them. It is written under another name and gets its
 * own when it is whole, so that half a backup is never taken for one.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { fail } from '../../core/failure.ts';
import { BLOCK, headerOf, paddingAfter, readHeader } from './tar.ts';

/** Only the user who makes a backup reads it. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** What tells a file from any other. */
export interface Facts {
  readonly bytes: number;
  /** In hexadecimal, as sha256sum prints it. */
  readonly sha256: string;
}

export interface ArchiveWriter {
  /** Writes one file whole. */
  readonly put: (name: string, content: AsyncIterable<Buffer>) => Promise<Facts>;
  /** Makes it durable, under its own name. */
  readonly finish: () => Promise<void>;
  /** Removes what was written. */
  readonly abandon: () => Promise<void>;
}

export interface ArchiveReader {
  readonly has: (name: string) => boolean;
  /** @throws Failure `malformed` where there is no such file */
  readonly open: (name: string) => Readable;
  readonly close: () => Promise<void>;
}

const isTar = (path: string): boolean => path.endsWith('.tar');
const PARTIAL = '.partial';
const CHUNK = 65_536;

/**
 * Begins an archive: a tar file where the name ends so, else a folder.
 * @throws Failure `in-use` where there is something of that name
 */
export async function createArchive(path: string, made: Date): Promise<ArchiveWriter> {
  const there = await readdir(path).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? [] : [path];
  });
  if (there.length > 0) fail('in-use', `There is something at ${path} already; name a place that is free.`);
  const partial = path + PARTIAL;
  await rm(partial, { recursive: true, force: true });
  await mkdir(dirname(partial), { recursive: true });
  const { put, close } = isTar(path) ? await tarWriter(partial, made) : await folderWriter(partial);
  return {
    put,
    finish: async () => {
      await close();
      if (!isTar(path)) await rm(path, { recursive: true, force: true });
      await rename(partial, path);
      await sync(dirname(path));
    },
    abandon: async () => {
      await close().catch(() => undefined);
      await rm(partial, { recursive: true, force: true });
    },
  };
}

interface Writer {
  readonly put: ArchiveWriter['put'];
  readonly close: () => Promise<void>;
}

async function folderWriter(folder: string): Promise<Writer> {
  await mkdir(folder, { mode: PRIVATE_FOLDER });
  return {
    put: async (name, content) => {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER });
      const file = await open(path, 'wx', PRIVATE_FILE);
      try {
        const facts = await pour(content, file);
        await file.sync();
        return facts;
      } finally {
        await file.close();
      }
    },
    close: () => sync(folder),
  };
}

async function tarWriter(path: string, made: Date): Promise<Writer> {
  const file = await open(path, 'wx', PRIVATE_FILE);
  let end = 0;
  return {
    put: async (name, content) => {
      const facts = await pour(content, file, end + BLOCK);
      await file.write(headerOf(name, facts.bytes, made), 0, BLOCK, end);
      end += BLOCK + facts.bytes + paddingAfter(facts.bytes);
      return facts;
    },
    close: async () => {
      // What is filled up and the two blocks at the end are zeros.
      await file.truncate(end + 2 * BLOCK);
      await file.sync();
      await file.close();
    },
  };
}

/** Writes from a place on, and tells what was written. */
async function pour(content: AsyncIterable<Buffer>, file: FileHandle, from = 0): Promise<Facts> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    await file.write(chunk, 0, chunk.length, from + bytes);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Opens an archive.
 * @throws Failure `not-found`, `malformed`
 */
export async function openArchive(path: string): Promise<ArchiveReader> {
  const found = await stat(path).catch(() => fail('not-found', `There is no backup at ${path}.`));
  return found.isDirectory() ? folderReader(path) : tarReader(path);
}

async function folderReader(folder: string): Promise<ArchiveReader> {
  const entries = await readdir(folder, { recursive: true });
  const has = (name: string): boolean => entries.includes(name);
  return {
    has,
    open: (name) => (has(name) ? createReadStream(join(folder, name)) : missing(name)),
    close: () => Promise.resolve(),
  };
}

async function tarReader(path: string): Promise<ArchiveReader> {
  const file = await open(path, 'r');
  const places = await placesIn(file).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  return {
    has: (name) => places.has(name),
    open: (name) => {
      return Readable.from(within(file, places.get(name) ?? missing(name)), { objectMode: false });
    },
    close: () => file.close(),
  };
}

interface Place {
  readonly at: number;
  readonly size: number;
}

/** A part of a file, chunk by chunk. */
async function* within(file: FileHandle, { at, size }: Place): AsyncGenerator<Buffer> {
  for (let done = 0; done < size;) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, size - done));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at + done);
    if (bytesRead === 0) return;
    yield chunk.subarray(0, bytesRead);
    done += bytesRead;
  }
}

async function placesIn(file: FileHandle): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>();
  const block = Buffer.alloc(BLOCK);
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(block, 0, BLOCK, at);
    const header = bytesRead === BLOCK ? readHeader(block) : undefined;
    if (header === undefined) return places;
    places.set(header.name, { at: at + BLOCK, size: header.size });
    at += BLOCK + header.size + paddingAfter(header.size);
  }
}

const missing = (name: string): never =>
  fail('malformed', `The backup has no file ${name}; it is not whole.`);
