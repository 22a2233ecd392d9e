/**
 * Organization/[id]/$panel and $panel-counts: the people who stand in a status with a provider, page by page as a Group,
 * and how many there are of each. Both are searches under the caller's own leave: whom a directive hides from it is on
 * no page and in no number.
 */
import type { Group } from '@medplum/fhirtypes';
import { fail } from '../../core/failure.ts';
import type { Ask } from '../../core/context.ts';
import { idOf, type Handler, type Rooms } from '../../interactions/rooms.ts';
import { isStaff } from '../../interactions/staff.ts';
import { Denied, type Grant } from '../../policy/decide.ts';
import { ownOrganization } from '../../policy/known.ts';
import type { Participant } from '../../policy/participant.ts';
import type { Clause } from '../../search/clause.ts';
import { conceptOf } from '../../status/extensions.ts';
import { counting, STATUSES, type StatusName } from '../../status/status.ts';
import { PARTICIPANTS } from '../../storage/participants.ts';
import { panelToken } from '../../storage/statuses.ts';
import type { Stored } from '../../storage/store.ts';
import { inputsOf, type Inputs } from '../inputs.ts';
import { parametersAnswer } from '../parameters.ts';

const COUNT_MOST = 500;
const COUNT_DEFAULT = 100;
/** Up to where a panel is counted. */
const COUNTED_MOST = 100_000;
const BY_ID = [{ field: '_id', descending: false }] as const;

/** What a person may be with a provider; outside is said of the jurisdiction alone. */
const NAMES = (Object.keys(STATUSES) as StatusName[]).filter((name) => name !== 'outside');

/**
 * The organisation whose panel it is: one's own, a site of it, or any for the registry's staff.
 * @throws Denied `not_your_panel`, whether or not there is such an organisation
 */
async function organizationOf(rooms: Rooms, ask: Ask, grant: Grant): Promise<string> {
  const id = idOf(ask);
  const own = ownOrganization(ask.actor, grant.known);
  if (isStaff(ask.actor) || (own !== undefined && own === id)) return id;
  const site = (await rooms.store.note(PARTICIPANTS, `organization:${id}`)) as Participant | undefined;
  if (own === undefined || site?.organization !== own) throw new Denied('not_your_panel');
  return id;
}

const whoIs = (organization: string, is: StatusName): Clause => ({
  op: 'in',
  field: 'tokens',
  keys: [panelToken(organization, is)],
});

function statusIn(inputs: Inputs): StatusName {
  const text = inputs.text('status') ?? 'active';
  return (
    NAMES.find((name) => name === text) ?? fail('invalid-value', `status must be one of ${NAMES.join(', ')}.`)
  );
}

export const panel: Handler = async (rooms, ask, grant, entry) => {
  const inputs = inputsOf(ask, ['status', '_count', 'after']);
  const is = statusIn(inputs);
  const organization = await organizationOf(rooms, ask, grant);
  const after = inputs.text('after');
  const found = await rooms.store.find(grant, 'Patient', {
    where: [
      whoIs(organization, is),
      ...(after === undefined ? [] : [{ op: 'after', keys: BY_ID, place: [after] } as const]),
    ],
    order: BY_ID,
    limit: Math.min(inputs.count('_count') ?? COUNT_DEFAULT, COUNT_MOST),
  });
  entry.concerns(found.map(({ _id }) => _id));
  return { status: 200, body: JSON.stringify(groupOf(organization, is, found)) };
};

function groupOf(organization: string, is: StatusName, found: readonly Stored[]): Group {
  const member = found.map(({ _id, statuses }) => {
    const since = counting(statuses ?? { all: [] }).find((each) => each.with === organization)?.since;
    return {
      entity: { reference: `Patient/${_id}` },
      ...(since !== undefined && { period: { start: since } }),
      ...(is !== 'active' && { inactive: true }),
    };
  });
  return {
    resourceType: 'Group',
    type: 'person',
    actual: true,
    code: conceptOf(is),
    managingEntity: { reference: `Organization/${organization}` },
    ...(member.length > 0 && { member }),
  };
}

export const panelCounts: Handler = async (rooms, ask, grant) => {
  inputsOf(ask, []);
  const organization = await organizationOf(rooms, ask, grant);
  const counts = await Promise.all(
    NAMES.map((is) => rooms.store.count(grant, 'Patient', [whoIs(organization, is)], COUNTED_MOST)),
  );
  return parametersAnswer(
    NAMES.map((is, at) => ({
      name: 'status',
      part: [
        { name: 'status', valueCodeableConcept: conceptOf(is) },
        { name: 'count', valueInteger: counts[at]?.count ?? 0 },
        ...(counts[at]?.capped === true ? [{ name: 'at-least', valueBoolean: true }] : []),
      ],
    })),
  );
};
