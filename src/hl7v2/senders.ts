/** Who sends: the caller that credentials prove, and the organisation that a message says it comes from. */
import type { Organization } from '@medplum/fhirtypes';
import type { Actor } from '../core/context.ts';
import { fail, Failure } from '../core/failure.ts';
import type { Rooms } from '../interactions/rooms.ts';
import { isSenderOf } from '../policy/rules/standing.ts';
import { OWN } from '../terminology/tables.ts';
import { askFrom, found, tokenOf, type Corridor } from './corridor.ts';
import { facilitiesOf, type HoldersOf } from './facilities.ts';
import { remembered } from './remembered.ts';

/** What came with a message beside the message. */
export interface Caller {
  readonly actor: Actor;
  readonly requestId: string;
  readonly from?: string;
}

/** A facility as something names it: `MSH-22`, `MSH-4`, `facilityID`. */
export interface Named {
  readonly where: string;
  readonly name: string;
}

/** Whose a site of an administration is. */
export type Whose = 'own' | 'foreign' | 'unknown';

export interface Sender {
  readonly actor: Actor;
  /** `Organization/id` of who reports; undefined where nobody said. */
  readonly organization?: string;
  /** Whose a facility is; undefined where the sender may name any. */
  readonly whose?: (name: string) => Promise<Whose>;
}

/**
 * The sender of what names these facilities, the one that is responsible first.
 * @throws NotItsSender where the caller may not send for one of them, which is recorded
 */
export type SenderOf = (caller: Caller, named: readonly Named[]) => Promise<Sender>;

/** The caller may not send for the facility that is named. */
export class NotItsSender extends Failure {
  readonly where: string;
  constructor(where: string) {
    super({
      kind: 'forbidden',
      message: `The facility in ${where} is none of yours: name your organization or a site of it as the registry has it, or ask the registry to enter this id with your organization or to let your program send for it.`,
    });
    this.where = where;
  }
}

/** The identifier system of facilities as messages name them. */
export const FACILITIES = `${OWN}sid/facility`;

/**
 * Makes the senders of a server. A caller of an organisation sends for that, for sites of it, and for those that let
 * it; one that belongs to none (a sandbox, the registry's own commands) for the facility it names, which is written
 * down when it first sends.
 */
export function senders(rooms: Rooms): SenderOf {
  const holdersOf = facilitiesOf(rooms);
  const namedBy = remembered(rooms, (name: string, caller: Caller) =>
    organizationOf({ rooms, ...caller }, name),
  );
  return async (caller, named) => {
    const { actor } = caller;
    if (actor.organization !== undefined) return tied({ rooms, holdersOf, caller, named });
    const [first] = named;
    if (first === undefined) return { actor };
    return { actor, organization: await namedBy(first.name, caller) };
  };
}

interface Tied {
  readonly rooms: Rooms;
  readonly holdersOf: HoldersOf;
  readonly caller: Caller;
  readonly named: readonly Named[];
}

async function tied({ rooms, holdersOf, caller, named }: Tied): Promise<Sender> {
  const { requestId } = caller;
  const { through, ...as } = caller.actor;
  // What waited for staff comes again as whom it was taken for.
  const actor: Actor = { ...as, ...(through !== undefined && { organization: through }) };
  const own = actor.organization ?? '';
  const actingAs = (id: string): Actor => (id === own ? actor : { ...actor, organization: id, through: own });
  const mine = async (name: string): Promise<readonly string[]> => {
    if (name === own) return [own];
    const holders = await holdersOf(name, requestId);
    if (holders.includes(own)) return [own];
    const asked = await Promise.all(
      holders.map(async (id) => ((await mayActAs({ rooms, ...caller }, actingAs(id))) ? id : undefined)),
    );
    return asked.filter((id) => id !== undefined);
  };
  const found: string[] = [];
  for (const { where, name } of named) {
    const [id] = await mine(name);
    if (id === undefined) return refused(rooms, caller, { where, name });
    found.push(id);
  }
  const [id = own] = found;
  return {
    actor: actingAs(id),
    organization: `Organization/${id}`,
    whose: async (name) => {
      if ((await mine(name)).length > 0) return 'own';
      return (await holdersOf(name, requestId)).length > 0 ? 'foreign' : 'unknown';
    },
  };
}

const mayActAs = async (corridor: Corridor, actor: Actor): Promise<boolean> =>
  isSenderOf(
    await corridor.rooms.know(askFrom({ ...corridor, actor }, { interaction: 'search-type' })),
    actor,
  );

const SHOWN = 80;

async function refused(rooms: Rooms, caller: Caller, { where, name }: Named): Promise<never> {
  const { requestId, from } = caller;
  const { client, user, organization, role, purpose } = caller.actor;
  await rooms.happened({
    ...{ what: 'sender', outcome: 'refused', client, role, purpose, requestId },
    ...(user !== undefined && { user }),
    ...(organization !== undefined && { organization }),
    ...(from !== undefined && { from }),
    detail: { where, facility: name.slice(0, SHOWN) },
  });
  throw new NotItsSender(where);
}

/** The organisation of a facility that a caller without one names; two at once make one. */
async function organizationOf(corridor: Corridor, name: string): Promise<string> {
  const identifier = tokenOf(FACILITIES, name);
  const [there, ...more] = await found<Organization>(corridor, 'Organization', [['identifier', identifier]]);
  if (more.length > 0)
    fail('multiple-matches', 'Several organizations have the identifier of this facility.');
  if (there?.id !== undefined) return `Organization/${there.id}`;
  const resource: Organization = {
    resourceType: 'Organization',
    identifier: [{ system: FACILITIES, value: name }],
    active: true,
    name,
  };
  const { location = '' } = await corridor.rooms.handle(
    askFrom(corridor, {
      interaction: 'create',
      type: 'Organization',
      body: { kind: 'resource', resource },
      conditions: { ifNoneExist: [['identifier', identifier]] },
    }),
  );
  return location.replace(/\/_history\/.*$/, '');
}
