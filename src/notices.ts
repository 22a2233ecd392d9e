/** How notices leave this server: by what the settings name, and what becomes of those that nobody gets. */
import { join } from 'node:path';
import type { Config } from './config.ts';
import { dayOf } from './consent/days.ts';
import { raiseOnce, type OnlyTask } from './interactions/raise-task.ts';
import { addressing } from './participants/contact.ts';
import { intoFile, UNDELIVERY, type Deliver, type Sending, type Undelivery } from './participants/outbox.ts';
import { bySmtp } from './participants/smtp.ts';
import { concept } from './pending/codes.ts';
import type { Services } from './services.ts';
import { outboxOf, type Kept } from './storage/outbox.ts';
import { participantsOf } from './storage/participants.ts';

/** What the settings say of the way of notices. */
export type NoticeSettings = Pick<Config, 'SMTP_URL' | 'SMTP_FROM' | 'DATA_DIR'>;

/**
 * The delivery that the settings ask for.
 * @throws Failure `invalid-value`
 */
export const deliveryOf = ({ SMTP_URL: url, SMTP_FROM: from, DATA_DIR }: NoticeSettings): Deliver =>
  url === undefined ? intoFile(join(DATA_DIR, 'outbox.ndjson')) : bySmtp({ url, from });

/** Everything that sending needs. */
export function sendingOf(
  { connection, rooms }: Pick<Services, 'connection' | 'rooms'>,
  deliver: Deliver,
): Sending {
  const { find } = participantsOf(connection);
  return {
    outbox: outboxOf(connection, rooms.now),
    deliver,
    addressOf: addressing(find),
    giveUp: async (notice, why) => {
      await raiseOnce(rooms, undelivered(notice, why, { now: rooms.now(), zone: rooms.pack.timeZone }));
    },
    now: rooms.now,
  };
}

const SYSTEM = 'https://fhir-iis.org/fhir/identifier/notice-undelivered';

/** One a day for each participant, however many notices there are. */
function undelivered(
  { to, subject }: Kept,
  why: Undelivery,
  { now, zone }: { readonly now: Date; readonly zone: string },
): OnlyTask {
  const organization = /^organization:(.+)$/.exec(to)?.[1];
  return {
    resourceType: 'Task',
    identifier: [{ system: SYSTEM, value: `${to} ${dayOf(now, zone)}` }],
    status: 'requested',
    intent: 'order',
    code: concept('notice-undelivered'),
    description: `“${subject}” for ${to} was not delivered: ${UNDELIVERY[why]}. See to the address ($set-contact) or the mail server, then send again (fhir-iis participants notices --again).`,
    authoredOn: now.toISOString(),
    lastModified: now.toISOString(),
    ...(organization !== undefined && { focus: { reference: `Organization/${organization}` } }),
  };
}
