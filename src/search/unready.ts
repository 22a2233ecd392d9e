/** What cannot be searched by just now is refused rather than answered wrongly: its keys or its index are not complete. */
import { fail } from '../core/failure.ts';
import type { Setting } from './asked.ts';

/** @throws Failure `unavailable` where storage is still making what a search by the parameter needs */
export function refuseUnready({ isReady }: Pick<Setting, 'isReady'>, type: string, name: string): void {
  if (isReady?.(type, name) === false) {
    fail(
      'unavailable',
      `${type} cannot be searched or sorted by "${name}" just now: its index is being made. Try again in a while.`,
    );
  }
}
