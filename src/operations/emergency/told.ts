/** Who learns of an emergency access: the privacy officers by a notice, and whoever reviews it by a Task. */
import type { Coding, Task } from '@medplum/fhirtypes';
import type { Rooms } from '../../interactions/rooms.ts';
import { noticeWrite } from '../../participants/notices.ts';
import { concept } from '../../pending/codes.ts';
import { dueIn } from '../../pending/task-of.ts';
import type { Known } from '../../policy/known.ts';
import type { Unit } from '../../storage/write.ts';
import type { Opened } from '../../storage/emergencies.ts';
import { activeIn } from '../participants/active.ts';

/** Days in which it is to be reviewed. */
const REVIEW_DAYS = 7;

/** Notices to those who answer for privacy just now; they name no patient, since they leave the registry. */
export async function noticesOf(
  rooms: Rooms,
  known: Known,
  { task, account, at, reason }: Opened,
): Promise<Unit> {
  const officers = await activeIn(rooms, known, 'privacy-officer');
  return officers.map((to) => {
    const subject = 'Immunization registry: emergency access';
    const text = `${account} opened a record in an emergency (${reason}). Review Task/${task}.`;
    return noticeWrite(rooms.newId(), { to, subject, text }, at);
  });
}

/** The Task of the review. It is in nobody's record: the patient is named as text, and only the registry sees it. */
export function reviewTask({ account, at, until, patient }: Opened, reason: Coding): Task {
  const input = (text: string, valueString: string) => ({ type: { text }, valueString });
  return {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    priority: 'asap',
    code: concept('emergency-access'),
    reasonCode: { coding: [reason] },
    description: 'A record was opened in an emergency. See by the audit log whether there was one.',
    authoredOn: at.toISOString(),
    lastModified: at.toISOString(),
    restriction: dueIn(at, REVIEW_DAYS),
    input: [
      input('account', account),
      input('patient', patient),
      { type: { text: 'until' }, valueInstant: until.toISOString() },
    ],
  };
}
