/** What the sender of a record is told when staff have settled it: which Task, and how; nothing of the person. */
import type { Communication, Task } from '@medplum/fhirtypes';
import { storedForm } from '../../interactions/prepare.ts';
import type { Rooms } from '../../interactions/rooms.ts';
import { noticeWrite, waitingNotice } from '../../participants/notices.ts';
import { concept, isCode } from '../../pending/codes.ts';
import { insert, type Unit } from '../../storage/write.ts';
import type { Outcome } from '../settle.ts';

const WORDS: Readonly<Record<Outcome, string>> = {
  'same-person': 'The record is filed with a person on file.',
  'new-person': 'The record is filed as a new person.',
  reject: 'The record was rejected and is not filed.',
};

/** Of two records on file nothing else can be settled than that they stay two. */
const TWO_PEOPLE =
  'The records that you said to be of one person are found to be of two, and stay as they are.';

const wordsOf = ({ code }: Task, outcome: Outcome): string =>
  isCode(code, 'possible-duplicate') ? TWO_PEOPLE : WORDS[outcome];

/** A message to the sender, where it is an organisation of the registry. */
export function told(rooms: Rooms, task: Task, outcome: Outcome): Unit {
  const recipient = task.requester;
  if (recipient?.reference?.startsWith('Organization/') !== true) return [];
  const now = rooms.now();
  const communication: Communication = {
    resourceType: 'Communication',
    status: 'completed',
    category: [concept('settled')],
    about: [{ reference: `Task/${task.id ?? ''}` }],
    recipient: [{ reference: recipient.reference }],
    sent: now.toISOString(),
    payload: [{ contentString: [wordsOf(task, outcome), task.statusReason?.text].filter(Boolean).join(' ') }],
  };
  const organization = recipient.reference.slice('Organization/'.length);
  return [
    ...insert(
      'Communication',
      storedForm(rooms, communication, { id: rooms.newId(), version: 1, lastUpdated: now }),
    ),
    noticeWrite(rooms.newId(), waitingNotice(organization, `Task/${task.id ?? ''}`), now),
  ];
}
