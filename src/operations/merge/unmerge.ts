/**
 * Patient/$unmerge: a merge is taken back. Each record is what it was; what came after the merge stays where it is, and
 * what was changed since keeps the change.
 */
import type { Patient, Resource } from '@medplum/fhirtypes';
import type { Answer, Ask } from '../../core/context.ts';
import { fail } from '../../core/failure.ts';
import { parseJson } from '../../fhir/json.ts';
import { versionedReference } from '../../interactions/answers.ts';
import { FORWARDS } from '../../interactions/forwards.ts';
import { absent } from '../../interactions/read.ts';
import type { Handler, Rooms } from '../../interactions/rooms.ts';
import { staffOnly } from '../../interactions/staff.ts';
import { unrecorded, writeThrough, type Plan } from '../../interactions/write-through.ts';
import type { Grant } from '../../policy/decide.ts';
import type { Stored } from '../../storage/store.ts';
import { supersede, type Unit } from '../../storage/write.ts';
import { inputsOf, referenceIn } from '../inputs.ts';
import { parametersAnswer } from '../parameters.ts';
import { noted } from './merge.ts';
import { MERGES, MOVES, moveKey, type Merge, type Move, type Texts } from './merges.ts';
import { movedForm, versionOf, writesOf, type Part } from './moves.ts';
import { provenanceOf } from './provenance.ts';
import { statusesParted } from './statuses.ts';
import { without } from './three-way.ts';

const TOGETHER = 500;

export const unmerge: Handler = async (rooms, ask, grant, entry) => {
  staffOnly(ask.actor);
  const inputs = inputsOf(ask, ['source-patient', 'reason']);
  const source = referenceIn(ask, 'source-patient', 'Patient');
  if (source === undefined) return fail('required', 'Name the record that was merged away: source-patient.');
  const reason = inputs.text('reason');
  const answer = await writeThrough(rooms, { ask, grant, entry }, () =>
    planUndo(rooms, ask, grant, { source, reason }),
  );
  await returnRest(rooms, source);
  return answer;
};

interface Wish {
  readonly source: string;
  readonly reason: string | undefined;
}

async function whole(rooms: Rooms, grant: Grant, id: string): Promise<Stored> {
  const stored = await rooms.store.readWhole(grant, 'update', 'Patient', id);
  return stored ?? absent(rooms, grant, 'Patient', id);
}

async function planUndo(rooms: Rooms, ask: Ask, grant: Grant, { source, reason }: Wish): Promise<Plan> {
  const merge = (await rooms.store.note(MERGES, source)) as Merge | undefined;
  if (merge === undefined || merge.state === 'undone')
    return fail('business-rule', 'This record is not merged into another.');
  if (merge.state === 'moving')
    return fail('conflict', 'The merge is not finished; send it again, and take it back then.');
  const [replaced, survivor] = await Promise.all([
    whole(rooms, grant, source),
    whole(rooms, grant, merge.target),
  ]);
  if (merge.state === 'undoing') return asUndone(replaced, survivor);
  if (survivor.replacedBy !== undefined)
    return fail('conflict', 'The survivor was merged into another record since; take that back first.');
  const [own, other] = [
    asBefore(rooms, replaced, merge.texts.source),
    asBefore(rooms, survivor, merge.texts.target),
  ];
  const moves = await rooms.store.notes<Move>(MOVES, { merge: moveKey(merge) }, TOGETHER + 1);
  const doc: Merge = { ...merge, state: moves.length > TOGETHER ? 'undoing' : 'undone' };
  return {
    unit: [],
    own: [
      ...supersede('Patient', replaced, own),
      ...supersede('Patient', survivor, other),
      { do: 'delete', in: FORWARDS, match: { _id: source, to: merge.target } },
      ...noted(merge, doc),
      ...(await returned(rooms, merge, moves.slice(0, TOGETHER))),
      ...provenanceOf(rooms, ask, 'unmerge', { people: [own, other], reason }),
    ],
    told: [{ patient: merge.target, become: await statusesParted(rooms, merge) }],
    answer: answerOf(own, other),
    wrote: [own, other].map(({ _id, version }) => versionedReference('Patient', _id, version)),
    patients: [source, merge.target],
  };
}

