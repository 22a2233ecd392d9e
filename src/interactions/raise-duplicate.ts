/** Somebody who may not merge says that two records on file are one person's: the staff settle it, once for each who says so. */
import { createHash } from 'node:crypto';
import type { Task } from '@medplum/fhirtypes';
import type { Actor, Message } from '../core/context.ts';
import { gradeOf } from '../matching/patients.ts';
import { probabilityOf } from '../matching/score.ts';
import { scorerFor } from '../matching/scorers.ts';
import { requesterOf, taskOf, type Likely } from '../pending/task-of.ts';
import type { Stored } from '../storage/store.ts';
import { ownAsk } from './own-ask.ts';
import { storedPerson } from './person-of-record.ts';
import { raiseOnce, type OnlyTask } from './raise-task.ts';
import type { Rooms } from './rooms.ts';

const SYSTEM = 'https://fhir-iis.org/fhir/identifier/reported-duplicate';

export interface Reported {
  /** The record that would stay. */
  readonly about: string;
  readonly other: string;
  /** Who says so, and is told what comes of it. */
  readonly actor: Actor;
  /** In which it was said. */
  readonly message: Message;
}

/** `settled` where the staff have looked at the two before, and left them as they are. */
export type State = 'waits' | 'settled';

/** Puts it before the staff. */
export async function raiseDuplicate(rooms: Rooms, reported: Reported): Promise<State> {
  const { about, other, actor, message } = reported;
  const pair = await pairOf(rooms, reported);
  if (isLinked(pair)) return 'settled';
  const value = createHash('sha256')
    .update(JSON.stringify([requesterOf(actor), [about, other].sort()]))
    .digest('base64url');
  const task: OnlyTask = {
    ...taskOf({
      ...{ code: 'possible-duplicate', reason: 'reported', likely: [await likelihood(rooms, other, pair)] },
      ...{ about, actor, now: rooms.now(), days: rooms.pack.pending.days },
    }),
    identifier: [{ system: SYSTEM, value }],
  };
  if (await raiseOnce(rooms, task, message)) return 'waits';
  const { body = '{}' } = await rooms.handle(
    ownAsk(rooms, {
      interaction: 'search-type',
      type: 'Task',
      query: [['identifier', `${SYSTEM}|${value}`]],
    }),
  );
  const { entry = [] } = JSON.parse(body) as { readonly entry?: readonly { readonly resource: Task }[] };
  return entry[0]?.resource.status === 'requested' ? 'waits' : 'settled';
}

/** The record of its own that a submitter has of somebody whom it does not see is that person's as it is. */
const isLinked = ({ about, other }: Pair): boolean =>
  (about?.linkedTo !== undefined && about.linkedTo.person === other?._id) ||
  (other?.linkedTo !== undefined && other.linkedTo.person === about?._id);

interface Pair {
  readonly about: Stored | undefined;
  readonly other: Stored | undefined;
}

async function pairOf({ store }: Rooms, { about, other }: Reported): Promise<Pair> {
  const stored = new Map((await store.whole('Patient', [about, other])).map((each) => [each._id, each]));
  return { about: stored.get(about), other: stored.get(other) };
}

/** What the registry itself makes of the two, for those who settle it. */
async function likelihood(
  { store, matching }: Rooms,
  other: string,
  { about: one, other: two }: Pair,
): Promise<Likely> {
  if (one === undefined || two === undefined) return { patient: other, score: 0, grade: 'certainly-not' };
  const scorer = scorerFor(matching.weights, await store.size('Patient'));
  const scored = scorer.score(storedPerson(one), storedPerson(two));
  return {
    patient: other,
    score: probabilityOf(scored.bits),
    grade: gradeOf(scored, matching.thresholds),
  };
}
