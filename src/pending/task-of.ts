/**
 * The Task by which a record waits for a person (https://hl7.org/fhir/R4/task.html): whom it may be of, and until when
 * it is to be settled. It says nothing of the record itself, which only staff see ($review).
 */
import { DAY_MS } from '../core/civil-day.ts';
import type { Task, TaskInput } from '@medplum/fhirtypes';
import type { Actor } from '../core/context.ts';
import { concept, MATCH_GRADE, scored, type TaskCode } from './codes.ts';

/** A person on file, and how likely it is the one. */
export interface Likely {
  readonly patient: string;
  readonly score: number;
  readonly grade: string;
}

export interface Waits {
  readonly code: Extract<TaskCode, 'match-review' | 'possible-duplicate'>;
  readonly reason: Extract<TaskCode, 'too-little' | 'uncertain' | 'ambiguous' | 'reported'>;
  readonly likely: readonly Likely[];
  /** The record on file that it is about. */
  readonly about?: string;
  readonly actor: Actor;
  readonly now: Date;
  /** In which it is to be settled (the pack's `pending`). */
  readonly days: number;
}

/** Until when what waits from now on is to be settled. */
export const dueIn = (now: Date, days: number): NonNullable<Task['restriction']> => ({
  period: { end: new Date(now.getTime() + days * DAY_MS).toISOString() },
});

/** A person can look through as many. */
const MOST_LIKELY = 20;

const inputOf = ({ patient, score, grade }: Likely): TaskInput => ({
  extension: [{ url: MATCH_GRADE, valueCode: grade }, scored(score)],
  type: concept('candidate'),
  valueReference: { reference: `Patient/${patient}` },
});

/** Whoever sent it, where it is an organisation or a program of this registry. */
export const requesterOf = ({
  organization,
  client,
}: Pick<Actor, 'organization' | 'client'>): NonNullable<Task['requester']> =>
  organization === undefined
    ? { identifier: { value: client } }
    : { reference: organization.includes('/') ? organization : `Organization/${organization}` };

export function taskOf({ code, reason, likely, about, actor, now, days }: Waits): Task {
  const input = likely.slice(0, MOST_LIKELY).map(inputOf);
  return {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    priority: 'routine',
    code: concept(code),
    reasonCode: concept(reason),
    authoredOn: now.toISOString(),
    lastModified: now.toISOString(),
    requester: requesterOf(actor),
    restriction: dueIn(now, days),
    ...(about !== undefined && { for: { reference: `Patient/${about}` } }),
    ...(input.length > 0 && { input }),
  };
}