const resourceOf = ({ json }: Pick<Stored, 'json'>): never => JSON.parse(json) as never;

const answerOf = (source: Stored, target: Stored): Answer =>
  parametersAnswer([
    { name: 'source-patient', resource: resourceOf(source) },
    { name: 'target-patient', resource: resourceOf(target) },
  ]);

const asUndone = (source: Stored, target: Stored): Plan => ({
  unit: [],
  answer: answerOf(source, target),
  wrote: [],
  patients: [...source.patients, ...target.patients],
});

/** A Patient without what the merge did to it. */
function asBefore(rooms: Rooms, stored: Stored, { before, after }: Texts): Stored {
  const [then, merged, now] = [before, after, stored.json].map((json) => parseJson(json) as Patient);
  const patient = without(then as Patient, merged as Patient, now as Patient);
  const { replacedBy: _replacedBy, ...was } = secretsLeft(stored, patient);
  return versionOf(rooms, patient, was);
}

/** Numbers that came with the merge leave with it: masks and secrets stand in one order. */
function secretsLeft(survivor: Stored, patient: Patient): Stored {
  const masked = (one: Patient) =>
    (one.identifier ?? []).filter(({ value }) => value?.startsWith('*') === true);
  const [all, left] = [masked(parseJson(survivor.json) as Patient), masked(patient)];
  if (all.length === left.length) return survivor;
  const keys = left.map((each) => JSON.stringify(each));
  const secrets = (survivor.secrets ?? []).filter((_, at) => keys.includes(JSON.stringify(all[at])));
  return { ...survivor, secrets };
}

/** What moved goes back; of what was changed since only the person is changed, what is gone stays gone. */
async function returned(rooms: Rooms, merge: Merge, moves: readonly Move[]): Promise<Unit> {
  const types = [...Map.groupBy(moves, ({ type }) => type)];
  const units = await Promise.all(types.map(([type, some]) => returnSome(rooms, merge, type, some)));
  return units.flat();
}

async function returnSome(rooms: Rooms, merge: Merge, type: string, moves: readonly Move[]): Promise<Unit> {
  const changed = moves.filter(({ was, wrote }) => was !== wrote);
  const [now, texts] = await Promise.all([
    rooms.store.whole(
      type,
      moves.map(({ id }) => id),
    ),
    rooms.store.pastTexts(
      type,
      changed.map(({ id, was }) => ({ id, version: was })),
    ),
  ]);
  const byId = new Map(now.map((stored) => [stored._id, stored]));
  return moves.flatMap((move) => {
    const forget: Unit = [{ do: 'delete', in: MOVES, match: { _id: move._id } }];
    const stored = byId.get(move.id);
    if (stored?.patients.includes(merge.target) !== true) return forget;
    const text = stored.version === move.wrote ? texts.get(move.id) : undefined;
    return [...writesOf(type, stored, returnedForm(rooms, merge, { type, stored }, text)), ...forget];
  });
}

/** Unchanged since, it is what it was before; else it is what it is now, in the other record. */
const returnedForm = (rooms: Rooms, merge: Merge, part: Part, text: string | undefined): Stored =>
  text === undefined
    ? movedForm(rooms, part, { from: merge.target, to: merge._id })
    : versionOf(rooms, parseJson(text) as Resource, part.stored);

async function returnRest(rooms: Rooms, source: string): Promise<void> {
  while (((await rooms.store.note(MERGES, source)) as Merge | undefined)?.state === 'undoing')
    await unrecorded(rooms, () => nextReturns(rooms, source));
}

async function nextReturns(rooms: Rooms, source: string): Promise<Unit> {
  const merge = (await rooms.store.note(MERGES, source)) as Merge | undefined;
  if (merge?.state !== 'undoing') return [];
  const moves = await rooms.store.notes<Move>(MOVES, { merge: moveKey(merge) }, TOGETHER);
  return moves.length === 0 ? noted(merge, { ...merge, state: 'undone' }) : returned(rooms, merge, moves);
}
