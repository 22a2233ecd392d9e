/**
 * Whether those who stand behind an ask are in good standing now: the program, the person, and the organisation with
 * those above it. A token says who it was given to; whether that still counts is not the token's to say.
 */
import type { Actor } from '../../core/context.ts';
import type { Known } from '../known.ts';
import { stateOf, type Participant, type State } from '../participant.ts';
import type { Denial } from '../denials.ts';
import type { Leaves, Rule } from '../decide.ts';
import { mends } from '../mending.ts';
import { hasNoAccount, roleOf, type OrganizationKind } from '../roles.ts';

const DENIED: Readonly<Record<Exclude<State, 'active'>, Denial>> = {
  applied: 'not_approved',
  approved: 'agreement_missing',
  agreed: 'not_trained',
  lapsed: 'lapsed',
  inactive: 'inactive',
  suspended: 'suspended',
  ended: 'ended',
};

/** Of whom it is asked, and what. */
interface Asking {
  readonly user?: string;
  readonly role: string;
  readonly organization?: string;
  readonly through?: string;
  /** An operation that may mend what is wrong. */
  readonly operation?: string;
}

/** The first reason for which the caller may not do it; undefined where all is well. */
function faultOf(known: Known, asking: Asking): Denial | undefined {
  const { user, role, operation } = asking;
  const { client, account, organizations, through = [] } = known;
  const actor = user === undefined ? client : account;
  if (client === undefined || actor === undefined) return 'not_enrolled';
  const states = [actor, client, ...organizations, ...through].map((each) => stateIn(each, known));
  const state = states.find((each) => each !== 'active' && !mends(operation, each));
  if (state !== undefined && state !== 'active') return DENIED[state];
  return faultOfPlace(known, actor, asking) ?? faultOfRole(known, actor, role);
}

/** The credentials are of the organisation that it belongs to now; acting as another is for its senders. */
function faultOfPlace(known: Known, actor: Participant, asking: Asking): Denial | undefined {
  const { organization, through } = asking;
  const proven = through ?? organization;
  if (proven !== undefined && proven !== actor.organization) return 'organization_changed';
  return through === undefined || isSenderOf(known, asking) ? undefined : 'not_its_sender';
}

/**
 * Whether who acts as another organisation than its own sends for that: it is a site of its own, or lets the program.
 * A person sends for nobody else's.
 */
export function isSenderOf(
  { client, organizations }: Pick<Known, 'client' | 'organizations'>,
  { user, through }: Pick<Actor, 'user' | 'through'>,
): boolean {
  if (through === undefined) return false;
  if (organizations.some(({ _id }) => _id === `organization:${through}`)) return true;
  if (user !== undefined || client === undefined) return false;
  return organizations.some(({ senders = [] }) => senders.includes(client._id));
}

/** Roles change, people change places: a token of before speaks for nobody. */
function faultOfRole(known: Known, actor: Participant, role: string): Denial | undefined {
  if (actor.role !== role) return 'role_changed';
  return isInPlace(known, role) ? undefined : 'no_organization';
}

/** How a participant stands, by what is known. */
export const stateIn = (participant: Participant, { today, terms }: Pick<Known, 'today' | 'terms'>): State =>
  stateOf(participant, {
    today,
    terms,
    isTrained: participant.what === 'person' && roleOf(participant.role)?.isTrained === true,
  });

/** Whether the role exists in an organisation of that kind. */
function isInPlace({ organizations: [own] }: Known, role: string): boolean {
  const kinds: readonly OrganizationKind[] | undefined = roleOf(role)?.kinds;
  if (kinds === undefined) return false;
  return kinds.length === 0 || (own?.kind !== undefined && kinds.includes(own.kind));
}

export const standing: Rule = ({ ask: { actor, interaction, operation }, known }) => {
  if (hasNoAccount(actor.role)) return NO_OBJECTION;
  const mending = interaction === 'operation' && operation !== undefined ? { operation } : {};
  const fault = faultOf(known, { ...actor, ...mending });
  return fault === undefined ? NO_OBJECTION : { deny: fault };
};

const NO_OBJECTION: Leaves = {};
