/** What participants are told of a change, in words that say what to do; nothing personal but who it is about. */
import type { Write } from '../storage/write.ts';
import { STATES, type Participant, type State } from '../policy/participant.ts';

/** A notice that waits in the outbox. */
export interface Notice {
  /** The participant whom it is for; its address is looked up when it is sent. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Where it goes whatever the participant's address is. */
  readonly address?: string;
}

const NEXT: Readonly<Record<State, string>> = {
  applied: 'Nothing is to be done until the registry has decided.',
  approved: 'Accept the agreement ($accept-agreement).',
  agreed: 'Have the training confirmed ($confirm-training).',
  active: 'Nothing is to be done.',
  lapsed: 'Renew the participation ($renew).',
  inactive: 'Ask for access again ($request-reactivation).',
  suspended: 'The registry will be in touch about the investigation.',
  ended: 'What was reported stays in the registry.',
};

/** The notice of a change. */
export const noticeOf = ({ _id, until }: Participant, change: string, state: State): Notice => ({
  to: _id,
  subject: `Immunization registry: ${change.replaceAll('-', ' ')}`,
  text: [
    `${_id} ${STATES[state]}.`,
    ...(until === undefined ? [] : [`It counts until ${until} unless it is renewed.`]),
    NEXT[state],
  ].join('\n'),
});

/** The notice that a renewal is due. */
export const renewalNotice = ({ _id, until = '' }: Participant): Notice => ({
  to: _id,
  subject: 'Immunization registry: renewal is due',
  text: `The participation of ${_id} counts until ${until}. Renew it before ($renew); it lapses otherwise.`,
});

/** The notice that asks whether an address is right, to that address. */
export const confirmationNotice = ({ _id, newContact }: Participant, code = ''): Notice => ({
  to: _id,
  ...(newContact && { address: newContact.email }),
  subject: 'Immunization registry: confirm this address',
  text: [
    `Notices for ${_id} are to come to this address. Confirm it with the code ${code} ($confirm-contact).`,
    'Who did not ask for this need do nothing.',
  ].join('\n'),
});

/** The notice that something waits, which says nothing of what; `where` is a reference. */
export const waitingNotice = (organization: string, where: string): Notice => ({
  to: `organization:${organization}`,
  subject: 'Immunization registry: something waits for you',
  text: `Something waits for you in the registry: ${where}.`,
});

/** The notice to somebody of the registry's staff that what waits is overdue. */
export const overdueNotice = (to: string, count: number): Notice => ({
  to,
  subject: 'Immunization registry: what waits is overdue',
  text: `${count} more of what waits for the staff ${count === 1 ? 'was' : 'were'} not settled in time: Task?status=requested&priority=urgent.`,
});

/** The write that puts a notice into the outbox. */
export const noticeWrite = (_id: string, notice: Notice, at: Date): Write => ({
  do: 'insert',
  in: 'notices',
  doc: { _id, ...notice, at },
});
