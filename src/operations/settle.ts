/**
 * Task/[id]/$settle: staff say whose record it is that waits, and what came goes its way. The word is kept first, so that
 * whatever ends the rest can be begun again; the sender is told when it is done.
 */
import type { TaskOutput } from '@medplum/fhirtypes';
import type { Ask, Answer } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { shown } from '../interactions/answers.ts';
import { absent } from '../interactions/read.ts';
import { idOf, type Handler, type Rooms } from '../interactions/rooms.ts';
import { staffOnly } from '../interactions/staff.ts';
import { unrecorded, writeThrough, type Plan } from '../interactions/write-through.ts';
import { isCode } from '../pending/codes.ts';
import { keptAsk, resourceOf, type Pending } from '../pending/kept-ask.ts';
import type { Placement } from '../pending/placement.ts';
import type { Grant } from '../policy/decide.ts';
import type { Stored } from '../storage/store.ts';
import { inputsOf, referenceIn, type Inputs } from './inputs.ts';
import { changeTask, taskIn, type Settling } from './settle/change-task.ts';
import { told } from './settle/told.ts';
import { PENDING } from '../storage/sealed-places.ts';

const OUTCOMES = { 'same-person': 'same', 'new-person': 'new', reject: 'rejected' } as const;
export type Outcome = keyof typeof OUTCOMES;

export const settle: Handler = async (rooms, ask, grant, entry) => {
  staffOnly(ask.actor);
  const settling = await settlingOf(rooms, ask, grant);
  await writeThrough(rooms, { ask, grant, entry }, () => decided(rooms, grant, settling));
  const { pending, outcome } = settling;
  const result = pending === undefined || outcome === 'reject' ? undefined : await goesOn(rooms, pending);
  return finished(rooms, grant, settling, result);
};

async function settlingOf(rooms: Rooms, ask: Ask, grant: Grant): Promise<Settling> {
  const inputs = inputsOf(ask, ['outcome', 'patient', 'reason']);
  const outcome = outcomeIn(inputs);
  const patient = referenceIn(ask, 'patient', 'Patient');
  if ((outcome === 'same-person') !== (patient !== undefined))
    fail(
      'required',
      'The outcome same-person, and no other, names the person on file as the parameter patient.',
    );
  if (patient !== undefined && (await rooms.store.read(grant, 'read', 'Patient', patient)) === undefined)
    await absent(rooms, grant, 'Patient', patient);
  const id = idOf(ask);
  const pending = (await rooms.store.note(PENDING, id)) as Pending | undefined;
  const reason = inputs.text('reason');
  return { id, outcome, pending, ...(patient && { patient }), ...(reason && { reason }) };
}

function outcomeIn(inputs: Inputs): Outcome {
  const text = inputs.text('outcome');
  const known = Object.keys(OUTCOMES) as Outcome[];
  return (
    known.find((each) => each === text) ??
    fail('required', `The parameter outcome is one of ${known.join(', ')}.`)
  );
}

/** The Task and the word about the record, as one. Of a Task whose word is kept the rest is begun again. */
async function decided(rooms: Rooms, grant: Grant, settling: Settling): Promise<Plan> {
  const was = await rooms.store.readWhole(grant, 'update', 'Task', settling.id);
  if (was === undefined) return absent(rooms, grant, 'Task', settling.id);
  const task = taskIn(was);
  const word = await wordOf(rooms, settling);
  if (task.status === 'accepted' && word?.state === OUTCOMES[settling.outcome]) return NOTHING;
  if (task.status !== 'requested') return fail('conflict', 'The Task is settled already.');
  checkKind(was, settling);
  const next = changeTask(rooms, was, {
    status: settling.outcome === 'reject' ? 'rejected' : 'accepted',
    ...(settling.reason !== undefined && { statusReason: { text: settling.reason } }),
  });
  return { ...next, unit: [], own: [...next.unit, ...remembered(word, settling)] };
}

const NOTHING: Plan = { unit: [], answer: { status: 200 }, wrote: [], patients: [] };

async function wordOf(rooms: Rooms, { pending }: Settling): Promise<Placement | undefined> {
  if (pending === undefined) return undefined;
  return (await rooms.store.note('placements', pending.placement)) as Placement | undefined;
}

/** @throws Failure `business-rule` for a Task of another kind, or a word that it cannot have */
function checkKind(was: Stored, { pending, outcome }: Settling): void {
  const { code } = taskIn(was);
  if (isCode(code, 'match-review') && pending !== undefined) return;
  if (!isCode(code, 'possible-duplicate'))
    fail('business-rule', 'Only a record that waits to be told apart can be settled.');
  if (outcome !== 'new-person')
    fail(
      'business-rule',
      'These are two records on file: settle that they are one person by Patient/$merge.',
    );
}

function remembered(word: Placement | undefined, { outcome, patient }: Settling): NonNullable<Plan['own']> {
  if (word === undefined) return [];
  const state = OUTCOMES[outcome];
  const doc: Placement = { _id: word._id, task: word.task, state, ...(patient !== undefined && { patient }) };
  return [{ do: 'replace', in: 'placements', match: { _id: word._id, state: word.state }, doc }];
}

/** What came is asked again as it came, by whoever sent it: it is placed by the word that is kept now. */
async function goesOn(rooms: Rooms, pending: Pending): Promise<Answer> {
  const kept = keptAsk(rooms.secrets, pending);
  const ask = { ...kept.ask, requestId: rooms.newId() };
  const resume = rooms.resume?.get(pending.door);
  if (resume !== undefined) return resume({ ...kept, ask });
  return rooms.handle({ ...ask, body: { kind: 'resource', resource: resourceOf(kept) } });
}

/** The Task says what came of it, and the sender is told. */
async function finished(
  rooms: Rooms,
  grant: Grant,
  settling: Settling,
  result: Answer | undefined,
): Promise<Answer> {
  await unrecorded(rooms, async () => {
    const was = await rooms.store.readWhole(grant, 'update', 'Task', settling.id);
    if (was === undefined || taskIn(was).output !== undefined) return [];
    const patient = settling.patient ?? (await wordOf(rooms, settling))?.patient;
    const { next, unit } = changeTask(rooms, was, {
      ...(taskIn(was).status === 'accepted' && { status: 'completed' }),
      ...(patient !== undefined && { for: { reference: `Patient/${patient}` } }),
      output: [outputOf(result)],
    });
    return [...unit, ...told(rooms, taskIn(next), settling.outcome)];
  });
  const task = await rooms.store.read(grant, 'read', 'Task', settling.id);
  return task === undefined ? absent(rooms, grant, 'Task', settling.id) : shown(task);
}

const outputOf = (result: Answer | undefined): TaskOutput => ({
  type: { text: 'result' },
  ...(result?.location === undefined
    ? { valueString: result === undefined ? 'nothing was filed' : 'filed' }
    : { valueReference: { reference: result.location } }),
});
