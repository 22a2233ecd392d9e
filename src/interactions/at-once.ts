/** Doing many things a few at a time: enough to share the database's work, not so many that one caller takes it all. */
import { setImmediate as nextTurn } from 'node:timers/promises';

const AT_ONCE = 8;
/** Work that never waits for anything would hold up every other caller; after this long they have their turn. */
const SLICE_MS = 10;

/**
 * The results of all the work, in the order of the items. `ms` tells how much time has passed, in milliseconds.
 * @throws what the work throws, for the first item that fails; what is under way then is waited for
 */
export async function fewAtOnce<T, R>(
  items: readonly T[],
  work: (item: T, at: number) => Promise<R>,
  ms = (): number => performance.now(),
): Promise<R[]> {
  const results: R[] = [];
  const faults = new Map<number, unknown>();
  const next = items.entries();
  const ofOthers = othersTurn(ms);
  const worker = async (): Promise<void> => {
    for (const [at, item] of next) {
      await ofOthers();
      if (faults.size > 0) return;
      await work(item, at).then(
        (result) => (results[at] = result),
        (error: unknown) => faults.set(at, error),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const first = Math.min(...faults.keys());
  if (faults.size > 0) throw faults.get(first);
  return results;
}

/** Makes the pause that all workers of one piece of work share: nobody goes on while the others have their turn. */
function othersTurn(ms: () => number): () => Promise<void> | undefined {
  let since = ms();
  let turn: Promise<void> | undefined;
  return () => {
    if (turn === undefined && ms() - since > SLICE_MS) {
      turn = nextTurn().then(() => {
        since = ms();
        turn = undefined;
      });
    }
    return turn;
  };
}
