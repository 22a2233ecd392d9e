/** $apply, $enroll-person and $enroll-client: how organisations, people and programs begin to take part. */
import { dayAfter } from '../../core/civil-day.ts';
import type { Organization } from '@medplum/fhirtypes';
import type { Ask } from '../../core/context.ts';
import { fail } from '../../core/failure.ts';
import { isInner } from '../../core/inner-address.ts';
import { parseJson } from '../../fhir/json.ts';
import { absent } from '../../interactions/read.ts';
import type { Handler, Rooms } from '../../interactions/rooms.ts';
import { writeThrough, type Plan } from '../../interactions/write-through.ts';
import { newContactOf } from '../../participants/contact.ts';
import type { Grant } from '../../policy/decide.ts';
import type { Participant } from '../../policy/participant.ts';
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

const STAFF = ['registry-manager', 'registry-staff'] as const;
const KINDS: ReadonlySet<string> = new Set(Object.values(ROLES).flatMap(({ kinds }) => kinds));

const writing =
  (plan: (rooms: Rooms, asked: Asked) => Promise<Plan>): Handler =>
  (rooms, ask, grant, entry) =>
    writeThrough(rooms, { ask, grant, entry }, () => plan(rooms, { ask, grant }));

/** An organisation, or a site of one, applies. */
export const apply = writing(async (rooms, { ask, grant }) => {
  const inputs = inputsOf(ask, ['kind', 'email']);
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
    ...contactIn(rooms, ask, inputs),
    revision: 1,
  };
  checkMayChange(grant, { by: ['registry-manager', 'registry-staff'], byManager: true }, is);
  return enrolled(rooms, { ask, grant }, { is, beside: [], change: 'apply' });
});

/** The administrator enrols a person: one account, one role. */
export const enrollPerson = writing(async (rooms, asked) => {
  const inputs = inputsOf(asked.ask, ['account', 'role', 'name', 'person', 'email']);
  const [account, person] = [needed(inputs, 'account'), needed(inputs, 'person')];
  const is = {
    ...(await newcomer(rooms, asked, inputs)),
    ...contactIn(rooms, asked.ask, inputs),
    _id: `account:${account}`,
    what: 'person',
  } as const;
  // Who stands for nobody but a person proves who it is to the registry.
  checkMayChange(asked.grant, { by: is.organization === undefined ? STAFF : [], byManager: true }, is);
  const known = await rooms.store.note('participants', `of:${person}`);
  if (known !== undefined) fail('in-use', 'This person has an account already: one person, one account.');
  const name = inputs.text('name') ?? account;
  const beside: Unit = [
    { do: 'insert', in: 'participants', doc: { _id: `of:${person}`, account } },
    // Without a password nobody signs on: the person sets one, or comes through an identity provider.
    { do: 'insert', in: 'accounts', doc: accountOf(account, { name, person }, is) },
  ];
  return enrolled(rooms, asked, { is, beside, change: 'enroll-person' });
});

/**
 * The registry enrols a program of an organisation: a service, which acts for itself in a role and proves itself by its
 * keys, or an app, which people use in theirs.
 */
export const enrollClient = writing(async (rooms, asked) => {
  const inputs = inputsOf(asked.ask, ['client', 'role', 'name', 'jwks-uri', 'redirect-uri']);
  const client = needed(inputs, 'client');
  const [facts, metadata] =
    inputs.text('redirect-uri') === undefined
      ? await serviceOf(rooms, asked, inputs)
      : await appOf(rooms, asked, inputs);
  const is = { ...facts, _id: `client:${client}`, what: 'client' } as const;
  checkMayChange(asked.grant, { by: ['registry-manager'] }, is);
  const payload = { client_id: client, client_name: inputs.text('name') ?? client, ...metadata };
  const beside: Unit = [{ do: 'insert', in: 'oauth_Client', doc: { _id: client, payload } }];
  return enrolled(rooms, asked, { is, beside, change: 'enroll-client' });
});

/** Where notices leave by mail there must be somewhere for them to go. */
function contactIn(rooms: Rooms, ask: Ask, inputs: Inputs): Pick<Participant, 'newContact'> {
  const email = inputs.text('email');
  if (email !== undefined) return { newContact: newContactOf(email, actOf(ask, rooms.now())) };
  return rooms.sendsMail === true ? fail('required', 'The parameter email is needed: notices go there.') : {};
}

