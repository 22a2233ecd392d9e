/** The ready-made accounts of a sandbox: who they are, and how their person is found among the synthetic people. */
import type {
  Bundle,
  Organization,
  Patient,
  PractitionerRole,
  RelatedPerson,
  Resource,
} from '@medplum/fhirtypes';
import type { Ask, QueryPair } from '../../core/context.ts';
import { sharedIdentifier } from '../../sandbox/identifiers.ts';
import { STATEWIDE, type Kind } from '../../sandbox/organizations.ts';
import { ownAsk, REGISTRY_ACTOR } from '../../interactions/own-ask.ts';
import type { Rooms } from '../../interactions/rooms.ts';
import type { Account } from '../../storage/accounts.ts';

/** An account as this table says it. */
interface ReadyPerson {
  readonly id: string;
  readonly name: readonly [given: string, family: string];
  readonly role: string;
  /** Where the person is found: somebody who works at a type of organisation, or the first of a type. */
  readonly worksFor?: 'prov' | 'edu';
  readonly is?: 'Patient' | 'RelatedPerson';
  /** An organisation of the state that has no people in the directory: the person is added to it. */
  readonly joins?: Kind;
}

const TYPE = 'http://terminology.hl7.org/CodeSystem/organization-type';

const PEOPLE: readonly ReadyPerson[] = [
  { id: 'provider', name: ['Sandbox', 'Provider'], role: 'provider', worksFor: 'prov' },
  { id: 'viewer', name: ['Sandbox', 'Viewer'], role: 'provider-read-only', worksFor: 'prov' },
  { id: 'school-nurse', name: ['Sandbox', 'School-Nurse'], role: 'school', worksFor: 'edu' },
  {
    id: 'administrator',
    name: ['Sandbox', 'Administrator'],
    role: 'organization-administrator',
    worksFor: 'prov',
  },
  { id: 'plan', name: ['Sandbox', 'Plan'], role: 'health-plan', joins: 'health-plan' },
  { id: 'staff', name: ['Sandbox', 'Staff'], role: 'registry-staff', joins: 'public-health' },
  { id: 'manager', name: ['Sandbox', 'Manager'], role: 'registry-manager', joins: 'public-health' },
  { id: 'vital-records', name: ['Sandbox', 'Registrar'], role: 'vital-records', joins: 'vital-records' },
  { id: 'auditor', name: ['Sandbox', 'Auditor'], role: 'auditor', joins: 'public-health' },
  { id: 'patient', name: ['Sandbox', 'Patient'], role: 'patient', is: 'Patient' },
  { id: 'guardian', name: ['Sandbox', 'Guardian'], role: 'guardian', is: 'RelatedPerson' },
];

/** The accounts, without their password; one whose person is not in the store is left out. */
export async function readyPeople(rooms: Rooms): Promise<readonly Omit<Account, 'password'>[]> {
  const found = await Promise.all(PEOPLE.map((each) => readyPerson(rooms, each)));
  return found.filter((each) => each !== undefined);
}

type Person = Pick<Account, 'person' | 'organization' | 'patients'>;

async function readyPerson(rooms: Rooms, ready: ReadyPerson): Promise<Omit<Account, 'password'> | undefined> {
  const { id, name, role } = ready;
  const found = await personOf(rooms, ready);
  return found && { _id: id, name: name.join(' '), role, ...found };
}

function personOf(rooms: Rooms, ready: ReadyPerson): Promise<Person | undefined> {
  const { worksFor, joins, is = 'Patient' } = ready;
  if (joins !== undefined) return newcomer(rooms, ready, joins);
  return worksFor === undefined ? oneself(rooms, is) : workplace(rooms, worksFor);
}

/** A patient, or somebody who acts for one. */
async function oneself(rooms: Rooms, type: 'Patient' | 'RelatedPerson'): Promise<Person | undefined> {
  const [found] = await search<Patient | RelatedPerson>(rooms, type, []);
  if (found?.id === undefined) return undefined;
  const patient = 'patient' in found ? found.patient.reference?.replace('Patient/', '') : found.id;
  return { person: `${type}/${found.id}`, patients: patient === undefined ? [] : [patient] };
}

