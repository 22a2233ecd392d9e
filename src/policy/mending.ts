/** What somebody whose standing is not good may still ask for: only what mends it. */
import type { State } from './participant.ts';

const MENDS: Readonly<Record<string, readonly State[]>> = {
  'accept-agreement': ['approved', 'lapsed'],
  renew: ['lapsed'],
  'request-reactivation': ['inactive'],
  // Who cannot be told what to do cannot do it.
  'set-contact': ['approved', 'agreed', 'lapsed', 'inactive'],
  'confirm-contact': ['applied', 'approved', 'agreed', 'lapsed', 'inactive'],
};

/** Whether the operation would mend the state of one who asks for it. */
export const mends = (operation: string | undefined, state: State): boolean =>
  operation !== undefined && MENDS[operation]?.includes(state) === true;
