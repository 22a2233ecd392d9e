/**
 * Looks through what has been written to doses since the last time, and puts pairs that may be one dose before a person. A
 * dose is not kept waiting for it when it is written; what two writers could not know of each other is seen here.
 */
import { unrecorded } from '../../interactions/write-through.ts';
import type { Rooms } from '../../interactions/rooms.ts';
import type { Grant } from '../../policy/decide.ts';
import type { Note, PastPlace, Version } from '../../storage/store.ts';
import { pairTasks } from './pair-tasks.ts';

const FACT = 'dose-pairs';
const PAGE = 500;
/** Records that are looked through together. */
const TOGETHER = 20;
/** A write is committed by then, or given up: MongoDB ends transactions after a minute. */
const MARGIN_MS = 120_000;

/** How far it has come. */
interface Progress extends Note {
  readonly upTo: Date;
}

/**
 * Does all that there is to do.
 * @param grant the server's own: which pairs are uncertain follows from all doses
 */
export async function reviewPairs(rooms: Rooms, grant: Grant): Promise<void> {
  const progress = (await rooms.store.note('facts', FACT)) as Progress | undefined;
  const upTo = new Date(rooms.now().getTime() - MARGIN_MS);
  for await (const patients of changedSince(rooms, grant, progress?.upTo))
    await unrecorded(rooms, () => pairTasks(rooms, grant, patients));
  const doc: Progress = { _id: FACT, upTo };
  await rooms.store.commit([
    progress === undefined
      ? { do: 'insert', in: 'facts', doc }
      : { do: 'replace', in: 'facts', match: { _id: FACT }, doc },
  ]);
}

/** People whose doses were written or deleted since an instant, some at a time. */
async function* changedSince(
  { store }: Rooms,
  grant: Grant,
  since: Date | undefined,
): AsyncGenerator<readonly string[]> {
  for (let after: PastPlace | undefined; ;) {
    const find = { ...(since && { since }), ...(after && { after }), limit: PAGE };
    const page: readonly Version[] = await store.versions(grant, 'history-type', 'Immunization', find);
    const patients = [...new Set(page.flatMap((version) => version.patients))];
    for (let at = 0; at < patients.length; at += TOGETHER) yield patients.slice(at, at + TOGETHER);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last;
  }
}
