/** Who sends: the caller that credentials prove, and the organisation that a message says it comes from. */
import type { Organization } from '@medplum/fhirtypes';
import type { Actor } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import type { Rooms } from '../interactions/rooms.ts';
import { OWN } from '../terminology/tables.ts';
import { askFrom, found, tokenOf, type Corridor } from './corridor.ts';
import { isNobody, type Authority } from './mapping/systems.ts';

/** What came with a message beside the message. */
export interface Caller {
  readonly actor: Actor;
  readonly requestId: string;
  readonly from?: string;
}

export interface Sender {
  readonly actor: Actor;
  /** `Organization/id` of who reports; undefined where nobody said. */
  readonly organization?: string;
}

/**
 * The sender of a message from a facility.
 * @throws Failure `forbidden` where the caller may not send for it
 */
export type SenderOf = (caller: Caller, facility: Authority) => Promise<Sender>;

/** The identifier system of facilities as messages name them. */
const FACILITIES = `${OWN}sid/facility`;

const REMEMBERED = 1000;

/**
 * Makes the senders of a server: a caller that belongs to an organisation sends for that; one that belongs to none
 * (a sandbox, the registry's own staff) for the facility it names, which is written down when it first sends.
 */
export function senders(rooms: Rooms): SenderOf {
  const known = new Map<string, Promise<string>>();
  return async (caller, facility) => {
    const { actor } = caller;
    if (actor.organization !== undefined)
      return { actor, organization: `Organization/${actor.organization}` };
    if (isNobody(facility)) return { actor };
    const { namespace } = facility;
    const before = known.get(namespace);
    const organization = before ?? organizationOf({ rooms, ...caller }, namespace);
    const [oldest] = known.keys();
    if (before === undefined && known.size >= REMEMBERED && oldest !== undefined) known.delete(oldest);
    known.set(namespace, organization);
    try {
      return { actor, organization: await organization };
    } catch (error) {
      known.delete(namespace);
      throw error;
    }
  };
}

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