/** Somebody who works for an organisation of a type. */
async function workplace(rooms: Rooms, type: string): Promise<Person | undefined> {
  const [role] = await search<PractitionerRole>(rooms, 'PractitionerRole', [
    ['organization.type', `${TYPE}|${type}`],
  ]);
  const organization = role?.organization?.reference?.replace('Organization/', '');
  const person = role?.practitioner?.reference;
  return person === undefined || organization === undefined ? undefined : { person, organization };
}

/** Somebody new in an organisation; at the next start the same person. */
async function newcomer(
  rooms: Rooms,
  { id, name: [given, family] }: ReadyPerson,
  kind: Kind,
): Promise<Person | undefined> {
  const organization = await organizationOfKind(rooms, kind);
  if (organization === undefined) return undefined;
  const { system, value } = sharedIdentifier('Practitioner', `account-${id}`);
  const answer = await rooms.handle({
    ...asked(rooms, 'Practitioner', []),
    interaction: 'create',
    conditions: { ifNoneExist: [['identifier', `${system}|${value}`]] },
    prefer: { return: 'representation' },
    body: {
      kind: 'resource',
      resource: {
        resourceType: 'Practitioner',
        identifier: [{ system, value }],
        name: [{ given: [given], family }],
      },
    },
  });
  const made = JSON.parse(answer.body ?? '{}') as { readonly id?: string };
  return made.id === undefined ? undefined : { person: `Practitioner/${made.id}`, organization };
}

/** What the organisation of the ready-made clinician is called in messages of HL7 v2. */
const CLINIC = { system: 'https://fhir-iis.org/fhir/sid/facility', value: 'CLINIC' };

/** Enters the facility id of examples with an organisation, once. */
export async function nameClinic(rooms: Rooms, id: string): Promise<void> {
  const [clinic] = await search<Organization>(rooms, 'Organization', [['_id', id]]);
  const known = clinic?.identifier;
  if (known?.some(({ system, value }) => system === CLINIC.system && value === CLINIC.value) === true) return;
  const added =
    known === undefined ? { path: '/identifier', value: [CLINIC] } : { path: '/identifier/-', value: CLINIC };
  await rooms.handle({
    ...asked(rooms, 'Organization', []),
    ...{ interaction: 'patch', id, prefer: { return: 'minimal' } },
    body: { kind: 'json-patch', operations: [{ op: 'add', ...added }] },
  });
}

const FIRST = 20;

/** Ids of the sandbox's first people. */
export async function firstPeople(rooms: Rooms): Promise<readonly string[]> {
  const people = await search<Patient>(rooms, 'Patient', [], FIRST);
  return people.flatMap(({ id }) => id ?? []);
}

/** Somebody as a clinic would look for. */
export interface Example {
  readonly family: string;
  readonly birthDate: string;
}

const EXAMPLES = 20;

/** Whom a sandbox's first example is about: the first whom the one who looks may see, which not everybody lets a clinic. */
export async function examplePerson(
  rooms: Rooms,
  isSeen: (example: Example) => Promise<boolean>,
): Promise<Example | undefined> {
  const people = await search<Patient>(rooms, 'Patient', [], EXAMPLES);
  for (const { name = [], birthDate } of people) {
    const family = name.find((each) => each.family !== undefined)?.family;
    if (family === undefined || birthDate === undefined) continue;
    if (await isSeen({ family, birthDate })) return { family, birthDate };
  }
  return undefined;
}

/** An organisation of a kind that a sandbox has in the whole state. */
export async function organizationOfKind(rooms: Rooms, kind: Kind): Promise<string | undefined> {
  const [, name] = STATEWIDE.find(([each]) => each === kind) ?? [];
  if (name === undefined) return undefined;
  const [found] = await search<Resource & { id?: string }>(rooms, 'Organization', [['name:exact', name]]);
  return found?.id;
}

/** What the sandbox itself asks, through the door that everybody comes by. */
const asked = (rooms: Rooms, type: string, query: readonly QueryPair[]): Ask =>
  ownAsk(rooms, {
    interaction: 'search-type',
    type,
    actor: { ...REGISTRY_ACTOR, client: 'sandbox' },
    query,
  });

async function search<R extends Resource>(
  rooms: Rooms,
  type: string,
  query: readonly QueryPair[],
  count = 1,
): Promise<readonly R[]> {
  const answer = await rooms.handle(asked(rooms, type, [...query, ['_count', String(count)]]));
  const { entry = [] } = JSON.parse(answer.body ?? '{}') as Bundle<R>;
  return entry.flatMap(({ resource }) => (resource === undefined ? [] : [resource]));
}
