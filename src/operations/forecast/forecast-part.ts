/** One part of the nightly forecast: a stretch of patients, some at a time, each made current. */
import type { Log } from '../../core/log.ts';
import type { Outcome, Part } from '../../storage/job-parts.ts';
import { keepCurrent, type Kept, type Keeping } from './keep-current.ts';

/** People whose records are in memory at once. */
const BATCH = 100;

/** Makes the forecasts of a part current; undefined where the part is no longer its own. */
export async function forecastPart(
  keeping: Keeping,
  log: Log,
  part: Part,
  hold: () => Promise<boolean>,
): Promise<Outcome | undefined> {
  let after = part.after;
  let [changed, failed] = [0, 0];
  while (await hold()) {
    const ids = await keeping.states.patientsAfter(after, BATCH);
    const due = ids.filter((id) => id <= part.upTo);
    const last = due.at(-1);
    if (last === undefined) return { changed, failed };
    const done = await tried(keeping, log, due);
    changed += done.changed;
    failed += done.failed;
    after = last;
  }
  return undefined;
}

/** A record that cannot be computed does not hold up the others. */
async function tried(keeping: Keeping, log: Log, ids: readonly string[]): Promise<Outcome> {
  try {
    return { changed: (await keepCurrent(keeping, ids)).changed, failed: 0 };
  } catch {
    const each = await Promise.all(ids.map((id) => alone(keeping, log, id)));
    return {
      changed: each.reduce((sum, kept) => sum + (kept?.changed ?? 0), 0),
      failed: each.filter((kept) => kept === undefined).length,
    };
  }
}

async function alone(keeping: Keeping, log: Log, id: string): Promise<Kept | undefined> {
  try {
    return await keepCurrent(keeping, [id]);
  } catch (error) {
    log.error({ error }, 'A forecast could not be computed.');
    return undefined;
  }
}
