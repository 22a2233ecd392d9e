/** Working off the parts of a job, in as many processes as there are: each claims a part, holds it while it works, and takes the next. */
import { setTimeout as pause } from 'node:timers/promises';
import type { JobParts, Outcome, Part } from '../storage/job-parts.ts';

/**
 * Does one part; undefined where it was not done. `hold` is called before every piece of the work, and says whether the
 * part is still this worker's.
 */
export type Work = (part: Part, hold: () => Promise<boolean>) => Promise<Outcome | undefined>;

export interface Worker {
  readonly parts: JobParts;
  readonly job: string;
  /** Who works: unique among all workers. */
  readonly name: string;
  readonly now: () => Date;
  /** Milliseconds after which the work of one that went silent is another's. */
  readonly leaseMs: number;
  readonly isStopping: () => boolean;
}

const WAIT_MS = 500;

/** Works until nothing of the job is left, by itself or by others, or until it is told to stop. */
export async function workOff(worker: Worker, work: Work): Promise<void> {
  const { parts, job, isStopping } = worker;
  while (!isStopping()) {
    const part = await claim(worker);
    if (part !== undefined) {
      await doPart(worker, part, work);
      continue;
    }
    // What others hold may yet come back to us.
    if ((await parts.progress(job)).openParts === 0) return;
    await pause(WAIT_MS);
  }
}

const end = ({ now, leaseMs }: Worker): Date => new Date(now().getTime() + leaseMs);

const claim = (worker: Worker): Promise<Part | undefined> =>
  worker.parts.claim(worker.job, worker.name, worker.now(), end(worker));

async function doPart(worker: Worker, part: Part, work: Work): Promise<void> {
  const hold = async (): Promise<boolean> =>
    !worker.isStopping() && (await worker.parts.renew(part, end(worker)));
  const outcome = await work(part, hold);
  // Who lost its part, or was stopped in the middle of it, has not finished it.
  if (outcome !== undefined) await worker.parts.finish(part, outcome);
}
