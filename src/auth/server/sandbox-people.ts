/** The ready-made accounts of a sandbox: who they are, and how their person is found among the synthetic people. */
import type { Bundle, Patient, PractitionerRole, RelatedPerson, Resource } from '@medplum/fhirtypes';
import type { QueryPair } from '../../core/context.ts';
import { STATEWIDE, type Kind } from '../../sandbox/organizations.ts';
import type { Rooms } from '../../interactions/rooms.ts';
import type { Account } from '../../storage/accounts.ts';

/** An account as this table says it. */
interface ReadyPerson {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  /** Searches whose first match is the person; `organization` is a type of organisation to look in. */
  readonly worksFor?: string;
  readonly is?: 'Patient' | 'RelatedPerson';
}

const TYPE = 'http://terminology.hl7.org/CodeSystem/organization-type';

const PEOPLE: readonly ReadyPerson[] = [
  { id: 'provider', name: 'Sandbox Provider', role: 'provider', worksFor: 'prov' },
  { id: 'viewer', name: 'Sandbox Viewer', role: 'provider-read-only', worksFor: 'prov' },
  { id: 'school-nurse', name: 'Sandbox School Nurse', role: 'school', worksFor: 'edu' },
  {
    id: 'administrator',
    name: 'Sandbox Administrator',
    role: 'organization-administrator',
    worksFor: 'prov',
  },
  { id: 'staff', name: 'Sandbox Registry Staff', role: 'registry-staff', worksFor: 'govt' },
  { id: 'manager', name: 'Sandbox Registry Manager', role: 'registry-manager', worksFor: 'govt' },
  { id: 'auditor', name: 'Sandbox Auditor', role: 'auditor', worksFor: 'govt' },
  { id: 'patient', name: 'Sandbox Patient', role: 'patient', is: 'Patient' },
  { id: 'guardian', name: 'Sandbox Guardian', role: 'guardian', is: 'RelatedPerson' },
];

/** The accounts, without their password; one whose person is not in the store is left out. */
export async function readyPeople(rooms: Rooms): Promise<readonly Omit<Account, 'password'>[]> {
  const found = await Promise.all(PEOPLE.map((each) => readyPerson(rooms, each)));
  return found.filter((each) => each !== undefined);
}

async function readyPerson(
  rooms: Rooms,
  { id, name, role, worksFor, is }: ReadyPerson,
): Promise<Omit<Account, 'password'> | undefined> {
  const found =
    worksFor === undefined ? await oneself(rooms, is ?? 'Patient') : await workplace(rooms, worksFor);
  return found && { _id: id, name, role, ...found };
}

/** A patient, or somebody who acts for one. */
async function oneself(
  rooms: Rooms,
  type: 'Patient' | 'RelatedPerson',
): Promise<Pick<Account, 'person' | 'patients'> | undefined> {
  const [found] = await search<Patient | RelatedPerson>(rooms, type, []);
  if (found?.id === undefined) return undefined;
  const patient = 'patient' in found ? found.patient.reference?.replace('Patient/', '') : found.id;
  return { person: `${type}/${found.id}`, patients: patient === undefined ? [] : [patient] };
}

/** Somebody who works for an organisation of a type. */
async function workplace(
  rooms: Rooms,
  type: string,
): Promise<Pick<Account, 'person' | 'organization'> | undefined> {
  const [role] = await search<PractitionerRole>(rooms, 'PractitionerRole', [
    ['organization.type', `${TYPE}|${type}`],
  ]);
  const organization = role?.organization?.reference?.replace('Organization/', '');
  const person = role?.practitioner?.reference;
  return person === undefined || organization === undefined ? undefined : { person, organization };
}

/** An organisation of a kind that a sandbox has in the whole state. */
export async function organizationOfKind(rooms: Rooms, kind: Kind): Promise<string | undefined> {
  const [, name] = STATEWIDE.find(([each]) => each === kind) ?? [];
  if (name === undefined) return undefined;
  const [found] = await search<Resource & { id?: string }>(rooms, 'Organization', [['name:exact', name]]);
  return found?.id;
}

async function search<R extends Resource>(
  rooms: Rooms,
  type: string,
  query: readonly QueryPair[],
): Promise<readonly R[]> {
  const answer = await rooms.handle({
    interaction: 'search-type',
    type,
    actor: { client: 'sandbox', role: 'system', purpose: 'HSYSADMIN' },
    requestId: rooms.newId(),
    door: 'command',
    query: [...query, ['_count', '1']],
    queryInUrl: false,
    conditions: {},
    prefer: {},
  });
  const { entry = [] } = JSON.parse(answer.body ?? '{}') as Bundle<R>;
  return entry.flatMap(({ resource }) => (resource === undefined ? [] : [resource]));
}
