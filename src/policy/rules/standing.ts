/**
 * Whether those who stand behind an ask are in good standing now: the program, the person, and the organisation with
 * those above it. A token says who it was given to; whether that still counts is not the token's to say.
 */
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
  /** An operation that may mend what is wrong. */
  readonly operation?: string;
}

/** The first reason for which the caller may not do it; undefined where all is well. */
function faultOf(known: Known, { user, role, organization, operation }: Asking): Denial | undefined {
  const { client, account, organizations } = known;
  const actor = user === undefined ? client : account;
  if (client === undefined || actor === undefined) return 'not_enrolled';
  const states = [actor, client, ...organizations].map((each) => stateIn(each, known));
  const state = states.find((each) => each !== 'active' && !mends(operation, each));
  if (state !== undefined && state !== 'active') return DENIED[state];
  if (organization !== undefined && organization !== actor.organization) return 'organization_changed';
  return faultOfRole(known, actor, role);
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
