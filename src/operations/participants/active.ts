/** Who works in a role just now. */
import type { Rooms } from '../../interactions/rooms.ts';
import type { Known } from '../../policy/known.ts';
import type { Participant } from '../../policy/participant.ts';
import type { RoleName } from '../../policy/roles.ts';
import { stateIn } from '../../policy/rules/standing.ts';
import { PARTICIPANTS } from '../../storage/participants.ts';
import type { Note } from '../../storage/store.ts';

/** More than are told of one thing. */
const MOST = 100;

/** Ids of the people of a role whose participation is active. */
export async function activeIn(
  { store }: Pick<Rooms, 'store'>,
  known: Known,
  role: RoleName,
): Promise<readonly string[]> {
  const people = await store.notes<Participant & Note>(PARTICIPANTS, { what: 'person', role }, MOST);
  return people.filter((each) => stateIn(each, known) === 'active').map(({ _id }) => _id);
}
