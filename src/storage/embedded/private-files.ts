/** Files and directories that no other user of the machine may read, written whole or not at all. */
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The text of a file without white space at its ends; undefined where there is none. */
export async function readPrivate(file: string): Promise<string | undefined> {
  try {
    const text = (await readFile(file, 'utf8')).trim();
    return text === '' ? undefined : text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Replaces the file in one step: after a crash there is the old text or the new one. */
export async function writePrivate(file: string, text: string): Promise<void> {
  const partial = `${file}.${randomUUID()}`;
  const handle = await open(partial, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, file);
}

/**
 * Makes the directory `name` in `parent` and closes both to other users. A parent that already holds other
 * things keeps its permissions: it may be a directory that the operator shares for good reason.
 */
export async function privateDirectory(parent: string, name: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const held = await readdir(parent);
  if (held.length === 0 || held.includes(name)) await close(parent);
  const dir = join(parent, name);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await close(dir);
  return dir;
}

async function close(dir: string): Promise<void> {
  const { mode } = await stat(dir);
  if ((mode & 0o077) !== 0) await chmod(dir, 0o700);
}
