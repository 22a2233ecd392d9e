/**
 * Signals of misuse in the audit log: what a person should look at, and no proof of anything. They are judged from what
 * was recorded in the last hour; the thresholds are data.
 */
import type { AuditEvent, Reference } from '@medplum/fhirtypes';
import { fold } from '../search/fold.ts';

/** One recorded access, as far as the signals need it. */
export interface Access {
  readonly client: string;
  readonly user?: string;
  /** Its id, or the name that vouches for it. */
  readonly organization?: string;
  readonly role?: string;
  readonly patients: readonly string[];
  readonly isRefused: boolean;
}

export const SIGNALS = {
  'many-patients': 'One caller looked at very many different people in an hour.',
  'refused-burst': 'One caller was refused very often in an hour.',
  'own-household': 'A user looked at the record of somebody who lives at the same address.',
  'same-name': 'A user looked at the record of somebody of the same family name.',
  'possible-employer':
    'An organisation looked at many adults of working age to whom it never gave a vaccination.',
} as const;
export type Signal = keyof typeof SIGNALS;

/** Different people, refusals, or adults in an hour, beyond which a flag is raised. */
const LIMITS = { person: 100, software: 5000, refusals: 50, adults: 20 } as const;
/** The registry's own people look at more, and are looked at too. */
const STAFF_FACTOR = 10;
const STAFF: ReadonlySet<string> = new Set([
  'registry-staff',
  'registry-manager',
  'vital-records',
  'epidemiologist',
]);
/** Whose own records these are. */
const OWN: ReadonlySet<string> = new Set(['patient', 'guardian']);
const OF_OURSELVES: ReadonlySet<string> = new Set(['system', 'developer']);
const WORKING_AGE = { from: 18, to: 64 } as const;

/** What is known of a person: folded family names and addresses. */
export interface Person {
  readonly families: readonly string[];
  readonly addresses: readonly string[];
  readonly birthDate?: string;
}

/** What the signals must know beside the log. */
export interface Facts {
  readonly users: ReadonlyMap<string, Person>;
  readonly patients: ReadonlyMap<string, Person>;
  /** `organization patient` of those to whom the organisation gave or reported a vaccination. */
  readonly given: ReadonlySet<string>;
  readonly today: string;
}

/** One caller, as the log names it, and what it did. */
export interface Caller {
  readonly client: string;
  readonly user?: string;
  readonly organization?: string;
  readonly role: string;
  readonly patients: Set<string>;
  refusals: number;
}

export interface Flag {
  readonly signal: Signal;
  readonly caller: Pick<Caller, 'client' | 'user' | 'organization'>;
  /** Whose records it is about, as far as it is about some. */
  readonly patients: readonly string[];
  readonly count: number;
}

/** Who did it and whose records it touched; undefined for what is no access. */
export function accessOf(event: AuditEvent): Access | undefined {
  if (event.type.code !== 'rest') return undefined;
  return {
    ...namesIn(event.agent),
    patients: (event.entity ?? []).filter(({ role }) => role?.code === '1').map(({ what }) => idIn(what)),
    isRefused: event.outcome === '4',
  };
}

type Names = Pick<Access, 'client' | 'user' | 'organization' | 'role'>;

function namesIn(agents: AuditEvent['agent']): Names {
  const user = nameOf(whoIs(agents, 'IRCP'));
  const organization = nameOf(whoIs(agents, 'organization'));
  const role = roleIn(agents);
  return {
    client: nameOf(agents[0]?.who) ?? '',
    ...(user !== undefined && { user }),
    ...(organization !== undefined && { organization }),
    ...(role !== undefined && { role }),
  };
}

const whoIs = (agents: AuditEvent['agent'], code: string): Reference | undefined =>
  agents.find(({ type }) => type?.coding?.[0]?.code === code)?.who;
const roleIn = (agents: AuditEvent['agent']): string | undefined =>
  agents.find(({ requestor }) => requestor)?.role?.[0]?.text;
const nameOf = (who: Reference | undefined): string | undefined =>
  who?.identifier?.value ?? who?.reference?.split('/')[1];
