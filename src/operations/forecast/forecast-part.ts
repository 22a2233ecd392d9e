/** One part of the nightly forecast: a stretch of patients, some at a time, each made current. */
import type { Log } from '../../core/log.ts';
import { isUnreachable } from '../../storage/faults.ts';
import type { Outcome, Part } from '../../storage/job-parts.ts';
import { keepCurrent, type Kept, type Keeping } from './keep-current.ts';

/** People whose records are in memory at once. */
const BATCH = 100;

/** Batches under way at once: one is computed while another is read or stored. */
const LANES = 2;

/** Makes the forecasts of a part current; undefined where the part is no longer its own. */
export async function forecastPart(
  keeping: Keeping,
  log: Log,
  part: Part,
  hold: () => Promise<boolean>,
): Promise<Outcome | undefined> {
  const batches = batchesOf(keeping, part);
  const lanes = await Promise.all(
    Array.from({ length: LANES }, () => lane(batches, hold, (ids) => tried(keeping, log, ids))),
  );
  const done = lanes.filter((each) => each !== undefined);
  if (done.length < lanes.length) return undefined;
  return {
    changed: done.reduce((sum, { changed }) => sum + changed, 0),
    failed: done.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/** The patients of a part, in pieces. */
async function* batchesOf({ states }: Keeping, part: Part): AsyncGenerator<readonly string[], void> {
  for (let { after } = part; ;) {
    const ids = (await states.patientsAfter(after, BATCH)).filter((id) => id <= part.upTo);
    const last = ids.at(-1);
    if (last === undefined) return;
    yield ids;
    after = last;
  }
}

/** Takes batch after batch, beside other lanes; undefined once the part is another's. */
async function lane(
  batches: AsyncGenerator<readonly string[], void>,
  hold: () => Promise<boolean>,
  work: (ids: readonly string[]) => Promise<Outcome>,
): Promise<Outcome | undefined> {
  let [changed, failed] = [0, 0];
  for await (const ids of batches) {
    if (!(await hold())) return undefined;
    const done = await work(ids);
    changed += done.changed;
    failed += done.failed;
  }
  return { changed, failed };
}

/**
 * A record that cannot be computed does not hold up the others. Where the database is away nothing can be: the part is
 * not done, and is whoever's asks next.
 */
async function tried(keeping: Keeping, log: Log, ids: readonly string[]): Promise<Outcome> {
  try {
    return { changed: (await keepCurrent(keeping, ids)).changed, failed: 0 };
  } catch (error) {
    if (isUnreachable(error)) throw error;
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
    if (isUnreachable(error)) throw error;
    log.error({ error }, 'A forecast could not be computed.');
    return undefined;
  }
}
