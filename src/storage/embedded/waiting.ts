/** Waiting that ends. Elapsed time is measured, not read from the calendar's clock. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the answer is true, or until the time is up: then false. */
export async function until(
  isSo: () => Promise<boolean>,
  limits: { everyMs: number; ms: number },
): Promise<boolean> {
  const start = performance.now();
  while (!(await isSo())) {
    if (performance.now() - start > limits.ms) return false;
    await sleep(limits.everyMs);
  }
  return true;
}

/** Whether the promise is settled within the time. */
export async function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  const stop = new AbortController();
  const late = sleep(ms, false, { signal: stop.signal }).catch(() => false);
  const settled = await Promise.race([
    promise.then(
      () => true,
      () => true,
    ),
    late,
  ]);
  stop.abort();
  return settled;
}