const idIn = (to: Reference | undefined): string => to?.reference?.split('/')[1] ?? '';

/** More people of one caller than this say no more. */
const MOST_PATIENTS = 6000;

/** Adds an access to what its caller did. */
export function tally(callers: Map<string, Caller>, access: Access): void {
  const { client, user, organization, role = '' } = access;
  if (OF_OURSELVES.has(role)) return;
  const key = JSON.stringify([client, user ?? null]);
  const named = { client, role, ...(user !== undefined && { user }) };
  const caller = callers.get(key) ?? {
    ...named,
    ...(organization !== undefined && { organization }),
    patients: new Set(),
    refusals: 0,
  };
  callers.set(key, caller);
  if (access.isRefused) caller.refusals += 1;
  else for (const id of access.patients) if (caller.patients.size < MOST_PATIENTS) caller.patients.add(id);
}

/** The flags that what some callers did in an hour raises. */
export const flagsOf = (callers: Iterable<Caller>, facts: Facts): Flag[] =>
  [...callers].flatMap((caller) => [
    ...many(caller),
    ...refused(caller),
    ...near(caller, facts),
    ...employer(caller, facts),
  ]);

const flag = (signal: Signal, caller: Caller, patients: readonly string[], count: number): Flag => {
  const { client, user, organization } = caller;
  return {
    signal,
    caller: {
      client,
      ...(user !== undefined && { user }),
      ...(organization !== undefined && { organization }),
    },
    patients,
    count,
  };
};

function many(caller: Caller): Flag[] {
  const most = caller.user === undefined ? LIMITS.software : LIMITS.person;
  const limit = STAFF.has(caller.role) ? most * STAFF_FACTOR : most;
  return caller.patients.size > limit ? [flag('many-patients', caller, [], caller.patients.size)] : [];
}

const refused = (caller: Caller): Flag[] =>
  caller.refusals > LIMITS.refusals ? [flag('refused-burst', caller, [], caller.refusals)] : [];

/** The user's family and neighbours in the same home; whose own record it is looks at it rightly. */
function near(caller: Caller, { users, patients }: Facts): Flag[] {
  const self = users.get(caller.user ?? '');
  if (self === undefined || OWN.has(caller.role)) return [];
  const shares = (which: 'families' | 'addresses'): string[] =>
    [...caller.patients].filter((id) => patients.get(id)?.[which].some((each) => self[which].includes(each)));
  const home = shares('addresses');
  const name = shares('families').filter((id) => !home.includes(id));
  return [
    ...(home.length > 0 ? [flag('own-household', caller, home, home.length)] : []),
    ...(name.length > 0 ? [flag('same-name', caller, name, name.length)] : []),
  ];
}

function employer(caller: Caller, { patients, given, today }: Facts): Flag[] {
  const { organization } = caller;
  if (organization === undefined || STAFF.has(caller.role)) return [];
  const strangers = [...caller.patients].filter(
    (id) => isOfWorkingAge(patients.get(id)?.birthDate, today) && !given.has(`${organization} ${id}`),
  );
  return strangers.length > LIMITS.adults
    ? [flag('possible-employer', caller, strangers, strangers.length)]
    : [];
}

function isOfWorkingAge(birthDate: string | undefined, today: string): boolean {
  if (birthDate === undefined) return false;
  const age = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return age >= WORKING_AGE.from && age <= WORKING_AGE.to;
}

/** A Patient, Practitioner or RelatedPerson, as far as it tells whom it is near to. */
export function personOf(resource: {
  readonly name?: readonly { readonly family?: string }[];
  readonly address?: readonly { readonly line?: readonly string[]; readonly postalCode?: string }[];
  readonly birthDate?: string;
}): Person {
  const { name = [], address = [], birthDate } = resource;
  return {
    families: name.flatMap(({ family }) => (family === undefined ? [] : [fold(family)])),
    addresses: address.flatMap(({ line = [], postalCode }) =>
      line.length === 0 || postalCode === undefined
        ? []
        : [`${fold(line.join(' '))} ${postalCode.slice(0, 5)}`],
    ),
    ...(birthDate !== undefined && { birthDate }),
  };
}
