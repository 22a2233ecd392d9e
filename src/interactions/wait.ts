/** Plans what is kept and answered when a record must wait for a person: 202 with its Task, and nothing filed. */
import type { Ask } from '../core/context.ts';
import { outcomeText } from '../fhir/outcome.ts';
import { sealedAsk, type Pending } from '../pending/kept-ask.ts';
import type { Placement } from '../pending/placement.ts';
import { taskOf, type Likely, type Waits } from '../pending/task-of.ts';
import type { Stored } from '../storage/store.ts';
import { insert } from '../storage/write.ts';
import { versionedReference } from './answers.ts';
import type { Found, Waiting } from './arrival.ts';
import { storedForm } from './prepare.ts';
import type { Rooms } from './rooms.ts';
import type { Plan } from './write-through.ts';
import { PENDING } from '../storage/sealed-places.ts';

export const likelyOf = ({ candidate, score, grade }: Found): Likely => ({
  patient: candidate._id,
  score,
  grade,
});

/** The stored form of a new Task. */
export const newTask = (rooms: Rooms, waits: Omit<Waits, 'days'>): Stored =>
  storedForm(rooms, taskOf({ ...waits, days: rooms.pack.pending.days }), {
    id: rooms.newId(),
    version: 1,
    lastUpdated: waits.now,
  });

/**
 * Plans the wait of what came; the same record again waits under the same Task.
 * @param ask the whole that waits: the create, or the transaction that it is in
 */
export async function planWait(rooms: Rooms, ask: Ask, waiting: Waiting): Promise<Plan> {
  if (waiting.task !== undefined) return waitsAlready(rooms, waiting.task);
  const now = rooms.now();
  const { reason, candidates, placement } = waiting;
  const task = newTask(rooms, {
    code: 'match-review',
    reason,
    likely: candidates.map(likelyOf),
    actor: ask.actor,
    now,
  });
  const pending: Pending = { _id: task._id, ...sealedAsk(rooms.secrets, ask), placement, at: now };
  const remembered: Placement = { _id: placement, state: 'waits', task: task._id };
  return {
    unit: [],
    own: [
      ...insert('Task', task),
      { do: 'insert', in: PENDING, doc: pending },
      { do: 'insert', in: 'placements', doc: remembered },
    ],
    answer: accepted(task._id),
    wrote: [versionedReference('Task', task._id, 1)],
    patients: task.patients,
  };
}

async function waitsAlready({ store }: Rooms, id: string): Promise<Plan> {
  const patients = (await store.patientsOf('Task', [id])).get(id) ?? [];
  return { unit: [], answer: accepted(id), wrote: [], patients };
}

const accepted = (task: string): Plan['answer'] => ({
  status: 202,
  location: `Task/${task}`,
  body: outcomeText([], ACCEPTED),
});
const ACCEPTED =
  'It could not be told for sure whose record this is. It is kept and waits for the staff of the registry; the Task in Location tells when it is settled. Nothing needs to be sent again.';
