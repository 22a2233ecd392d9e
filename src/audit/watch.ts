/**
 * The watch over the log: reads what was recorded in the last hour, judges it (misuse.ts), and has every flag put before
 * the registry's staff once a day. It runs beside the requests and slows none of them.
 */
import type { AuditEvent, Resource } from '@medplum/fhirtypes';
import type { Recent } from '../storage/recent.ts';
import {
  accessOf,
  flagsOf,
  personOf,
  tally,
  type Caller,
  type Facts,
  type Flag,
  type Person,
} from './misuse.ts';

const WINDOW_MS = 3_600_000;
/** People of one caller that are looked up: enough for every signal. */
const LOOKED_UP = 500;

export interface Watching {
  readonly recent: Recent;
  readonly now: () => Date;
  readonly raise: (flag: Flag) => Promise<void>;
}

/** Looks once. */
export async function watch({ recent, now, raise }: Watching): Promise<void> {
  const callers = new Map<string, Caller>();
  for await (const text of recent.since(new Date(now().getTime() - WINDOW_MS))) {
    const access = accessOf(JSON.parse(text) as AuditEvent);
    if (access !== undefined) tally(callers, access);
  }
  const users = await usersOf(recent, [...callers.values()]);
  for (const caller of callers.values()) {
    const facts = { users, today: now().toISOString().slice(0, 10), ...(await factsOf(recent, caller)) };
    for (const flag of flagsOf([caller], facts)) await raise(flag);
  }
}

async function usersOf(recent: Recent, callers: readonly Caller[]): Promise<ReadonlyMap<string, Person>> {
  const references = await recent.people(callers.flatMap(({ user }) => (user === undefined ? [] : [user])));
  const byType = Map.groupBy([...references], ([, reference]) => reference.split('/')[0] ?? '');
  const users = new Map<string, Person>();
  for (const [type, some] of byType) {
    const texts = await recent.texts(
      type,
      some.map(([, reference]) => reference.split('/')[1] ?? ''),
    );
    for (const [user, reference] of some) {
      const text = texts.get(reference.split('/')[1] ?? '');
      if (text !== undefined) users.set(user, personIn(text));
    }
  }
  return users;
}

const personIn = (text: string): Person =>
  personOf(JSON.parse(text) as Resource & Parameters<typeof personOf>[0]);

async function factsOf(
  recent: Recent,
  { patients, organization }: Caller,
): Promise<Pick<Facts, 'patients' | 'given'>> {
  const ids = [...patients].slice(0, LOOKED_UP);
  const texts = await recent.texts('Patient', ids);
  const given = organization === undefined ? [] : await recent.given(organization, ids);
  return {
    patients: new Map([...texts].map(([id, text]) => [id, personIn(text)])),
    given: new Set(given.map((id) => `${organization ?? ''} ${id}`)),
  };
}
