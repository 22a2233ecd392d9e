/**
 * What of a transaction's reads can be known to fail before anything is written. A read that fails fails the
 * whole transaction (https://hl7.org/fhir/R4/http.html#trules); but it has to see what is written, so that it
 * runs after the commit. Known before are: a query that cannot be understood, an id that is not there and that no
 * entry writes, an id that an entry deletes. What fails only afterwards, because somebody else deleted it in that
 * moment, is told in its own entry: the writes are done.
 */
import type { Ask, Interaction } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { parseQuery } from '../search/parse.ts';
import { wishOf } from './history-wish.ts';
import { checkEver } from './history.ts';
import type { Leaving } from './links.ts';
import { absent, versionAsked } from './read.ts';
import { settingOf, type Rooms } from './rooms.ts';
import type { Step } from './transaction-step.ts';
import { wantedOf } from './view.ts';

/** @throws Failure what the read would throw */
export async function checkReads(rooms: Rooms, step: Step, leaving: Leaving): Promise<void> {
  await CHECKS[step.ask.interaction]?.(rooms, step, leaving);
}

type Check = (rooms: Rooms, step: Step, leaving: Leaving) => Promise<void> | void;

const CHECKS: Readonly<Partial<Record<Interaction, Check>>> = {
  'search-type': (rooms, step) => {
    checkSearch(rooms, step);
  },
  'history-type': (rooms, { ask }) => void wishOf(rooms, ask),
  'history-system': (rooms, { ask }) => void wishOf(rooms, ask),
  'history-instance': async (rooms, { ask, grant }, leaving) => {
    wishOf(rooms, ask);
    if (!isWritten(ask, leaving)) await checkEver(rooms, ask, grant);
  },
  vread: async (rooms, { ask, grant }, leaving) => {
    wantedOf(ask.query);
    if (!isWritten(ask, leaving)) await versionAsked(rooms, ask, grant);
  },
  read: (rooms, step, leaving) => {
    wantedOf(step.ask.query);
    return checkThere(rooms, step, leaving);
  },
  operation: (rooms, step, leaving) => checkThere(rooms, step, leaving),
};

const isWritten = ({ type = '', id = '' }: Ask, leaving: Leaving): boolean =>
  leaving.get(type)?.has(id) === true;

function checkSearch(rooms: Rooms, { ask, grant }: Step): void {
  const handling = ask.prefer.handling ?? 'strict';
  const inRecord = ask.compartment !== undefined;
  parseQuery(ask.type ?? '', ask.query, { ...settingOf(rooms, grant), inUrl: true, handling, inRecord });
}

async function checkThere(rooms: Rooms, { ask, grant }: Step, leaving: Leaving): Promise<void> {
  const { type = '', id } = ask;
  if (id === undefined) return;
  const written = leaving.get(type);
  if (written?.has(id) === true) {
    if (written.get(id) === undefined) fail('gone', `Another entry of the transaction deletes this ${type}.`);
    return;
  }
  const stored = await rooms.store.read(grant, 'read', type, id);
  if (stored === undefined) await absent(rooms, grant, type, id);
}
