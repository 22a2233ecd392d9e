/** Stopping: what was started is stopped in the other order, once, whatever asked for it. */
import type { Log } from '../core/log.ts';

const BROKEN_MS = 5000;

export interface Stopper {
  /** Something to stop; the last one named is stopped first. */
  readonly onStop: (stop: () => Promise<void>) => void;
  /** Stops everything and ends the process; with a reason, as a failure that says it. */
  readonly stop: (why?: string) => void;
  /** Whether it was asked for: what then breaks, breaks because of it. */
  readonly isStopping: () => boolean;
}

/** Makes the stopper of this process and ties it to its signals; a second signal does not wait. */
export function stopOnSignal(log: Log): Stopper {
  const stops: (() => Promise<void>)[] = [];
  let stopping = false;

  const stopAll = async (): Promise<void> => {
    for (const stop of stops.reverse()) {
      await stop().catch((error: unknown) => {
        log.error({ error }, 'something could not be stopped cleanly');
        process.exitCode = 1;
      });
    }
    process.exit();
  };
  const stop = (why?: string): void => {
    if (stopping) return;
    stopping = true;
    if (why !== undefined) {
      console.error(why);
      process.exitCode = 1;
      // Without what it stands on, what is under way cannot end well however long it is waited for.
      setTimeout(() => process.exit(), BROKEN_MS).unref();
    }
    void stopAll();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stop();
    });
  }
  return { onStop: (each) => void stops.push(each), stop, isStopping: () => stopping };
}
