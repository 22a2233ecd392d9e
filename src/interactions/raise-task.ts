/**
 * What the server itself sees becomes a Task for the registry's staff, once however often it is seen; a flag of the watch
 * over the log once a day for each caller and signal.
 */
import { createHash } from 'node:crypto';
import type { Task } from '@medplum/fhirtypes';
import { SIGNALS, type Flag } from '../audit/misuse.ts';
import type { Message } from '../core/context.ts';
import { ownAsk } from './own-ask.ts';
import type { Rooms } from './rooms.ts';

const SYSTEM = 'https://fhir-iis.org/fhir/identifier/misuse-flag';
const CODES = 'https://fhir-iis.org/fhir/CodeSystem/misuse-signal';
/** What a person needs to begin; the rest is in the log. */
const MOST_NAMED = 20;

/** A Task with the one identifier that makes it this and no other. */
export type OnlyTask = Task & { readonly identifier: [{ readonly system: string; readonly value: string }] };

/**
 * Puts a Task before the staff, through the door as everything else.
 * @param message what it was raised for, which is kept beside it
 * @returns whether there was none of its identifier before
 */
export async function raiseOnce(rooms: Rooms, task: OnlyTask, message?: Message): Promise<boolean> {
  const [{ system, value }] = task.identifier;
  const ask = ownAsk(rooms, {
    interaction: 'create',
    type: 'Task',
    conditions: { ifNoneExist: [['identifier', `${system}|${value}`]] },
    prefer: { return: 'minimal' },
    body: { kind: 'resource', resource: task },
    ...(message && { message }),
  });
  return (await rooms.handle(ask)).status === 201;
}

/** Puts a flag before the staff. */
export async function raiseTask(rooms: Rooms, flag: Flag): Promise<void> {
  const now = rooms.now();
  if (!(await raiseOnce(rooms, taskOf(flag, keyOf(flag, now), now)))) return;
  const { client, user, organization } = flag.caller;
  await rooms.happened({
    what: 'flag',
    outcome: 'done',
    detail: {
      ...{ signal: flag.signal, client },
      ...(user !== undefined && { user }),
      ...(organization !== undefined && { organization }),
    },
  });
}

const keyOf = ({ signal, caller: { client, user } }: Flag, now: Date): string =>
  createHash('sha256')
    .update(JSON.stringify([signal, client, user ?? null, now.toISOString().slice(0, 10)]))
    .digest('base64url');

/** It is in nobody's record: patients are named as text, so that they are not told who was suspected. */
function taskOf({ signal, caller, patients, count }: Flag, value: string, now: Date): OnlyTask {
  const { client, user, organization } = caller;
  const input = (text: string, valueString: string) => ({ type: { text }, valueString });
  return {
    resourceType: 'Task',
    identifier: [{ system: SYSTEM, value }],
    status: 'requested',
    intent: 'order',
    priority: 'asap',
    code: { coding: [{ system: CODES, code: signal }], text: SIGNALS[signal] },
    description: `${SIGNALS[signal]} Look at the audit log before anybody is accused of anything.`,
    authoredOn: now.toISOString(),
    lastModified: now.toISOString(),
    input: [
      input('client', client),
      ...(user === undefined ? [] : [input('user', user)]),
      ...(organization === undefined ? [] : [input('organization', organization)]),
      input('count', String(count)),
      ...patients.slice(0, MOST_NAMED).map((id) => input('patient', id)),
    ],
  };
}
