/** Sends what waits in the outbox, and tells participants in time that their renewal is due. */
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { dayAfter } from '../policy/participant.ts';
import type { Kept, Outbox } from '../storage/outbox.ts';
import { renewalNotice } from './notices.ts';

/** Days before the end at which a renewal is asked for. */
const NOTICE_DAYS = 30;

export type Deliver = (notice: Pick<Kept, 'to' | 'subject' | 'text' | 'at'>) => Promise<void>;

/** Delivers into a file, one notice a line, that only its owner can read: a mail program or a person takes it from there. */
export const intoFile =
  (path: string): Deliver =>
  async ({ to, subject, text, at }) => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await appendFile(path, `${JSON.stringify({ at, to, subject, text })}\n`, { mode: 0o600 });
  };

/** Puts a notice into the outbox for everybody whose participation ends soon; each is told once of one end. */
export async function remind(outbox: Outbox, today: string): Promise<void> {
  for (const participant of await outbox.due(today, dayAfter(today, NOTICE_DAYS))) {
    const { _id, until = '' } = participant;
    await outbox.put({ _id: `renewal ${_id} ${until}`, ...renewalNotice(participant) });
    await outbox.told(participant);
  }
}

/** Delivers what waits, the oldest first. What cannot be delivered waits for another try. */
export async function sendAll(outbox: Outbox, deliver: Deliver): Promise<void> {
  for (let notice = await outbox.take(); notice !== undefined; notice = await outbox.take()) {
    await deliver(notice);
    await outbox.sent(notice._id);
  }
}
