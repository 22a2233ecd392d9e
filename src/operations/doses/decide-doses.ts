/** Patient/[id]/$settle-doses: staff say whether two reports are of one dose, or take back what was said. */
import type { Immunization } from '@medplum/fhirtypes';
import type { Ask } from '../../core/context.ts';
import { fail } from '../../core/failure.ts';
import { parseJson } from '../../fhir/json.ts';
import { targetOf } from '../../search/kinds/reference.ts';
import { absent } from '../../interactions/read.ts';
import { idOf, type Handler, type Rooms } from '../../interactions/rooms.ts';
import { staffOnly } from '../../interactions/staff.ts';
import { writeThrough, type Plan } from '../../interactions/write-through.ts';
import type { Grant } from '../../policy/decide.ts';
import type { Stored } from '../../storage/store.ts';
import { MARKS } from '../../storage/forecast-state.ts';
import type { Unit } from '../../storage/write.ts';
import { inputsOf } from '../inputs.ts';
import { areComparable, DECISIONS, type DoseDecision } from '../../interactions/doses/consolidated.ts';
import { seesAll } from '../forecast/in-sight.ts';
import { immunizationHistory } from './history.ts';
import { pairTasks } from './pair-tasks.ts';

const OUTCOMES = ['same', 'different', 'undecided'] as const;
type Outcome = (typeof OUTCOMES)[number];

export const settleDoses: Handler = async (rooms, ask, grant, entry) => {
  staffOnly(ask.actor);
  const text = inputsOf(ask, ['outcome', 'immunization']).text('outcome');
  const outcome = OUTCOMES.find((each) => each === text);
  if (outcome === undefined)
    return fail('required', `The parameter outcome is one of ${OUTCOMES.join(', ')}.`);
  const pair = pairIn(ask);
  await writeThrough(rooms, { ask, grant, entry }, () => planDecision(rooms, ask, grant, { pair, outcome }));
  const { body: _body, ...rest } = ask;
  return immunizationHistory(rooms, { ...rest, query: [] }, grant, entry);
};

type Pair = readonly [string, string];

/** @throws Failure `required` */
function pairIn({ body }: Ask): Pair {
  const parameters =
    body?.kind === 'resource' && body.resource.resourceType === 'Parameters'
      ? (body.resource.parameter ?? [])
      : [];
  const ids = parameters
    .filter(({ name }) => name === 'immunization')
    .map(({ valueReference }) => targetOf(valueReference?.reference ?? ''))
    .flatMap((target) => (target?.type === 'Immunization' && target.server === '' ? [target.id] : []));
  const [a, b, ...more] = [...new Set(ids)].sort();
  if (a === undefined || b === undefined || more.length > 0)
    return fail('required', 'Name two reports: the parameter immunization twice, each a valueReference.');
  return [a, b];
}

async function planDecision(
  rooms: Rooms,
  ask: Ask,
  grant: Grant,
  { pair, outcome }: { readonly pair: Pair; readonly outcome: Outcome },
): Promise<Plan> {
  const patient = idOf(ask);
  const [a, b] = pair;
  const reports = await Promise.all(
    pair.map((id) => rooms.store.readWhole(grant, 'update', 'Immunization', id)),
  );
  if (!reports.every((each) => each?.patients.includes(patient) === true))
    return absent(rooms, grant, 'Immunization', a);
  if (outcome === 'same') checkComparable(reports.flatMap((each) => each ?? []));
  const _id = `${a} ${b}`;
  const was = (await rooms.store.note(DECISIONS, _id)) as DoseDecision | undefined;
  const doc =
    outcome === 'undecided'
      ? undefined
      : { _id, a, b, verdict: outcome, by: ask.actor.user ?? ask.actor.client, at: rooms.now() };
  const mark = { do: 'insert', in: MARKS, doc: { _id: rooms.newId(), patient } } as const;
  return {
    unit: [],
    own: [
      ...decisionWrites(was, doc, _id),
      mark,
      ...(await tasksOf(rooms, grant, patient, { pair, outcome })),
    ],
    answer: { status: 200 },
    wrote: pair.map((id) => `Immunization/${id}`),
    patients: [patient],
  };
}

/** @throws Failure `business-rule` */
function checkComparable(reports: readonly Stored[]): void {
  const [one, other] = reports.map(({ json }) => parseJson(json) as Immunization);
  if (one !== undefined && other !== undefined && areComparable(one, other)) return;
  fail(
    'business-rule',
    'Reports of vaccines that share no group, or of days further apart than the window, are not of one dose; correct the report that is wrong.',
  );
}

function decisionWrites(was: DoseDecision | undefined, doc: DoseDecision | undefined, _id: string): Unit {
  if (doc === undefined)
    return was === undefined ? [] : [{ do: 'delete', in: DECISIONS, match: { _id, verdict: was.verdict } }];
  if (was === undefined) return [{ do: 'insert', in: DECISIONS, doc }];
  return [{ do: 'replace', in: DECISIONS, match: { _id, verdict: was.verdict }, doc }];
}

/** The Tasks of the record as the decision leaves them; who does not see every dose leaves them to the next review. */
function tasksOf(
  rooms: Rooms,
  grant: Grant,
  patient: string,
  { pair, outcome }: { readonly pair: Pair; readonly outcome: Outcome },
): Promise<Unit> | Unit {
  if (!seesAll(grant)) return [];
  const isOther = (each: readonly string[]): boolean => each.toSorted().join(' ') !== pair.join(' ');
  return pairTasks(rooms, grant, [patient], ({ same, different }) => ({
    same: [...same.filter(isOther), ...(outcome === 'same' ? [pair] : [])],
    different: [...different.filter(isOther), ...(outcome === 'different' ? [pair] : [])],
  }));
}
