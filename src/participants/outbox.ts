/**
 * Sends what waits in the outbox, and tells participants in time that their renewal is due. A notice that may have left
 * is not sent again: it is put before the staff, as is one that cannot be delivered.
 */
import { DAY_MS, dayAfter } from '../core/civil-day.ts';
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Kept, Outbox } from '../storage/outbox.ts';
import { renewalNotice } from './notices.ts';

/** Days before the end at which a renewal is asked for. */
const NOTICE_DAYS = 30;

/** Why a notice did not get through. */
export const UNDELIVERY = {
  'no-address': 'the participant has no confirmed e-mail address',
  server: 'the mail server cannot be reached, or takes nothing from this server',
  later: 'the mail server asked to try again later',
  refused: 'the mail server refused the message or its recipient',
  unknown: 'it may have been delivered; nobody answered',
} as const;
export type Undelivery = keyof typeof UNDELIVERY;

/** A notice did not get through. */
export class Undelivered extends Error {
  override readonly name = 'Undelivered';
  readonly why: Undelivery;
  constructor(why: Undelivery) {
    super(UNDELIVERY[why]);
    this.why = why;
  }
}

/** A notice with the address that it goes to, where there is one. */
export type Letter = Pick<Kept, '_id' | 'to' | 'subject' | 'text' | 'at' | 'address'>;
/** @throws Undelivered */
export type Deliver = (letter: Letter) => Promise<void>;

/** Delivers into a file, one notice a line, that only its owner can read: a mail program or a person takes it from there. */
export const intoFile =
  (path: string): Deliver =>
  async ({ to, subject, text, at, address }) => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const line = { at, to, ...(address !== undefined && { address }), subject, text };
    await appendFile(path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  };

/** Puts a notice into the outbox for everybody whose participation ends soon; each is told once of one end. */
export async function remind(outbox: Outbox, today: string): Promise<void> {
  for (const participant of await outbox.due(today, dayAfter(today, NOTICE_DAYS))) {
    const { _id, until = '' } = participant;
    await outbox.put({ _id: `renewal ${_id} ${until}`, ...renewalNotice(participant) });
    await outbox.told(participant);
  }
}

export interface Sending {
  readonly outbox: Outbox;
  readonly deliver: Deliver;
  /** The confirmed address of a participant. */
  readonly addressOf: (participant: string) => Promise<string | undefined>;
  /** Puts before the staff what nobody will get. */
  readonly giveUp: (notice: Kept, why: Undelivery) => Promise<void>;
  readonly now: () => Date;
}

/** Delivers what waits, the oldest first. What cannot be delivered now is tried again, ever more rarely. */
export async function sendAll(sending: Sending): Promise<void> {
  const { outbox } = sending;
  for (const lost of await outbox.lost()) await end(sending, lost, 'unknown');
  for (let notice = await outbox.take(); notice !== undefined; notice = await outbox.take()) {
    const why = await tryOne(sending, notice);
    if (why === undefined) await outbox.sent(notice._id);
    else if (isOver(sending, notice, why)) await end(sending, notice, why);
    else await outbox.later(notice._id, { why, dueAt: dueAfter(sending, notice) });
    // What the server does to one it does to all.
    if (why === 'server') return;
  }
}

async function tryOne(
  { outbox, deliver, addressOf }: Sending,
  notice: Kept,
): Promise<Undelivery | undefined> {
  const address = notice.address ?? (await addressOf(notice.to));
  await outbox.handing(notice._id);
  try {
    await deliver({ ...notice, ...(address !== undefined && { address }) });
    return undefined;
  } catch (error) {
    if (error instanceof Undelivered) return error.why;
    throw error;
  }
}

const FINAL: ReadonlySet<Undelivery> = new Set(['refused', 'unknown']);
const DAYS_TRIED = 7;

/** A mail server that is away for long, or an address that nobody gives, is for the staff to see. */
const isOver = ({ now }: Sending, { at }: Kept, why: Undelivery): boolean =>
  FINAL.has(why) || now().getTime() - at.getTime() > DAYS_TRIED * DAY_MS;

async function end({ outbox, giveUp }: Sending, notice: Kept, why: Undelivery): Promise<void> {
  await giveUp(notice, why);
  await outbox.dead(notice._id, why);
}

const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 6 * 3_600_000;

/** A minute, then twice as long each time, up to six hours. */
function dueAfter({ now }: Sending, { tries = 0 }: Kept): Date {
  return new Date(now().getTime() + Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS));
}
