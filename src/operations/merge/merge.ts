/**
 * Patient/$merge, after R5 (https://hl7.org/fhir/patient-operation-merge.html): two records of one person become one.
 * The record that is merged away stays, with its history, and leads to the survivor; all that was part of it moves.
 */
import type { Answer, Ask } from '../../core/context.ts';
import { fail } from '../../core/failure.ts';
import { FORWARDS, type Forward } from '../../interactions/forwards.ts';
import { versionedReference } from '../../interactions/answers.ts';
import { absent } from '../../interactions/read.ts';
import type { Handler, Rooms } from '../../interactions/rooms.ts';
import { staffOnly } from '../../interactions/staff.ts';
import { unrecorded, writeThrough, type Plan } from '../../interactions/write-through.ts';
import type { Grant } from '../../policy/decide.ts';
import type { Stored } from '../../storage/store.ts';
import { supersede, type Unit } from '../../storage/write.ts';
import { inputsOf, referenceIn } from '../inputs.ts';
import { parametersAnswer } from '../parameters.ts';
import { MERGES, type Merge } from './merges.ts';
import { moveAll, partsOf } from './moves.ts';
import { provenanceOf } from './provenance.ts';
import { statusesUnited } from './statuses.ts';
import { replacedForm, survivorForm } from './survivor-form.ts';

/** So many resources move in the merge's own transaction; of larger records the rest follows in others. */
const TOGETHER = 500;
const INPUTS = ['source-patient', 'target-patient', 'preview', 'reason'];

interface Wish {
  readonly source: string;
  readonly target: string;
  readonly reason: string | undefined;
}

export const merge: Handler = async (rooms, ask, grant, entry) => {
  staffOnly(ask.actor);
  const inputs = inputsOf(ask, INPUTS);
  const wish: Wish = { ...sidesOf(ask), reason: inputs.text('reason') };
  if (inputs.flag('preview') === true) return preview(rooms, grant, wish);
  const answer = await writeThrough(rooms, { ask, grant, entry }, () => planMerge(rooms, ask, grant, wish));
  await moveRest(rooms, wish.source);
  return answer;
};

/** @throws Failure `required` or `invalid-value` */
function sidesOf(ask: Ask): Pick<Wish, 'source' | 'target'> {
  const source = referenceIn(ask, 'source-patient', 'Patient');
  const target = referenceIn(ask, 'target-patient', 'Patient');
  if (source === undefined || target === undefined)
    return fail(
      'required',
      'Name both records: source-patient, which goes, and target-patient, which stays.',
    );
  if (source === target) fail('business-rule', 'A record cannot be merged into itself.');
  return { source, target };
}

interface Sides {
  readonly source: Stored;
  readonly target: Stored;
}

async function bothOf(rooms: Rooms, grant: Grant, { source, target }: Wish): Promise<Sides> {
  const [from, into] = await Promise.all(
    [source, target].map(
      async (id) =>
        (await rooms.store.readWhole(grant, 'update', 'Patient', id)) ?? absent(rooms, grant, 'Patient', id),
    ),
  );
  if (from === undefined || into === undefined) return fail('not-found', 'There is no such patient.');
  return { source: from, target: into };
}

/** @throws Failure `conflict` for a record that was merged away */
function inUse({ source, target }: Sides): void {
  if (source.replacedBy !== undefined || target.replacedBy !== undefined)
    fail('conflict', 'One of the records was merged into another before; name the one that is in use.');
}

async function preview(rooms: Rooms, grant: Grant, wish: Wish): Promise<Answer> {
  const sides = await bothOf(rooms, grant, wish);
  inUse(sides);
  return answerOf(survivorForm(rooms, sides.target, sides.source));
}

const answerOf = ({ json }: Stored): Answer =>
  parametersAnswer([{ name: 'return', resource: JSON.parse(json) as never }]);

async function planMerge(rooms: Rooms, ask: Ask, grant: Grant, wish: Wish): Promise<Plan> {
  const sides = await bothOf(rooms, grant, wish);
  const earlier = (await rooms.store.note(MERGES, wish.source)) as Merge | undefined;
  if (earlier?.state === 'moving' && earlier.target === wish.target) return asMerged(sides);
  inUse(sides);
  const survivor = survivorForm(rooms, sides.target, sides.source);
  const replaced = replacedForm(rooms, sides.source, wish.target);
  const touched = (await rooms.store.standings([wish.source])).get(wish.source)?.touched ?? 0;
  const parts = await partsOf(rooms, wish.source, TOGETHER + 1);
  const statuses = await statusesUnited(rooms, wish);
  const doc: Merge = {
    _id: wish.source,
    target: wish.target,
    turn: (earlier?.turn ?? 0) + 1,
    state: parts.length > TOGETHER ? 'moving' : 'merged',
    at: rooms.now(),
    statuses,
    texts: {
      source: { before: sides.source.json, after: replaced.json },
      target: { before: sides.target.json, after: survivor.json },
    },
  };
  const forward: Forward = { _id: wish.source, to: wish.target, touched };
  return {
    unit: [],
    own: [
      ...supersede('Patient', sides.target, survivor),
      ...supersede('Patient', sides.source, replaced),
      { do: 'insert', in: FORWARDS, doc: forward },
      ...noted(earlier, doc),
      ...moveAll(rooms, doc, parts.slice(0, TOGETHER)),
      ...provenanceOf(rooms, ask, 'merge', { people: [survivor, replaced], reason: wish.reason }),
    ],
    told: [{ patient: wish.target, become: statuses.after }],
    answer: answerOf(survivor),
    wrote: [survivor, replaced].map(({ _id, version }) => versionedReference('Patient', _id, version)),
    patients: [wish.target, wish.source],
  };
}

/** The note of a merge in place of an earlier one's of the same record. */
export const noted = (earlier: Merge | undefined, doc: Merge): Unit =>
  earlier === undefined
    ? [{ do: 'insert', in: MERGES, doc }]
    : [
        {
          do: 'replace',
          in: MERGES,
          match: { _id: doc._id, turn: earlier.turn, state: earlier.state },
          doc,
        },
      ];

/** It was begun before; what is left of it is done now. */
const asMerged = ({ target }: Sides): Plan => ({
  unit: [],
  answer: answerOf(target),
  wrote: [],
  patients: target.patients,
});

/** What a first transaction had no room for; each step can be begun again. */
async function moveRest(rooms: Rooms, source: string): Promise<void> {
  while (((await rooms.store.note(MERGES, source)) as Merge | undefined)?.state === 'moving')
    await unrecorded(rooms, () => nextMoves(rooms, source));
}

async function nextMoves(rooms: Rooms, source: string): Promise<Unit> {
  const doc = (await rooms.store.note(MERGES, source)) as Merge | undefined;
  if (doc?.state !== 'moving') return [];
  const parts = await partsOf(rooms, source, TOGETHER);
  return parts.length === 0 ? noted(doc, { ...doc, state: 'merged' }) : moveAll(rooms, doc, parts);
}
