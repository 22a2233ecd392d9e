/**
 * What can happen to a participant: who may bring it about, from which state, and what it leaves. Each is an operation
 * of an Organization (catalog/operations.ts) and one transaction with its record. docs/participants.md shows this table.
 */
import { dayAfter } from '../core/civil-day.ts';
import { fail } from '../core/failure.ts';
import type { Act, Participant, State, Terms } from '../policy/participant.ts';
import type { RoleName } from '../policy/roles.ts';
import { isCode, newContactOf } from './contact.ts';

/** A change as it was asked for. */
export interface Wanted {
  readonly act: Act;
  readonly today: string;
  readonly terms: Terms;
  /** Version of the agreement. */
  readonly version?: string;
  readonly reason?: string;
  /** Reference to the record of an investigation: a Task. */
  readonly investigation?: string;
  readonly email?: string;
  /** What went to the address, and what came back. */
  readonly codes?: readonly string[];
  readonly code?: string;
  /** Id of a client of another organisation. */
  readonly sender?: string;
}

/** Parameters of changes. */
export type Need = 'version' | 'reason' | 'investigation' | 'email' | 'code' | 'sender';

export interface Change {
  readonly means: string;
  /** Roles that may, wherever the participant is. */
  readonly by: readonly RoleName[];
  /** Whether who manages the participant's role in its own organisation may, too. */
  readonly byManager?: true;
  /** Whether the participant itself may. */
  readonly bySelf?: true;
  /** States in which it can happen. */
  readonly from: readonly State[];
  /** Parameters that must be given. */
  readonly needs: readonly Need[];
  readonly leaves: (participant: Participant, wanted: Wanted) => Participant;
}

/** Programs that send for one organisation. */
const SENDERS_MAX = 50;

const LIVING: readonly State[] = ['applied', 'approved', 'agreed', 'active', 'lapsed', 'inactive'];

export const CHANGES = {
  approve: {
    means: 'The registry approves an application',
    by: ['registry-manager'],
    from: ['applied'],
    needs: [],
    leaves: (participant, { act, today, terms }) => ({
      ...participant,
      approved: act,
      until: dayAfter(today, terms.renewalDays),
    }),
  },
  'accept-agreement': {
    means: 'The agreement, or for a person the rules of use, is accepted in a version',
    by: [],
    byManager: true,
    bySelf: true,
    from: ['approved', 'agreed', 'active', 'lapsed'],
    needs: ['version'],
    leaves: (participant, { act, version = '' }) => ({ ...participant, agreement: { ...act, version } }),
  },
  'confirm-training': {
    means: 'Training is confirmed',
    by: ['registry-manager', 'registry-staff'],
    byManager: true,
    from: ['applied', 'approved', 'agreed', 'active', 'lapsed'],
    needs: [],
    leaves: (participant, { act }) => ({ ...participant, trained: act }),
  },
  renew: {
    means: 'Participation is renewed for a year, under an agreement that is accepted again',
    by: ['registry-manager'],
    byManager: true,
    bySelf: true,
    from: ['active', 'lapsed'],
    needs: ['version'],
    leaves: (participant, { act, today, terms, version = '' }) => ({
      ...participant,
      agreement: { ...act, version },
      until: dayAfter(today, terms.renewalDays),
    }),
  },
  'request-reactivation': {
    means: 'Somebody whose access was not used asks for it again',
    by: [],
    byManager: true,
    bySelf: true,
    from: ['inactive'],
    needs: [],
    leaves: (participant, { act }) => ({ ...participant, reactivation: act }),
  },
  reactivate: {
    means: 'A request for reactivation was reviewed and is granted',
    by: ['registry-manager', 'registry-staff'],
    byManager: true,
    from: ['inactive'],
    needs: [],
    leaves: (participant, { today }) => {
      const { reactivation, ...rest } = participant;
      if (reactivation === undefined) {
        return fail('business-rule', 'Nobody has asked for reactivation ($request-reactivation).');
      }
      return { ...rest, usedOn: today };
    },
  },
  'set-contact': {
    means:
      'An e-mail address for notices is given; a code goes there, and the address before counts until it came back',
    by: ['registry-manager', 'registry-staff'],
    byManager: true,
    bySelf: true,
    from: LIVING,
    needs: ['email'],
    leaves: (participant, { act, email = '' }) => ({ ...participant, newContact: newContactOf(email, act) }),
  },
  'confirm-contact': {
    means: 'The code came back: the address counts',
    by: ['registry-manager', 'registry-staff'],
    byManager: true,
    bySelf: true,
    from: LIVING,
    needs: ['code'],
    leaves: ({ newContact, ...participant }, { act, codes = [], code = '' }) =>
      newContact !== undefined && isCode(codes, code)
        ? { ...participant, contact: { ...act, email: newContact.email } }
        : fail(
            'business-rule',
            'This is not the code that was sent to the address ($set-contact sends one).',
          ),
  },
  suspend: {
    means: 'Access ends at once for misuse or poor data, while an investigation runs',
    by: ['registry-manager', 'registry-staff', 'privacy-officer'],
    from: LIVING,
    needs: ['reason', 'investigation'],
    leaves: (participant, { act, reason = '', investigation = '' }) => ({
      ...participant,
      suspended: { ...act, reason, investigation },
    }),
  },
  reinstate: {
    means: 'A suspension ends',
    by: ['registry-manager'],
    from: ['suspended'],
    needs: ['reason'],
    leaves: ({ suspended: _ended, ...rest }, { today }) => ({ ...rest, usedOn: today }),
  },
  'end-participation': {
    means: 'Participation or access ends; what was reported stays',
    by: ['registry-manager'],
    byManager: true,
    from: [...LIVING, 'suspended'],
    needs: [],
    leaves: (participant, { act, reason }) => ({
      ...participant,
      ended: { ...act, ...(reason !== undefined && { reason }) },
    }),
  },
  'add-sender': {
    means: 'A program of another organisation sends messages for this one',
    by: ['registry-manager', 'registry-staff'],
    from: LIVING,
    needs: ['sender'],
    leaves: (participant, { sender = '' }) => {
      const senders = new Set([...sendersOf(participant), `client:${sender}`]);
      if (senders.size > SENDERS_MAX) fail('too-large', 'No more programs can send for an organization.');
      return { ...participant, senders: [...senders] };
    },
  },
  'remove-sender': {
    means: 'A program of another organisation no longer sends for this one',
    by: ['registry-manager', 'registry-staff'],
    byManager: true,
    from: [...LIVING, 'suspended'],
    needs: ['sender'],
    leaves: (participant, { sender = '' }) => ({
      ...participant,
      senders: sendersOf(participant).filter((each) => each !== `client:${sender}`),
    }),
  },
} as const satisfies Readonly<Record<string, Change>>;

/** @throws Failure `business-rule` for one who is no organisation */
function sendersOf({ what, senders = [] }: Participant): readonly string[] {
  return what === 'organization' ? senders : fail('business-rule', 'Messages are sent for an organization.');
}

export type ChangeName = keyof typeof CHANGES;
