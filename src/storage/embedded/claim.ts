/**
 * Which server a data directory belongs to, so that a second one says at once whom it met. Each server writes a
 * claim of its own before it reads the others', so of two at the same moment never both go on. A claim counts as
 * long as the process that wrote it runs: a crash leaves nothing to clear away.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from '../../core/failure.ts';
import { readPrivate, writePrivate } from './private-files.ts';
import { startOf } from './process-start.ts';

const CLAIM_NAME = /^server-(\d+)-[0-9a-f-]{36}$/;
/** Two that start together both step back and come again at different times; one that is running stays. */
const TRIES = 4;
const STEP_BACK_MS = 80;

/** Claims the directory for this process; returns how to leave it. Throws a Failure that names a running owner. */
export async function claim(dir: string, dataDir: string): Promise<() => Promise<void>> {
  const started = (await startOf(process.pid)) ?? '';
  for (let tried = 1; ; tried += 1) {
    const name = `server-${process.pid}-${randomUUID()}`;
    const leave = (): Promise<void> => rm(join(dir, name), { force: true });
    await writePrivate(join(dir, name), started);
    const other = (await runningOwners(dir)).find((owner) => owner.name !== name);
    if (other === undefined) return leave;
    await leave();
    if (tried === TRIES) refuse(other.pid, dataDir);
    await sleep(randomInt(STEP_BACK_MS));
  }
}

/** The claims whose processes run. Those of processes that are gone are removed on the way. */
export async function runningOwners(dir: string): Promise<{ name: string; pid: number }[]> {
  const running: { name: string; pid: number }[] = [];
  for (const name of await readdir(dir)) {
    const pid = Number(CLAIM_NAME.exec(name)?.[1] ?? NaN);
    if (Number.isNaN(pid)) continue;
    const started = await readPrivate(join(dir, name));
    if (started !== undefined && (await startOf(pid)) === started) running.push({ name, pid });
    else await rm(join(dir, name), { force: true });
  }
  return running;
}

function refuse(pid: number, dataDir: string): never {
  fail(
    'unavailable',
    `The data directory ${dataDir} is in use by a server that is running (process ${pid}). ` +
      'Stop that one first, or give this one another data directory.',
  );
}
