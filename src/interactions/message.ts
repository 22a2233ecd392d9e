/** The message that a door was given, kept sealed in the transaction of what was made of it, and never without it. */
import type { Ask } from '../core/context.ts';
import { MESSAGES } from '../storage/sealed-places.ts';
import { sealingOf } from '../storage/secrets.ts';
import type { Stored } from '../storage/store.ts';
import type { Unit } from '../storage/write.ts';
import type { Rooms } from './rooms.ts';
import type { Plan } from './write-through.ts';

/** What is found in a message is counted with the message, and not once more with what it made. */
export const judgedUnit = ({ message }: Ask, unit: Unit): Unit =>
  message === undefined
    ? unit
    : unit.map((write) =>
        write.do === 'delete' || !('judged' in write.doc)
          ? write
          : { ...write, doc: withoutJudgement(write.doc) },
      );

function withoutJudgement<D extends Pick<Stored, '_id' | 'judged'>>({
  judged: _judged,
  ...rest
}: D): Omit<D, 'judged'> {
  return rest;
}

/** The write that keeps the original of an ask that changes something. */
export function messageOf({ secrets, newId, now }: Rooms, { message }: Ask, plan: Plan): Unit {
  if (message === undefined || plan.unit.length === 0) return [];
  const { text, facts } = message;
  const { wrote, patients } = plan;
  const sealed = sealingOf(secrets, MESSAGES).seal(text);
  return [
    { do: 'insert', in: MESSAGES, doc: { _id: newId(), at: now(), ...facts, wrote, patients, sealed } },
  ];
}
