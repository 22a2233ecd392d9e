/** An embedded MongoDB for one run, in memory where the machine has a memory file system: tests and measurements. */
import { mkdtemp, readdir, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded, type Embedded, type EmbeddedOptions } from './embedded.ts';
import { startOf } from './process-start.ts';

const MEMORY = '/dev/shm';
/** What the tests' databases and their journals take at most, and as much again. */
const ROOM_BYTES = 4 * 1024 ** 3;
const PREFIX = 'fhir-iis-throw-away-';

/** Starts on an empty store that `stop` removes, and in which time may be what a test says it is. Stores whose process was killed are removed at the next start. */
export async function startThrowAway(options: Omit<EmbeddedOptions, 'dataDir'>): Promise<Embedded> {
  const root = (await hasRoom(MEMORY)) ? MEMORY : tmpdir();
  await removeAbandoned(root);
  const dataDir = await mkdtemp(join(root, `${PREFIX}${process.pid}-`));
  const remove = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
  try {
    const embedded = await startEmbedded({ ...options, dataDir, keepsExpired: true });
    return { ...embedded, stop: () => embedded.stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function removeAbandoned(root: string): Promise<void> {
  for (const name of (await readdir(root)).filter((entry) => entry.startsWith(PREFIX))) {
    const pid = Number(name.slice(PREFIX.length).split('-')[0]);
    if ((await startOf(pid)) === undefined) await rm(join(root, name), { recursive: true, force: true });
  }
}

/** Containers often have a memory file system that holds less than mongod's journal. */
async function hasRoom(path: string): Promise<boolean> {
  const free = await statfs(path).catch(() => undefined);
  return free !== undefined && free.bavail * free.bsize > ROOM_BYTES;
}
