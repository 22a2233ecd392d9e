/**
 * The Tasks by which pairs of reports that may be one dose wait for a person: one a pair, for as long as it is uncertain. A
 * Task is about both reports, so that it is as hidden as either of them. What is derived here follows from the whole record.
 */
import { createHash } from 'node:crypto';
import type { Task } from '@medplum/fhirtypes';
import { dosesIn, reportsOf, type Dose } from '../../interactions/doses/consolidated.ts';
import { storedForm } from '../../interactions/prepare.ts';
import type { Rooms } from '../../interactions/rooms.ts';
import type { Decisions, Uncertain } from '../../matching/history.ts';
import { concept, scored } from '../../pending/codes.ts';
import { dueIn, requesterOf } from '../../pending/task-of.ts';
import type { Grant } from '../../policy/decide.ts';
import type { Stored } from '../../storage/store.ts';
import { insert, revive, type Unit } from '../../storage/write.ts';
import { changeTask, taskIn } from '../settle/change-task.ts';
import { openTasks } from '../settle/open-tasks.ts';

interface Pair extends Uncertain {
  readonly patient: string;
  /** The organization that sent the less good of the two reports: it may know. */
  readonly sender: string | undefined;
}

/** More than any record has open. */
const MOST_OPEN = 10_000;
const BY_ID = [{ field: '_id', descending: false }] as const;

/** The same pair has the same Task, whoever comes first. */
const pairTaskId = (reports: readonly string[]): string =>
  `dose-pair-${createHash('sha256').update(reports.toSorted().join(' ')).digest('hex').slice(0, 40)}`;

/**
 * The writes by which the Tasks of some records become what their reports ask for.
 * @param grant one that shows every dose of the records
 * @param asDecided adds what is decided in the same transaction
 */
export async function pairTasks(
  rooms: Rooms,
  grant: Grant,
  patients: readonly string[],
  asDecided?: (decisions: Decisions) => Decisions,
): Promise<Unit> {
  const reports = await reportsOf(rooms.store, grant, patients);
  const doses = await dosesIn(rooms.store, reports, asDecided);
  const senders = new Map(reports.map(({ _id, custodians }) => [_id, custodians.at(-1)]));
  const wanted = new Map([...doses].flatMap(([patient, some]) => pairsOf(patient, some, senders)));
  const open = await openOf(rooms, grant, patients);
  const tasks = await rooms.store.whole('Task', [...new Set([...wanted.keys(), ...open])]);
  const known = new Map(tasks.map((task) => [task._id, task]));
  const settled = open.flatMap((id) => (wanted.has(id) ? [] : (known.get(id) ?? [])));
  const raised = await Promise.all(
    [...wanted].map(([id, pair]) => raise(rooms, grant, pair, { id, was: known.get(id) })),
  );
  return [...raised.flat(), ...settled.flatMap((was) => changeTask(rooms, was, SETTLED).unit)];
}

const SETTLED = {
  status: 'completed',
  statusReason: { text: 'Nothing is left to be decided: it was, or the reports have changed.' },
} as const;

const ASKED_AGAIN = { text: 'Asked again: the word was taken back, or the reports have changed.' };

const pairsOf = (
  patient: string,
  doses: readonly Dose[],
  senders: ReadonlyMap<string, string | undefined>,
): (readonly [string, Pair])[] =>
  doses.flatMap(({ uncertain }) =>
    uncertain.map((each): readonly [string, Pair] => [
      pairTaskId(each.reports),
      { ...each, patient, sender: senders.get(each.reports[1]) },
    ]),
  );

async function openOf(
  { store }: Rooms,
  grant: Grant,
  patients: readonly string[],
): Promise<readonly string[]> {
  const found = await store.find(grant, 'Task', {
    where: [{ op: 'in', field: 'patients', keys: patients }, ...openTasks(['dose-review'])],
    order: BY_ID,
    limit: MOST_OPEN,
  });
  return found.map(({ _id }) => _id);
}

interface Known {
  readonly id: string;
  readonly was: Stored | undefined;
}

/** A Task that is new, or was settled and is asked again; what staff have set aside stays so. */
async function raise(rooms: Rooms, grant: Grant, pair: Pair, { id, was }: Known): Promise<Unit> {
  const task = taskOfPair(rooms, pair);
  if (was !== undefined) {
    if (taskIn(was).status !== 'completed') return [];
    const { status, authoredOn, restriction } = task;
    return changeTask(rooms, was, { status, authoredOn, restriction, statusReason: ASKED_AGAIN }).unit;
  }
  const last = await rooms.store.lastPast(grant, 'Task', id);
  const version = { id, version: (last?.version ?? 0) + 1, lastUpdated: rooms.now() };
  const facts = [...(await rooms.store.factsOf('Immunization', pair.reports)).values()].flat();
  const stored = { ...storedForm(rooms, task, version), facts };
  return last === undefined ? insert('Task', stored) : revive('Task', last, stored);
}

function taskOfPair({ now, pack }: Rooms, { reports: [one, other], score, patient, sender }: Pair) {
  const at = now();
  return {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    priority: 'routine',
    code: concept('dose-review'),
    focus: { reference: `Immunization/${one}` },
    for: { reference: `Patient/${patient}` },
    authoredOn: at.toISOString(),
    lastModified: at.toISOString(),
    requester: requesterOf({ client: 'fhir-iis', ...(sender !== undefined && { organization: sender }) }),
    restriction: dueIn(at, pack.pending.days),
    input: [
      {
        extension: [scored(score)],
        type: concept('other-report'),
        valueReference: { reference: `Immunization/${other}` },
      },
    ],
  } as const satisfies Task;
}
