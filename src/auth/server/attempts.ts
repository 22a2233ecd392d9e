/** How often a password may be tried: after ten failures in a row an account rests for a quarter of an hour. */
import type { Clock } from '../../core/clock.ts';

export interface Attempts {
  readonly mayTry: (account: string) => boolean;
  readonly failed: (account: string) => void;
  readonly succeeded: (account: string) => void;
}

const MOST = 10;
const REST_MS = 900_000;
const REMEMBERED = 100_000;

/** Counts attempts on this process. */
export function attempts(now: Clock): Attempts {
  const failures = new Map<string, { readonly count: number; readonly at: number }>();
  const countOf = (account: string): number => {
    const known = failures.get(account);
    return known === undefined || now().getTime() - known.at > REST_MS ? 0 : known.count;
  };
  return {
    mayTry: (account) => countOf(account) < MOST,
    failed: (account) => {
      if (failures.size >= REMEMBERED) failures.clear();
      failures.set(account, { count: countOf(account) + 1, at: now().getTime() });
    },
    succeeded: (account) => {
      failures.delete(account);
    },
  };
}
