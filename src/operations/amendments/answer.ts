/**
 * Task/[id]/$answer-amendment: what somebody wished changed is accepted or denied, with a reason. The correction itself is
 * an ordinary write by whoever may make it; the Task refers to it. Wish and answer are both kept.
 */
import type { Task } from '@medplum/fhirtypes';
import type { Ask } from '../../core/context.ts';
import { fail } from '../../core/failure.ts';
import { shown } from '../../interactions/answers.ts';
import { absent } from '../../interactions/read.ts';
import { idOf, type Handler, type Rooms } from '../../interactions/rooms.ts';
import { isStaff } from '../../interactions/staff.ts';
import { writeThrough, type Plan } from '../../interactions/write-through.ts';
import { noticeWrite } from '../../participants/notices.ts';
import { isCode } from '../../pending/codes.ts';
import { requestingAccount } from '../../policy/amendments.ts';
import { Denied, type Grant } from '../../policy/decide.ts';
import { ownOrganization } from '../../policy/known.ts';
import type { Stored } from '../../storage/store.ts';
import type { Unit } from '../../storage/write.ts';
import { inputsOf } from '../inputs.ts';
import { changeTask, taskIn } from '../settle/change-task.ts';
import { inRecord, recordReference } from './record-reference.ts';

interface Said {
  readonly outcome: 'accept' | 'deny';
  readonly reason: string | undefined;
  /** `Type/id` of what was corrected. */
  readonly correction: string | undefined;
}

export const answerAmendment: Handler = (rooms, ask, grant, entry) => {
  const inputs = inputsOf(ask, ['outcome', 'reason', 'correction']);
  const outcome = inputs.text('outcome');
  const reason = inputs.text('reason');
  if (outcome !== 'accept' && outcome !== 'deny')
    return fail('required', 'The parameter outcome is accept or deny.');
  if (outcome === 'deny' && reason === undefined)
    return fail('required', 'Who denies a wish says why: reason.');
  return writeThrough(rooms, { ask, grant, entry }, () => planAnswer(rooms, ask, grant, { outcome, reason }));
};

async function planAnswer(
  rooms: Rooms,
  ask: Ask,
  grant: Grant,
  { outcome, reason }: Omit<Said, 'correction'>,
): Promise<Plan> {
  const was = await rooms.store.readWhole(grant, 'read', 'Task', idOf(ask));
  if (was === undefined) return absent(rooms, grant, 'Task', idOf(ask));
  const task = taskIn(was);
  checkAnswerer(grant, task);
  const correction = await correctionIn(rooms, ask, grant, task);
  if (outcome === 'deny' && correction !== undefined)
    fail('business-rule', 'What is denied has no correction.');
  const isOpen =
    task.status === 'requested' ||
    (task.status === 'accepted' && outcome === 'accept' && correction !== undefined);
  if (!isOpen) fail('conflict', 'The wish is answered already.');
  const changed = changeTask(rooms, was, answered(task, { outcome, reason, correction }));
  return {
    ...changed,
    unit: [],
    own: [...changed.unit, ...noticeTo(rooms, task, changed.next)],
    answer: shown(changed.next),
  };
}

/** @throws Denied where it is not the caller's to answer, Failure `business-rule` for another kind of Task */
function checkAnswerer(grant: Grant, task: Task): void {
  if (!isCode(task.code, 'amendment')) fail('business-rule', 'This Task is no wish to amend a record.');
  const { actor, known } = grant;
  const own = ownOrganization(actor, known);
  const isOwner = own !== undefined && task.owner?.reference === `Organization/${own}`;
  const may = isStaff(actor)
    ? grant.may('update', 'Task')
    : isOwner && actor.role === 'provider' && grant.may('update', 'Immunization');
  if (!may) throw new Denied('not_answerer');
}

async function correctionIn(
  rooms: Rooms,
  ask: Ask,
  grant: Grant,
  { for: person }: Task,
): Promise<string | undefined> {
  const named = recordReference(ask, 'correction');
  if (named === undefined) return undefined;
  const patient = person?.reference?.replace('Patient/', '') ?? '';
  // Staff who do not read records under their purpose may still say which one was corrected.
  if (isStaff(grant.actor) && !grant.may('read', named.type)) {
    const patients = (await rooms.store.patientsOf(named.type, [named.id])).get(named.id) ?? [];
    if (!patients.includes(patient))
      fail('business-rule', 'The resource that is named is not part of this record.');
  } else await inRecord(rooms, grant, named, patient);
  return `${named.type}/${named.id}`;
}

function answered(task: Task, { outcome, reason, correction }: Said): Partial<Task> {
  const output = correction === undefined ? undefined : [...(task.output ?? []), outputOf(correction)];
  return {
    status: outcome === 'deny' ? 'rejected' : output === undefined ? 'accepted' : 'completed',
    ...(reason !== undefined && { statusReason: { text: reason } }),
    ...(output && { output }),
  };
}

const outputOf = (reference: string): NonNullable<Task['output']>[number] => ({
  type: { text: 'correction' },
  valueReference: { reference },
});

/** Who asked learns that there is an answer, and reads it where it is safe. */
function noticeTo(rooms: Rooms, task: Task, { _id, lastUpdated }: Stored): Unit {
  const account = requestingAccount(task);
  if (account === undefined) return [];
  const notice = {
    to: `account:${account}`,
    subject: 'Immunization registry: your wish was answered',
    text: `What you asked to have amended was answered: read Task/${_id}.`,
  };
  return [noticeWrite(rooms.newId(), notice, lastUpdated)];
}
