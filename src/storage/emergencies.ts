/** Records that were opened in an emergency: by whom, whose, why, and until when. */
import type { Connection } from 'mongoose';
import { databaseOf } from './connect.ts';
import type { Note } from './store.ts';

export const EMERGENCIES = 'emergencies';

/** One try of an account on a civil day; its id has a number, so that no more are made at once than may be. */
export interface Emergency extends Note {
  /** `account:ID` */
  readonly account: string;
  readonly day: string;
  /** `missed`: nobody was found whom an emergency opens. */
  readonly result: 'opened' | 'missed';
  readonly at: Date;
}

export interface Opened extends Emergency {
  readonly result: 'opened';
  readonly patient: string;
  readonly reason: string;
  readonly until: Date;
  /** Id of the Task by which it is reviewed. */
  readonly task: string;
}

export interface Emergencies {
  /** The patients whose records are open to an account now. */
  readonly openTo: (account: string, now: Date) => Promise<readonly string[]>;
}

/** An account opens a few a day. */
const OPEN_MAX = 100;

/** Makes the reader of what is open. */
export function emergenciesOf(connection: Connection): Emergencies {
  const emergencies = databaseOf(connection).collection<Opened>(EMERGENCIES);
  return {
    openTo: async (account, now) => {
      const found = await emergencies
        .find({ account, until: { $gt: now } }, { projection: { patient: 1 } })
        .limit(OPEN_MAX)
        .toArray();
      return [...new Set(found.map(({ patient }) => patient))];
    },
  };
}
