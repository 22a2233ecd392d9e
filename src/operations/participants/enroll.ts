/** $apply, $enroll-person and $enroll-client: how organisations, people and programs begin to take part. */
import type { Organization } from '@medplum/fhirtypes';
import type { Ask } from '../../core/context.ts';
import { fail } from '../../core/failure.ts';
import { parseJson } from '../../fhir/json.ts';
import { absent } from '../../interactions/read.ts';
import type { Handler, Rooms } from '../../interactions/rooms.ts';
import { writeThrough, type Plan } from '../../interactions/write-through.ts';
import type { Grant } from '../../policy/decide.ts';
import { dayAfter, type Participant } from '../../policy/participant.ts';
import { ceilingOf, ROLES, roleOf, type OrganizationKind } from '../../policy/roles.ts';
import { stateIn } from '../../policy/rules/standing.ts';
import type { Unit } from '../../storage/write.ts';
import { inputsOf, type Inputs } from '../inputs.ts';
import { standingAnswer } from './change.ts';
import { checkMayChange } from './may-change.ts';
import { actOf, changeUnit } from './units.ts';

interface Asked {
  readonly ask: Ask;
  readonly grant: Grant;
}

const KINDS: ReadonlySet<string> = new Set(Object.values(ROLES).flatMap(({ kinds }) => kinds));

const writing =
  (plan: (rooms: Rooms, asked: Asked) => Promise<Plan>): Handler =>
  (rooms, ask, grant, entry) =>
    writeThrough(rooms, { ask, grant, entry }, () => plan(rooms, { ask, grant }));

/** An organisation, or a site of one, applies. */
export const apply = writing(async (rooms, { ask, grant }) => {
  const inputs = inputsOf(ask, ['kind']);
  const { id = '' } = ask;
  const kind = inputs.text('kind') ?? '';
  if (!KINDS.has(kind)) fail('invalid-value', `kind must be one of ${[...KINDS].join(', ')}.`);
  const stored = await rooms.store.read(grant, 'read', 'Organization', id);
  if (stored === undefined) return absent(rooms, grant, 'Organization', id);
  const { partOf } = parseJson(stored.json) as Organization;
  const above = partOf?.reference?.replace('Organization/', '');
  const is: Participant = {
    _id: `organization:${id}`,
    what: 'organization',
    kind: kind as OrganizationKind,
    ...(above !== undefined && { organization: above }),
    applied: actOf(ask, rooms.now()),
    revision: 1,
  };
  checkMayChange(grant, { by: ['registry-manager', 'registry-staff'], byManager: true }, is);
  return enrolled(rooms, { ask, grant }, { is, beside: [], change: 'apply' });
});

/** The administrator enrols a person: one account, one role. */
export const enrollPerson = writing(async (rooms, asked) => {
  const inputs = inputsOf(asked.ask, ['account', 'role', 'name', 'person']);
  const [account, person] = [needed(inputs, 'account'), needed(inputs, 'person')];
  const is = {
    ...(await newcomer(rooms, asked, inputs)),
    _id: `account:${account}`,
    what: 'person',
  } as const;
  checkMayChange(asked.grant, { by: [], byManager: true }, is);
  const known = await rooms.store.note('participants', `of:${person}`);
  if (known !== undefined) fail('in-use', 'This person has an account already: one person, one account.');
  const { role, organization } = is;
  const name = inputs.text('name') ?? account;
  const beside: Unit = [
    { do: 'insert', in: 'participants', doc: { _id: `of:${person}`, account } },
    // Without a password nobody signs on: the person sets one, or comes through an identity provider.
    { do: 'insert', in: 'accounts', doc: { _id: account, name, role, organization, person, password: '' } },
  ];
  return enrolled(rooms, asked, { is, beside, change: 'enroll-person' });
});

/** The registry enrols a program of an organisation, which proves itself by its keys. */
export const enrollClient = writing(async (rooms, asked) => {
  const inputs = inputsOf(asked.ask, ['client', 'role', 'name', 'jwks-uri']);
  const [client, address] = [needed(inputs, 'client'), needed(inputs, 'jwks-uri')];
  if (URL.parse(address)?.protocol !== 'https:') fail('invalid-value', 'jwks-uri must be an https URL.');
  const is = { ...(await newcomer(rooms, asked, inputs)), _id: `client:${client}`, what: 'client' } as const;
  checkMayChange(asked.grant, { by: ['registry-manager'] }, is);
  const role = roleOf(is.role);
  if (role?.levels.includes('system') !== true) return fail('business-rule', 'The role is for people only.');
  const payload = {
    client_id: client,
    client_name: inputs.text('name') ?? client,
    ...{ grant_types: ['client_credentials'], response_types: [], redirect_uris: [] },
    ...{ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: address },
    smart_scopes: ceilingOf({ ...role, levels: ['system'] }),
    ...{ role: is.role, organization: is.organization },
  };
  const beside: Unit = [{ do: 'insert', in: 'oauth_Client', doc: { _id: client, payload } }];
  return enrolled(rooms, asked, { is, beside, change: 'enroll-client' });
});

function needed(inputs: Inputs, name: string): string {
  const value = inputs.text(name) ?? fail('required', `The parameter ${name} is needed.`);
  return /^[\w./:@-]{1,255}$/.test(value)
    ? value
    : fail('invalid-value', `The parameter ${name} cannot be read.`);
}

/** Somebody in a role of an organisation that takes part: who enrols approves. */
async function newcomer(
  rooms: Rooms,
  { ask, grant }: Asked,
  inputs: Inputs,
): Promise<Omit<Participant, '_id' | 'what'> & { readonly role: string; readonly organization: string }> {
  const { id: organization = '' } = ask;
  const role = needed(inputs, 'role');
  const place = (await rooms.store.note('participants', `organization:${organization}`)) as
    Participant | undefined;
  if (place?.kind === undefined) return fail('not-found', 'The organization takes no part in the registry.');
  const kinds: readonly OrganizationKind[] = roleOf(role)?.kinds ?? [];
  if (!kinds.includes(place.kind)) fail('business-rule', 'The organization has nobody of this role.');
  const act = actOf(ask, rooms.now());
  const until = dayAfter(grant.known.today, grant.known.terms.renewalDays);
  return { organization, role, applied: act, approved: act, until, usedOn: grant.known.today, revision: 1 };
}

async function enrolled(
  rooms: Rooms,
  { ask, grant }: Asked,
  { is, beside, change }: { readonly is: Participant; readonly beside: Unit; readonly change: string },
): Promise<Plan> {
  const known = await rooms.store.note('participants', is._id);
  if (known !== undefined) fail('in-use', 'There is a participant of this name already.');
  const state = stateIn(is, grant.known);
  return {
    unit: [...changeUnit(rooms, { change, was: undefined, is, state, act: is.applied }), ...beside],
    answer: { ...standingAnswer(is, state), status: 201 },
    wrote: [`Organization/${ask.id ?? ''}`],
    patients: [],
  };
}
