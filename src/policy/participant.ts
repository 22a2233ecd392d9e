/**
 * Who takes part, and how it stands: organisations with their sites, people, and programs (clients). What happened is
 * kept as facts; how the participant stands follows from them and from the day, so that a lapse needs no nightly job.
 */
import { daysBetween } from '../core/civil-day.ts';
import type { OrganizationKind } from './roles.ts';

/** Something that was done, by whom and when. */
export interface Act {
  readonly at: Date;
  /** `account:…` or `client:…`. */
  readonly by: string;
}

/** An e-mail address that somebody gave. */
export interface Contact extends Act {
  readonly email: string;
}

export type ParticipantKind = 'organization' | 'person' | 'client';

export interface Participant {
  /** `organization:ID` (of the Organization), `account:ID` or `client:ID`. */
  readonly _id: string;
  readonly what: ParticipantKind;
  /** Of an organisation. */
  readonly kind?: OrganizationKind;
  /** Id of the organisation that a site is part of, or that a person or program belongs to. */
  readonly organization?: string;
  /** Of an organisation: ids of the clients of others that send messages for it. */
  readonly senders?: readonly string[];
  /** Security role of a person or program. */
  readonly role?: string;
  readonly applied: Act;
  readonly approved?: Act;
  /** The agreement, or for a person the rules of use, in the version that was accepted. */
  readonly agreement?: Act & { readonly version: string };
  readonly trained?: Act;
  /** Last civil day on which it counts unless it is renewed. */
  readonly until?: string;
  readonly suspended?: Act & { readonly reason: string; readonly investigation: string };
  readonly ended?: Act & { readonly reason?: string };
  /** Civil day of the last use, or of the reactivation after none. */
  readonly usedOn?: string;
  /** A person who was inactive asks to be let in again. */
  readonly reactivation?: Act;
  /** Where it is told of things, and an address that is to be confirmed. */
  readonly contact?: Contact;
  readonly newContact?: Contact;
  /** Counted up with every change. */
  readonly revision: number;
}

/** How a participant stands. `active` alone may do anything. */
export const STATES = {
  applied: 'has applied, and waits for approval by the registry',
  approved: 'is approved, and has to accept the agreement',
  agreed: 'has accepted the agreement, and training is to be confirmed',
  active: 'takes part',
  lapsed: 'was not renewed in time',
  inactive: 'was not used for so long that access has to be reviewed',
  suspended: 'is suspended while an investigation runs',
  ended: 'no longer takes part',
} as const;

export type State = keyof typeof STATES;

/** What the registry asks of its participants. */
export interface Terms {
  /** Days without use after which a person or program is inactive. */
  readonly inactiveDays: number;
  /** Days for which participation counts until it is renewed. */
  readonly renewalDays: number;
}

/** What a participant is judged by beside its own facts. */
export interface Judged {
  readonly today: string;
  readonly terms: Terms;
  /** Whether its role takes training. */
  readonly isTrained: boolean;
}

/** Facts that decide before others, the strictest first. */
const DECIDING: readonly (readonly [Exclude<State, 'active'>, (of: Participant, by: Judged) => boolean])[] = [
  ['ended', ({ ended }) => ended !== undefined],
  ['suspended', ({ suspended }) => suspended !== undefined],
  ['applied', ({ approved }) => approved === undefined],
  // A program works under the agreement of its organisation.
  ['approved', ({ agreement, what }) => agreement === undefined && what !== 'client'],
  ['agreed', ({ trained }, { isTrained }) => isTrained && trained === undefined],
  ['lapsed', ({ until = '' }, { today }) => until < today],
  ['inactive', isIdle],
];

/** How a participant stands on a civil day. */
export const stateOf = (participant: Participant, by: Judged): State =>
  DECIDING.find(([, decides]) => decides(participant, by))?.[0] ?? 'active';

/** Organisations act through others. */
function isIdle({ what, usedOn }: Participant, { today, terms }: Judged): boolean {
  return what !== 'organization' && usedOn !== undefined && daysBetween(usedOn, today) > terms.inactiveDays;
}
