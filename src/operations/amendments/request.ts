/**
 * Patient/[id]/$request-amendment: a person, or who acts for it, says what is wrong in its record. The wish is kept as a
 * Task until somebody answers it, and after: the organisation whose own the record is, or the registry's staff.
 */
import type { Task } from '@medplum/fhirtypes';
import type { Ask } from '../../core/context.ts';
import { fail } from '../../core/failure.ts';
import { versionedReference } from '../../interactions/answers.ts';
import { storedForm } from '../../interactions/prepare.ts';
import { absent } from '../../interactions/read.ts';
import { idOf, type Handler, type Rooms } from '../../interactions/rooms.ts';
import { writeThrough, type Plan } from '../../interactions/write-through.ts';
import { noticeWrite, waitingNotice } from '../../participants/notices.ts';
import { concept } from '../../pending/codes.ts';
import { dueIn } from '../../pending/task-of.ts';
import { OPEN_AMENDMENTS, requesterOf } from '../../policy/amendments.ts';
import { Denied, type Grant } from '../../policy/decide.ts';
import type { Stored } from '../../storage/store.ts';
import { insert, type Unit } from '../../storage/write.ts';
import { inputsOf } from '../inputs.ts';
import { activeIn } from '../participants/active.ts';
import { inRecord, recordReference } from './record-reference.ts';

const TEXT_MOST = 4000;
/** Wishes of one account that wait for an answer. */
const OPEN_MOST = 10;

export const requestAmendment: Handler = (rooms, ask, grant, entry) => {
  const inputs = inputsOf(ask, ['text', 'about']);
  const text = (inputs.text('text') ?? '').trim();
  if (text === '' || text.length > TEXT_MOST)
    fail('required', `Say in text what is wrong and how it should be, in at most ${TEXT_MOST} characters.`);
  return writeThrough(rooms, { ask, grant, entry }, () => planRequest(rooms, ask, grant, text));
};

async function planRequest(rooms: Rooms, ask: Ask, grant: Grant, text: string): Promise<Plan> {
  const patient = idOf(ask);
  await ownRecord(rooms, grant, patient);
  const requester = requesterOf(ask.actor);
  if (requester === undefined || !grant.may('create', 'Task')) throw new Denied('own_record_only');
  const about = recordReference(ask, 'about');
  const focus = about && (await inRecord(rooms, grant, about, patient));
  const { count } = await rooms.store.count(grant, 'Task', OPEN_AMENDMENTS, OPEN_MOST);
  if (count >= OPEN_MOST) fail('throttled', 'Several wishes wait for an answer already; wait for those.');
  const [owner] = focus?.custodians ?? [];
  const task: Task = {
    ...taskOf(rooms, { patient, text, requester }),
    ...(about && { focus: { reference: `${about.type}/${about.id}` } }),
    ...(owner !== undefined && { owner: { reference: `Organization/${owner}` } }),
  };
  const version = { id: rooms.newId(), version: 1, lastUpdated: rooms.now() };
  const stored = storedForm(rooms, task, version);
  return {
    unit: [],
    own: [...insert('Task', stored), ...(await noticesTo(rooms, grant, owner, stored))],
    answer: { status: 201, location: versionedReference('Task', stored._id, 1), body: stored.json },
    wrote: [versionedReference('Task', stored._id, 1)],
    patients: [patient],
  };
}

/** @throws Failure `not-found` for whom the caller may not see, Denied for somebody else's record */
async function ownRecord(rooms: Rooms, grant: Grant, patient: string): Promise<void> {
  const stored = await rooms.store.read(grant, 'read', 'Patient', patient);
  if (stored === undefined) await absent(rooms, grant, 'Patient', patient);
  if (!grant.known.patients.includes(patient)) throw new Denied('own_record_only');
}

interface Wish {
  readonly patient: string;
  readonly text: string;
  readonly requester: NonNullable<Task['requester']>;
}

function taskOf({ now, pack }: Rooms, { patient, text, requester }: Wish): Task {
  const at = now();
  return {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    priority: 'routine',
    code: concept('amendment'),
    description: text,
    for: { reference: `Patient/${patient}` },
    authoredOn: at.toISOString(),
    lastModified: at.toISOString(),
    requester,
    restriction: dueIn(at, pack.amendments.days),
  };
}

/** Whoever is to answer learns that something waits, and nothing of what or whose. */
async function noticesTo(
  rooms: Rooms,
  { known }: Grant,
  owner: string | undefined,
  { _id, lastUpdated }: Stored,
): Promise<Unit> {
  const where = `Task/${_id}`;
  if (owner !== undefined) return [noticeWrite(rooms.newId(), waitingNotice(owner, where), lastUpdated)];
  const managers = await activeIn(rooms, known, 'registry-manager');
  return managers.map((to) => noticeWrite(rooms.newId(), { ...waitingNotice('', where), to }, lastUpdated));
}
