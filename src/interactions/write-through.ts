/**
 * The way of every write: plan it on what is stored now, do it with its record in one transaction, and where
 * another write came between, plan again. Nothing is kept from an attempt that was not done.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Entry } from '../audit/record.ts';
import type { Answer, Ask } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import type { Grant } from '../policy/decide.ts';
import type { Deed, Unit } from '../storage/write.ts';
import { checkPlaced } from './admit.ts';
import { answerKeyOf, replay, storedAnswer } from './idempotency.ts';
import { filed } from './directives.ts';
import { judgedUnit, messageOf } from './message.ts';
import { placed } from './records.ts';
import type { Rooms } from './rooms.ts';
import { sighted, stated } from './sight.ts';
import { toldInAnswer } from './status-answers.ts';
import type { Told } from './statuses.ts';
import { targetOf } from './turns.ts';

const ATTEMPTS = 12;
const LONGEST_PAUSE_MS = 100;

/** What is to be done, and what to answer once it is. */
export interface Plan {
  /** Empty where nothing has to change. */
  readonly unit: Unit;
  /** What the registry writes of itself beside it: placed already, and no matter of the caller's sight. */
  readonly own?: Unit;
  /** What is said of statuses beside it (statuses.ts). */
  readonly told?: readonly Told[];
  readonly answer: Answer;
  /** `Type/id/_history/version` of what it writes, or finds already there. */
  readonly wrote: readonly string[];
  /** Whose record changes or is shown. */
  readonly patients: readonly string[];
}

/**
 * Plans and commits until it is done.
 * @throws Failure `conflict` where other writers kept winning; and whatever the plan throws
 */
export function writeThrough(rooms: Rooms, asked: Asked, plan: () => Promise<Plan>): Promise<Answer> {
  return rooms.inTurn(targetOf(asked.ask), () => untilDone(rooms, asked, plan));
}

interface Asked {
  readonly ask: Ask;
  readonly grant: Grant;
  readonly entry: Entry;
}

async function untilDone(
  rooms: Rooms,
  { ask, grant, entry }: Asked,
  plan: () => Promise<Plan>,
): Promise<Answer> {
  const key = answerKeyOf(rooms, ask);
  for (let tries = 1; tries <= ATTEMPTS; tries += 1) {
    entry.startAgain();
    const earlier = key && (await rooms.store.note('answers', key.id));
    if (earlier) return replay(rooms, { ask, grant, entry }, key, earlier);
    const planned = await placed(rooms, await filed(rooms, { ask, grant }, await plan()));
    checkPlaced(rooms, { ask, grant }, planned.unit);
    const { deeds: unit, statuses } = await stated(
      rooms,
      [...judgedUnit(ask, planned.unit), ...(planned.own ?? [])],
      planned.told,
    );
    for (const reference of planned.wrote) entry.wrote(reference);
    entry.concerns(planned.patients);
    const answer = await toldInAnswer(rooms, grant, planned.answer, statuses);
    if (unit.length === 0 && key === undefined) return answer;
    const remembered: Unit = key ? [storedAnswer(key, planned, rooms.now())] : [];
    const record = entry.draft(planned.answer.status);
    const clash = await rooms.store.commit(
      [...unit, ...remembered, ...messageOf(rooms, ask, planned)],
      record,
    );
    if (clash === undefined) {
      entry.committed();
      return answer;
    }
    await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** tries));
  }
  return fail('conflict', 'Other writes to the same resource kept coming between; send the request again.');
}

/**
 * What the registry writes of itself once a request is recorded: the rest of work that was too large for one
 * transaction, or that had to wait for its first part.
 * @throws Failure `conflict` where other writers kept winning
 */
export const unrecorded = (rooms: Rooms, plan: () => Promise<Unit>): Promise<void> =>
  doneSurely(rooms, async () => sighted(rooms, await plan()));

/**
 * Does what is planned on what is there, again where another write came between; nothing, where nothing is planned.
 * @throws Failure `conflict` where other writers kept winning
 */
export async function doneSurely(rooms: Rooms, plan: () => Promise<readonly Deed[]>): Promise<void> {
  for (let tries = 1; tries <= ATTEMPTS; tries += 1) {
    const deeds = await plan();
    if (deeds.length === 0) return;
    const clash = await rooms.store.commit(deeds);
    if (clash === undefined) return;
    await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** tries));
  }
  fail('conflict', 'Other writes to the same resource kept coming between; send the request again.');
}
