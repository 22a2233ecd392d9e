/** What a change of a participant writes: the participant, the fact of the change, and a notice to those concerned. */
import type { Ask } from '../../core/context.ts';
import type { Rooms } from '../../interactions/rooms.ts';
import { codesOf } from '../../participants/contact.ts';
import { confirmationNotice, noticeOf, noticeWrite } from '../../participants/notices.ts';
import type { Act, Participant, State } from '../../policy/participant.ts';
import type { Unit } from '../../storage/write.ts';

/** Who does something, as it is kept. */
export const actOf = ({ actor: { client, user } }: Ask, at: Date): Act => ({
  at,
  by: user === undefined ? `client:${client}` : `account:${user}`,
});

interface Changed {
  readonly change: string;
  readonly was: Participant | undefined;
  readonly is: Participant;
  readonly state: State;
  readonly act: Act;
}

/** The writes of one change; they hold only while the participant is what it was. */
export function changeUnit(rooms: Rooms, { change, was, is, state, act }: Changed): Unit {
  const doc = { ...is };
  return [
    was === undefined
      ? { do: 'insert', in: 'participants', doc }
      : { do: 'replace', in: 'participants', match: { _id: was._id, revision: was.revision }, doc },
    {
      do: 'insert',
      in: 'participant_changes',
      doc: { _id: rooms.newId(), participant: is._id, change, state, revision: is.revision, ...act },
    },
    noticeWrite(rooms.newId(), noticeOf(is, change, state), act.at),
    ...confirmation(rooms, was, is),
  ];
}

/** An address that is new is asked whether it is right. */
function confirmation({ newId, now, secrets }: Rooms, was: Participant | undefined, is: Participant): Unit {
  if (is.newContact === undefined || was?.newContact === is.newContact) return [];
  return [noticeWrite(newId(), confirmationNotice(is, codesOf(secrets, is)[0]), now())];
}
