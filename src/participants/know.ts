/** What is known of the one who asks, read for each request: who stands behind the token, and how (policy/known.ts). */
import type { Clock } from '../core/clock.ts';
import type { Actor, Ask } from '../core/context.ts';
import type { Pack } from '../jurisdictions/pack.ts';
import { nothingKnown, type Know, type Known } from '../policy/known.ts';
import type { Participant, Terms } from '../policy/participant.ts';
import { PURPOSES, purposeNamed } from '../policy/purposes.ts';
import { stateIn } from '../policy/rules/standing.ts';
import { hasNoAccount } from '../policy/roles.ts';
import type { Emergencies } from '../storage/emergencies.ts';
import type { Participants } from '../storage/participants.ts';

/** What a jurisdiction asks of its participants. */
export const termsOf = ({ inactivity, registration }: Pack): Terms => ({
  inactiveDays: inactivity.account.days,
  renewalDays: registration.renewal.days,
});

export interface Knowing {
  readonly participants: Participants;
  readonly terms: Terms;
  readonly emergencies: Emergencies;
  readonly now: Clock;
  /** The civil day of the jurisdiction. */
  readonly today: () => string;
}

/** Sites of sites of an organisation; further up nobody stands in for anybody. */
const LEVELS = 3;

/** Makes the reader of what is known. */
export function knower(knowing: Knowing): Know<Pick<Ask, 'actor'>> {
  return async ({ actor }) => {
    const today = knowing.today();
    if (hasNoAccount(actor.role)) return nothingKnown(today, knowing.terms);
    return known(knowing, actor, today);
  };
}

async function known(knowing: Knowing, actor: Actor, today: string): Promise<Known> {
  const { participants, terms } = knowing;
  const account = actor.user === undefined ? undefined : `account:${actor.user}`;
  // Asked in one turn, so that they are one query; most tokens name the organisation that it still is.
  const find = (id: string | undefined): Promise<Participant | undefined> =>
    id === undefined ? Promise.resolve(undefined) : participants.find(id);
  const [client, person, claimed] = await Promise.all([
    find(`client:${actor.client}`),
    find(account),
    find(named(actor.organization)),
  ]);
  const own = account === undefined ? client : person;
  const [places, patients, opened] = await Promise.all([
    placesOf(participants, actor, { own, claimed }),
    account === undefined || own?.organization !== undefined
      ? Promise.resolve([])
      : participants.patientsOf(account, today),
    openedBy(knowing, actor, account),
    isToNote(own, today, terms) ? participants.used(own, today) : Promise.resolve(),
  ]);
  return {
    today,
    terms,
    ...(client && { client }),
    ...(person && { account: person }),
    ...places,
    patients,
    emergencies: opened,
  };
}

/** Whom the account has opened in an emergency; asked only for the purpose that it counts for. */
const openedBy = (
  { emergencies, now }: Knowing,
  { purpose }: Actor,
  account: string | undefined,
): Promise<readonly string[]> =>
  account !== undefined && purposeNamed(purpose) === PURPOSES.ETREAT
    ? emergencies.openTo(account, now())
    : Promise.resolve([]);

const named = (organization: string | undefined): string | undefined =>
  organization === undefined ? undefined : `organization:${organization}`;

/** Its own organisation with those above it; where it acts as another, that one with those above it beside them. */
async function placesOf(
  participants: Participants,
  { organization, through }: Actor,
  { own, claimed }: Readonly<Record<'own' | 'claimed', Participant | undefined>>,
): Promise<Pick<Known, 'organizations' | 'through'>> {
  const of = (id: string | undefined): Promise<readonly Participant[]> =>
    organizationsOf(participants, named(id), claimed);
  if (through === undefined) return { organizations: await of(own?.organization) };
  const [actedAs, above] = await Promise.all([of(organization), of(own?.organization)]);
  return { organizations: actedAs, through: above };
}

/** An organisation, then those above it. */
async function organizationsOf(
  { find }: Participants,
  first: string | undefined,
  claimed: Participant | undefined,
): Promise<readonly Participant[]> {
  const all: Participant[] = [];
  let id = first;
  while (id !== undefined && all.length < LEVELS) {
    const organization = claimed?._id === id ? claimed : await find(id);
    if (organization === undefined) break;
    all.push(organization);
    id = named(organization.organization);
  }
  return all;
}

/** Who is shut out does not become active by trying. */
const isToNote = (own: Participant | undefined, today: string, terms: Terms): own is Participant =>
  own !== undefined && own.usedOn !== today && stateIn(own, { today, terms }) === 'active';
