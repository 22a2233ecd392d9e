/** Finding the patient of a launch: a search of the person's own, through the same door as every other. */
import type { Bundle, Patient } from '@medplum/fhirtypes';
import type { Actor, QueryPair } from '../../core/context.ts';
import { Failure } from '../../core/failure.ts';
import { scopesOf } from '../../core/scopes.ts';
import type { Rooms } from '../../interactions/rooms.ts';
import type { Account } from '../../storage/accounts.ts';
import { purposeOf, roleOf } from '../../policy/roles.ts';

/** One who may be chosen. */
export interface Candidate {
  readonly id: string;
  readonly label: string;
}

const SHOWN = 10;

/** The account as it asks for itself, before any token. */
function actorOf({ _id, role, organization }: Account, client: string): Actor {
  const entry = roleOf(role);
  return {
    client,
    user: _id,
    role,
    purpose: (entry && purposeOf(entry, undefined)) ?? 'none',
    scopes: scopesOf('user/Patient.rs'),
    ...(organization !== undefined && { organization }),
  };
}

/** The EHR that a sandbox plays has all its people on its own list. */
const PLAYED: Actor = { client: 'sandbox', role: 'system', purpose: 'HSYSADMIN' };

/** Patients that a query finds in the EHR that a sandbox plays. */
export const playedCandidates = (rooms: Rooms, query: readonly QueryPair[]): Promise<readonly Candidate[]> =>
  found(rooms, PLAYED, query);

/** Patients that a query finds for the account; for a person's own account, its own. */
export const candidates = (
  rooms: Rooms,
  account: Account,
  client: string,
  query: readonly QueryPair[],
): Promise<readonly Candidate[]> => {
  const own = account.patients;
  const asked: readonly QueryPair[] = own === undefined ? query : [['_id', own.join(',')]];
  return found(rooms, actorOf(account, client), asked);
};

async function found(rooms: Rooms, actor: Actor, asked: readonly QueryPair[]): Promise<readonly Candidate[]> {
  try {
    const answer = await rooms.handle({
      interaction: 'search-type',
      type: 'Patient',
      actor,
      requestId: rooms.newId(),
      door: 'http',
      query: [...asked, ['_count', String(SHOWN)]],
      queryInUrl: false,
      conditions: {},
      prefer: {},
    });
    const bundle = JSON.parse(answer.body ?? '{}') as Bundle<Patient>;
    return (bundle.entry ?? []).flatMap(({ resource }) =>
      resource === undefined ? [] : [candidateOf(resource)],
    );
  } catch (error) {
    // What policy or search refuses finds nobody; the page asks for more.
    if (error instanceof Failure) return [];
    throw error;
  }
}

function candidateOf({ id = '', name = [], birthDate = '' }: Patient): Candidate {
  const [first] = name;
  const words = [...(first?.given ?? []), first?.family ?? '', birthDate];
  return { id, label: words.filter((word) => word !== '').join(' ') };
}
