/**
 * A flag of the watch over the log becomes a Task for the registry's staff: one a day for each caller and signal,
 * however often it is seen.
 */
import { createHash } from 'node:crypto';
import type { Task } from '@medplum/fhirtypes';
import { SIGNALS, type Flag } from '../audit/misuse.ts';
import type { Ask } from '../core/context.ts';
import type { Rooms } from './rooms.ts';

const SYSTEM = 'https://fhir-iis.org/fhir/identifier/misuse-flag';
const CODES = 'https://fhir-iis.org/fhir/CodeSystem/misuse-signal';
/** What a person needs to begin; the rest is in the log. */
const MOST_NAMED = 20;

/** Puts a flag before the staff, through the door as everything else. */
export async function raiseTask(rooms: Rooms, flag: Flag): Promise<void> {
  const now = rooms.now();
  const value = keyOf(flag, now);
  const ask: Ask = {
    interaction: 'create',
    type: 'Task',
    actor: { client: 'fhir-iis', role: 'system', purpose: 'HSYSADMIN' },
    requestId: `misuse-${value}`,
    door: 'command',
    query: [],
    queryInUrl: false,
    conditions: { ifNoneExist: [['identifier', `${SYSTEM}|${value}`]] },
    prefer: { return: 'minimal' },
    body: { kind: 'resource', resource: taskOf(flag, value, now) },
  };
  const { status } = await rooms.handle(ask);
  if (status !== 201) return;
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
function taskOf({ signal, caller, patients, count }: Flag, value: string, now: Date): Task {
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
