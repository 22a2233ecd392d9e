/**
 * Who asks by a client certificate: the program whose id is its common name. What that may is asked of its enrolment
 * for each message, so that a suspended program has no certificate that still counts.
 */
import { dayOf } from '../consent/days.ts';
import type { Actor } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { scopesOf } from '../core/scopes.ts';
import type { Rooms } from '../interactions/rooms.ts';
import { enterer } from '../participants/enter.ts';
import { termsOf } from '../participants/know.ts';
import { ceilingOf, purposeOf, roleOf, type Role } from '../policy/roles.ts';
import type { Connection } from '../storage/connect.ts';
import { participantsOf } from '../storage/participants.ts';
import { revocationsOf } from '../storage/revocations.ts';
import type { Gate } from './gate.ts';
import { askedFor, narrow, wordsOf } from './server/narrow.ts';
import { factsOf } from './server/parts.ts';

interface Services {
  readonly rooms: Rooms;
  readonly connection: Connection;
}

/**
 * Makes the reader of certified clients.
 * @throws Failure `forbidden` for a name that is no program's, or one that may not come in
 */
export function certified({ own }: Gate, { rooms, connection }: Services): (id: string) => Promise<Actor> {
  const participants = participantsOf(connection);
  const revocations = revocationsOf(connection, rooms.now);
  const today = (): string => dayOf(rooms.now(), rooms.pack.timeZone);
  const mayEnter = enterer(participants, { terms: termsOf(rooms.pack), today });
  const mayCome = async (name: string): Promise<boolean> =>
    (await mayEnter(name)) && !(await revocations.hasAny([name]));
  return async (id) => {
    const name = `client:${id}`;
    // Looked for first: a sandbox enrols its clients when they are asked for.
    const registered = await own?.parts.adapters('Client').find(id);
    if ((own !== undefined && registered === undefined) || !(await mayCome(name))) return refused();
    const { role = '', organization } = (await participants.find(name)) ?? {};
    return { client: id, ...actingAs(role, registered), ...(organization !== undefined && { organization }) };
  };
}

function actingAs(role: string, registered: unknown): Pick<Actor, 'role' | 'purpose' | 'scopes'> {
  const entry = roleOf(role);
  const purpose = entry && purposeOf(entry, undefined);
  if (entry === undefined || purpose === undefined) return refused();
  return { role, purpose, scopes: scopesOf(scopeOf(entry, registered)) };
}

const refused = (): never => fail('forbidden', 'The certificate names no client that takes part here.');

/** What its registration says, within what its role may; with an outside issuer there is the role alone. */
function scopeOf(role: Role, registered: unknown): string {
  const ceiling = ceilingOf(role);
  const read = askedFor(registered === undefined ? ceiling : (factsOf(registered).smart_scopes ?? ''));
  if ('fault' in read) return '';
  const system = read.words.filter(({ scope }) => scope.level === 'system');
  return wordsOf(narrow(system, ceiling)).join(' ');
}
