/**
 * What policy must know of the one who asks, read from the primary for this one request and never kept: a suspension
 * or the end of a relationship counts from the next request on, on every node.
 */
import type { Actor } from '../core/context.ts';
import type { Participant, Terms } from './participant.ts';

/** Facts of the moment; rules judge by them and by the ask, and by nothing else. */
export interface Known {
  /** The civil day on which it is asked, YYYY-MM-DD. */
  readonly today: string;
  readonly terms: Terms;
  readonly client?: Participant;
  /** Of the person who asks, where one does. */
  readonly account?: Participant;
  /** The organisation that the person or else the program belongs to, then those that it is a site of. */
  readonly organizations: readonly Participant[];
  /** Where it acts as another organisation than its own, its own and those above: `organizations` are then of the other. */
  readonly through?: readonly Participant[];
  /** Ids of the patients whom the person is, or acts for, today. */
  readonly patients: readonly string[];
  /** Ids of the patients whose records the person has opened in an emergency, and may look at still. */
  readonly emergencies?: readonly string[];
}

const TERMS: Terms = { inactiveDays: 90, renewalDays: 365 };

/** Of one whom no account or relationship stands behind: the server itself, a developer without authorization. */
export const nothingKnown = (today: string, terms: Terms = TERMS): Known => ({
  today,
  terms,
  organizations: [],
  patients: [],
});

/** Ids of the caller's own organisation and of those above it. */
export const ownOrganizations = ({ organizations }: Pick<Known, 'organizations'>): readonly string[] =>
  organizations.map(({ _id }) => _id.slice('organization:'.length));

/** The organisation that the caller is of: as it is known now, else as its token says. */
export const ownOrganization = (
  { organization }: Actor,
  known: Pick<Known, 'organizations'>,
): string | undefined => ownOrganizations(known)[0] ?? organization;

/**
 * Under whose name the caller reports: its organisation's, as the registry and not the token knows it; a program that
 * belongs to none stands for itself.
 */
export const submitterOf = (known: Known, actor: Actor): string =>
  ownOrganization(actor, known) ?? actor.client;

/** Reads what is to be known of an ask. */
export type Know<Ask> = (ask: Ask) => Promise<Known>;
