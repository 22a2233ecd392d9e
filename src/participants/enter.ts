/** Whether somebody may come in: what is wrong and can be mended from inside shuts nobody out. */
import type { Participant, State, Terms } from '../policy/participant.ts';
import { stateIn } from '../policy/rules/standing.ts';
import type { Participants } from '../storage/participants.ts';

const SHUT_OUT: ReadonlySet<State> = new Set(['applied', 'suspended', 'ended']);
/** The people of an organisation that has applied come in to accept its agreement. */
const SHUT: ReadonlySet<State> = new Set(['suspended', 'ended']);

/** Makes the question; it is asked of the primary each time. */
export const enterer =
  (
    { find }: Pick<Participants, 'find'>,
    { terms, today }: { readonly terms: Terms; readonly today: () => string },
  ) =>
  async (id: string): Promise<boolean> => {
    const isOneOf = (states: ReadonlySet<State>, participant: Participant): boolean =>
      states.has(stateIn(participant, { terms, today: today() }));
    const participant = await find(id);
    if (participant === undefined || isOneOf(SHUT_OUT, participant)) return false;
    const { organization } = participant;
    if (organization === undefined) return true;
    const place = await find(`organization:${organization}`);
    return place !== undefined && !isOneOf(SHUT, place);
  };
