/** What has waited longer than the jurisdiction allows becomes urgent, and the staff are told, once. */
import type { Rooms } from '../../interactions/rooms.ts';
import { unrecorded } from '../../interactions/write-through.ts';
import { noticeWrite, overdueNotice } from '../../participants/notices.ts';
import type { Grant } from '../../policy/decide.ts';
import { keyOf } from '../../search/key.ts';
import type { Stored } from '../../storage/store.ts';
import type { Unit } from '../../storage/write.ts';
import { changeTask, taskIn } from './change-task.ts';
import { openTasks } from './open-tasks.ts';

const WAITING = ['match-review', 'possible-duplicate', 'dose-review'] as const;
/** Made urgent in one transaction. */
const TOGETHER = 100;
const BY_ID = [{ field: '_id', descending: false }] as const;

/**
 * Makes urgent whatever is overdue.
 * @param grant the server's own
 * @param staff ids of the participants who are told
 */
export async function escalate(
  rooms: Rooms,
  grant: Grant,
  staff: () => Promise<readonly string[]>,
): Promise<void> {
  for (let after = ''; ;) {
    const found = await openAfter(rooms, grant, after);
    const ids = found.filter((each) => isOverdue(each, rooms.now())).map(({ _id }) => _id);
    if (ids.length > 0) await unrecorded(rooms, () => makeUrgent(rooms, ids, staff));
    after = found.at(-1)?._id ?? '';
    if (found.length < TOGETHER) return;
  }
}

function openAfter({ store }: Rooms, grant: Grant, after: string): Promise<readonly Stored[]> {
  return store.find(grant, 'Task', {
    where: [
      ...openTasks(WAITING),
      { op: 'in', field: 'tokens', keys: [keyOf('priority', 'routine')] },
      { op: 'range', field: '_id', within: { gt: after } },
    ],
    order: BY_ID,
    limit: TOGETHER,
  });
}

function isOverdue(stored: Stored, now: Date): boolean {
  const end = taskIn(stored).restriction?.period?.end;
  return end !== undefined && Date.parse(end) < now.getTime();
}

/** The Tasks and the notices of them, as one: nobody is told twice. */
async function makeUrgent(
  rooms: Rooms,
  ids: readonly string[],
  staff: () => Promise<readonly string[]>,
): Promise<Unit> {
  const tasks = await rooms.store.whole('Task', ids);
  const due = tasks.filter(
    (each) => taskIn(each).priority === 'routine' && taskIn(each).status === 'requested',
  );
  if (due.length === 0) return [];
  const now = rooms.now();
  return [
    ...due.flatMap((was) => changeTask(rooms, was, { priority: 'urgent' }).unit),
    ...(await staff()).map((to) => noticeWrite(rooms.newId(), overdueNotice(to, due.length), now)),
  ];
}
