/** What was decided of a record that came, so that the same record is placed the same way when it comes again. */
import type { Person } from '../matching/person.ts';
import type { Secrets } from '../storage/secrets.ts';
import type { Note } from '../storage/store.ts';

export interface Placement extends Note {
  /** Of the submitter and all that the record says of the person, as a keyed hash. */
  readonly _id: string;
  /** `waits` until staff have settled it. */
  readonly state: 'waits' | 'same' | 'new' | 'rejected';
  readonly task: string;
  /** Whose record it is; of a new person once there is one. */
  readonly patient?: string;
}

/** Under which a record of a submitter is remembered. */
export const placementIdOf = (secrets: Secrets, submitter: string, person: Person): string =>
  secrets.hash('placement', JSON.stringify([submitter, person]))[0] ?? '';
