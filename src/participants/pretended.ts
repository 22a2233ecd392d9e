/** Participants of a sandbox: made up with its clients and accounts, approved, trained and renewed. */
import { dayAfter } from '../core/civil-day.ts';
import type { Clock } from '../core/clock.ts';
import type { Participant } from '../policy/participant.ts';
import { roleOf } from '../policy/roles.ts';
import { HELD_BY, relationshipOf } from './relationships.ts';
import type { Participants, Relationship } from '../storage/participants.ts';

/** A client or an account as it is kept elsewhere. */
export interface Pretended {
  readonly id: string;
  readonly what: 'client' | 'person';
  readonly role?: string;
  readonly organization?: string;
  /** Ids of the patients whom the person is, or acts for. */
  readonly patients?: readonly string[];
}

export interface Pretending {
  readonly participants: Participants;
  readonly now: Clock;
  readonly today: () => string;
}

/** For developers' own programs, which belong to nobody. */
const DEVELOPERS = 'sandbox-developers';
const YEAR_DAYS = 365;
const VERSION = 'sandbox';

/** Enrols a client or an account of a sandbox, and the organisation that it belongs to. */
export async function pretend(pretending: Pretending, pretended: Pretended): Promise<void> {
  const { participants } = pretending;
  const { id, what, role, patients = [] } = pretended;
  const organization = await pretendPlace(pretending, pretended);
  const _id = what === 'client' ? `client:${id}` : `account:${id}`;
  const participant: Participant = {
    ...standing(pretending, _id),
    ...doneTo(await participants.find(_id)),
    what,
    ...(role !== undefined && { role }),
    ...(organization !== undefined && { organization }),
  };
  await participants.pretend(
    participant,
    patients.map((patient) => relationship(pretending, holderOf({ _id, organization, role }), patient)),
  );
}

/** The organisation of a role that exists in organisations only. */
async function pretendPlace(
  pretending: Pretending,
  { role, organization }: Pretended,
): Promise<string | undefined> {
  const kind = roleOf(role)?.kinds[0];
  if (kind === undefined) return undefined;
  const id = organization ?? `${DEVELOPERS}-${kind}`;
  const _id = `organization:${id}`;
  if ((await pretending.participants.find(_id)) === undefined) {
    await pretending.participants.pretend({ ...standing(pretending, _id), what: 'organization', kind }, []);
  }
  return id;
}

/** What was done to a participant in the sandbox stays done. */
const doneTo = (before: Participant | undefined): Partial<Participant> => ({
  ...(before?.suspended && { suspended: before.suspended }),
  ...(before?.ended && { ended: before.ended }),
  revision: (before?.revision ?? 0) + 1,
});

function standing({ now, today }: Pretending, _id: string): Omit<Participant, 'what'> {
  const act = { at: now(), by: 'sandbox' };
  return {
    _id,
    applied: act,
    approved: act,
    agreement: { ...act, version: VERSION },
    trained: act,
    until: dayAfter(today(), YEAR_DAYS),
    usedOn: today(),
    revision: 1,
  };
}

/** Who holds the relationship, and of which kind: of a plan or a school the organisation does. */
function holderOf({
  _id,
  organization,
  role,
}: {
  readonly _id: string;
  readonly organization: string | undefined;
  readonly role: string | undefined;
}): Pick<Relationship, 'holder' | 'kind'> {
  const kind = roleOf(role)?.kinds[0];
  const held = kind === undefined ? undefined : HELD_BY[kind];
  if (held !== undefined && organization !== undefined) {
    return { holder: `organization:${organization}`, kind: held.kind };
  }
  return { holder: _id, kind: role === 'patient' ? 'self' : 'guardian' };
}

const relationship = (
  { now, today }: Pretending,
  holder: Pick<Relationship, 'holder' | 'kind'>,
  patient: string,
): Relationship =>
  relationshipOf({
    ...holder,
    patient,
    from: today(),
    source: 'sandbox',
    admitted: { at: now(), by: 'sandbox' },
  });
