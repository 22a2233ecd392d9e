/** Work that is due now and then while servers run: one of them does it, whichever comes first. */
import type { Log } from '../core/log.ts';
import type { Leases } from '../storage/leases.ts';

export interface PeriodicJob {
  readonly name: string;
  readonly everyMs: number;
  /** Milliseconds after which the work of a process that went silent is another's. */
  readonly leaseMs: number;
  readonly work: () => Promise<void>;
}

export interface Periodic {
  /** Does whatever is due. */
  readonly runDue: () => Promise<void>;
  /** Waits for what is under way; nothing is begun afterwards. */
  readonly stop: () => Promise<void>;
}

interface Needs {
  readonly leases: Leases;
  readonly jobs: readonly PeriodicJob[];
  readonly now: () => Date;
  readonly log: Log;
}

/** How often it is looked what is due. */
const LOOK_MS = 60_000;

/** Looks now and then what is due, until it is stopped. */
export function startPeriodic(needs: Needs): Periodic {
  let running: Promise<void> | undefined;
  let isStopping = false;
  const runDue = (): Promise<void> =>
    (running ??= runAll(needs, () => isStopping).finally(() => {
      running = undefined;
    }));
  const timer = setInterval(() => void runDue(), LOOK_MS).unref();
  return {
    runDue,
    stop: async () => {
      isStopping = true;
      clearInterval(timer);
      await running;
    },
  };
}

async function runAll({ leases, jobs, now, log }: Needs, isStopping: () => boolean): Promise<void> {
  for (const { name, everyMs, leaseMs, work } of jobs) {
    if (isStopping()) return;
    try {
      const at = now();
      const until = new Date(at.getTime() + leaseMs);
      const dueSince = new Date(at.getTime() - everyMs);
      if (!(await leases.take(name, { now: at, until, dueSince }))) continue;
      await work();
      await leases.done(name, now());
    } catch (error) {
      // It is tried again when the lease is over.
      log.error({ name, error }, 'a periodic job failed');
    }
  }
}
