/** What participants are told of a change, in words that say what to do; nothing personal but who it is about. */
import { STATES, type Participant, type State } from '../policy/participant.ts';

/** A notice that waits in the outbox. */
export interface Notice {
  /** The participant whom it is for; its address is looked up when it is sent. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
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