type Facts = Omit<Participant, '_id' | 'what'>;
type Metadata = Readonly<Record<string, unknown>>;

async function serviceOf(rooms: Rooms, asked: Asked, inputs: Inputs): Promise<readonly [Facts, Metadata]> {
  const facts = await newcomer(rooms, asked, inputs);
  const role = roleOf(facts.role);
  if (role?.levels.includes('system') !== true) return fail('business-rule', 'The role is for people only.');
  return [
    facts,
    {
      ...{ grant_types: ['client_credentials'], response_types: [], redirect_uris: [] },
      ...{ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: keysAt(inputs) },
      smart_scopes: ceilingOf({ ...role, levels: ['system'] }),
      role: facts.role,
      ...(facts.organization !== undefined && { organization: facts.organization }),
    },
  ];
}

async function appOf(rooms: Rooms, asked: Asked, inputs: Inputs): Promise<readonly [Facts, Metadata]> {
  if (inputs.text('role') !== undefined) {
    return fail('business-rule', 'An app has no role of its own; leave out role, or redirect-uri.');
  }
  await placeOf(rooms, asked);
  return [
    { ...entering(rooms, asked), organization: asked.ask.id ?? '' },
    {
      ...{ grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] },
      ...{ token_endpoint_auth_method: 'none', redirect_uris: [httpsIn(inputs, 'redirect-uri')] },
      smart_scopes: 'patient/*.cruds user/*.cruds',
    },
  ];
}

function httpsIn(inputs: Inputs, name: string): string {
  const address = needed(inputs, name);
  return URL.parse(address)?.protocol === 'https:'
    ? address
    : fail('invalid-value', `${name} must be an https URL.`);
}

/** The server itself goes there, from inside: an address of the house would be asked on a stranger's behalf. */
function keysAt(inputs: Inputs): string {
  const address = httpsIn(inputs, 'jwks-uri');
  return isInner(new URL(address))
    ? fail('invalid-value', 'jwks-uri must not be an address of this machine or of a private network.')
    : address;
}

const accountOf = (
  _id: string,
  about: { readonly name: string; readonly person: string },
  { role, organization }: Pick<Participant, 'role' | 'organization'>,
) => ({ _id, ...about, role, ...(organization !== undefined && { organization }), password: '' });

function needed(inputs: Inputs, name: string): string {
  const value = inputs.text(name) ?? fail('required', `The parameter ${name} is needed.`);
  return /^[\w./:@-]{1,255}$/.test(value)
    ? value
    : fail('invalid-value', `The parameter ${name} cannot be read.`);
}

/** An organisation that takes part, or has applied. */
async function placeOf(
  rooms: Rooms,
  { ask }: Asked,
): Promise<Participant & { readonly kind: OrganizationKind }> {
  const found = await rooms.store.note('participants', `organization:${ask.id ?? ''}`);
  const place = found as Participant | undefined;
  if (place?.kind === undefined) return fail('not-found', 'The organization takes no part in the registry.');
  return { ...place, kind: place.kind };
}

/** Who enrols approves. */
function entering(rooms: Rooms, { ask, grant: { known } }: Asked): Facts {
  const act = actOf(ask, rooms.now());
  const until = dayAfter(known.today, known.terms.renewalDays);
  return { applied: act, approved: act, until, usedOn: known.today, revision: 1 };
}

/** Somebody in a role of an organisation. */
async function newcomer(
  rooms: Rooms,
  asked: Asked,
  inputs: Inputs,
): Promise<Facts & { readonly role: string }> {
  const role = needed(inputs, 'role');
  const { kind } = await placeOf(rooms, asked);
  const kinds: readonly OrganizationKind[] | undefined = roleOf(role)?.kinds;
  const facts = { ...entering(rooms, asked), role };
  if (kinds?.length === 0) return facts;
  if (kinds?.includes(kind) !== true) fail('business-rule', 'The organization has nobody of this role.');
  return { ...facts, organization: asked.ask.id ?? '' };
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
