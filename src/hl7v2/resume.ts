/** A message from its bytes, as whoever sent it: one that waited for staff to say whose record it is, or is sent again. */
import type { Answer } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import type { Resume, Rooms } from '../interactions/rooms.ts';
import { textOf } from './bytes.ts';
import { headerOf } from './header.ts';
import { parseMessage } from './message.ts';
import { receive, USUAL_SWITCHES } from './receive.ts';
import { senders } from './senders.ts';

/**
 * Takes the message again, and answers with its acknowledgement; it is placed by what staff have said by then, and what was stored already stays as it is.
 * @throws Failure `unavailable` where it could not be looked at
 */
export async function resumeMessage(rooms: Rooms, { ask, original }: Parameters<Resume>[0]): Promise<Answer> {
  const text = textOf(original);
  // It was taken once: settings may have changed since.
  const versions = new Set([headerOf(parseMessage(text)).version]);
  const door = { rooms, senderOf: senders(rooms), switches: { ...USUAL_SWITCHES, versions } };
  const { actor, requestId, from } = ask;
  const answer = await receive(door, { actor, requestId, ...(from !== undefined && { from }) }, text);
  if (answer.includes('\rMSA|AR|'))
    fail('unavailable', 'The message could not be taken; settle it again later.');
  return { status: 200, body: answer };
}
