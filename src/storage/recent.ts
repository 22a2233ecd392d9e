/** What the search for misuse reads: the log of the last while, and the people in it. */
import type { Connection } from 'mongoose';
import type { Account } from './accounts.ts';
import { ACCOUNTS } from './accounts.ts';
import { databaseOf } from './connect.ts';
import type { Stored } from './store.ts';

const BATCH = 500;

export interface Recent {
  /** The texts of what was recorded since, oldest first. */
  readonly since: (from: Date) => AsyncIterable<string>;
  /** The texts of resources, by id; of none more than once. */
  readonly texts: (type: string, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** The resources that accounts stand for, as references. */
  readonly people: (accounts: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Of the patients those of whose vaccinations the organisation is a custodian. */
  readonly given: (organization: string, patients: readonly string[]) => Promise<readonly string[]>;
}

/** The recent past of a store. */
export function recentOf(connection: Connection, log: string): Recent {
  const db = databaseOf(connection);
  return {
    since: async function* (from) {
      const found = db
        .collection<Stored>(log)
        .find({ lastUpdated: { $gte: from } }, { projection: { json: 1 }, batchSize: BATCH })
        .sort({ lastUpdated: 1, _id: 1 });
      for await (const { json } of found) yield json;
    },
    texts: async (type, ids) => {
      const found = await db
        .collection<Stored>(type)
        .find({ _id: { $in: [...ids] } }, { projection: { json: 1 } })
        .toArray();
      return new Map(found.map(({ _id, json }) => [_id, json]));
    },
    people: async (accounts) => {
      const found = await db
        .collection<Account>(ACCOUNTS)
        .find({ _id: { $in: [...accounts] } }, { projection: { person: 1 } })
        .toArray();
      return new Map(found.map(({ _id, person }) => [_id, person]));
    },
    given: async (organization, patients) =>
      db
        .collection<Stored>('Immunization')
        .distinct('patients', { patients: { $in: [...patients] }, custodians: organization }),
  };
}
