/** The accounts that people sign on with, and what a launch of an app is about. */
import type { Connection } from 'mongoose';
import type { Clock } from '../core/clock.ts';
import { databaseOf } from './connect.ts';

export interface Account {
  readonly _id: string;
  readonly name: string;
  readonly role: string;
  /** argon2id, as the PHC string that says how it was made. */
  readonly password: string;
  /** Id of the Organization that the person works for. */
  readonly organization?: string;
  /** `Practitioner/…`, `Patient/…` or `RelatedPerson/…`: the person as a resource. */
  readonly person: string;
  /** Ids of the patients whom the person is, or acts for. */
  readonly patients?: readonly string[];
  /** Whether a code of an authenticator app is asked for; the secret itself is a kept text. */
  readonly hasSecondFactor?: boolean;
  /** The step of time whose code was used last. */
  readonly lastCode?: number;
  /** Who the person is to an outside identity provider (identityKey). */
  readonly identity?: string;
}

export interface Accounts {
  readonly find: (id: string) => Promise<Account | undefined>;
  readonly put: (account: Account) => Promise<void>;
  readonly all: () => Promise<readonly Account[]>;
  readonly ofIdentity: (issuer: string, subject: string) => Promise<Account | undefined>;
  /** Uses the code of a step of time: true once, for this step and none before it. */
  readonly useCode: (id: string, step: number) => Promise<boolean>;
  readonly enrolled: (id: string) => Promise<void>;
}

export const ACCOUNTS = 'accounts';

/** The kept text that is the secret of an account's second factor. */
export const factorName = (account: string): string => `second factor of ${account}`;

/** An issuer and its subject as one text; an issuer has no spaces. */
export const identityKey = (issuer: string, subject: string): string => `${issuer} ${subject}`;

/** Makes the accounts of a store. */
export function accountsOf(connection: Connection): Accounts {
  const collection = databaseOf(connection).collection<Account>(ACCOUNTS);
  return {
    find: async (id) => (await collection.findOne({ _id: id })) ?? undefined,
    put: async (account) => {
      await collection.replaceOne({ _id: account._id }, account, { upsert: true });
    },
    all: () => collection.find().sort({ _id: 1 }).toArray(),
    ofIdentity: async (issuer, subject) =>
      (await collection.findOne({ identity: identityKey(issuer, subject) })) ?? undefined,
    useCode: async (id, step) => {
      const unused = { $or: [{ lastCode: { $exists: false } }, { lastCode: { $lt: step } }] };
      const { matchedCount } = await collection.updateOne(
        { _id: id, ...unused },
        { $set: { lastCode: step } },
      );
      return matchedCount === 1;
    },
    enrolled: async (id) => {
      await collection.updateOne({ _id: id }, { $set: { hasSecondFactor: true } });
    },
  };
}

/** An EHR's word for what is open on its screen: good for one launch of one app by one person, for a short while. */
interface Launch {
  readonly _id: string;
  readonly client: string;
  readonly account: string;
  readonly patient: string;
  readonly expiresAt: Date;
}

/** What the tokens of a grant are about. */
export interface Context {
  /** The grant's id. */
  readonly _id: string;
  readonly patient?: string;
  readonly role: string;
  readonly purpose: string;
  readonly organization?: string;
  readonly person: string;
}

export interface Launches {
  readonly put: (launch: Launch) => Promise<void>;
  readonly find: (id: string) => Promise<Launch | undefined>;
  /** The launch, which nobody gets again; undefined where it was used or its time is over. */
  readonly take: (id: string) => Promise<Launch | undefined>;
  readonly remember: (context: Context) => Promise<void>;
  readonly contextOf: (grant: string) => Promise<Context | undefined>;
}

export const LAUNCHES = 'launches';
export const CONTEXTS = 'launch_contexts';
/** A grant and its context end together, with the longest refresh token. */
export const GRANT_SECONDS = 90 * 86_400;

/** Makes the launches of a store. */
export function launchesOf(connection: Connection, now: Clock): Launches {
  const launches = databaseOf(connection).collection<Launch>(LAUNCHES);
  const contexts = databaseOf(connection).collection<Context & { readonly expiresAt: Date }>(CONTEXTS);
  const fresh = (id: string): { _id: string; expiresAt: { $gt: Date } } => ({
    _id: id,
    expiresAt: { $gt: now() },
  });
  return {
    put: async (launch) => {
      await launches.insertOne(launch);
    },
    find: async (id) => (await launches.findOne(fresh(id))) ?? undefined,
    take: async (id) => (await launches.findOneAndDelete(fresh(id))) ?? undefined,
    remember: async (context) => {
      const expiresAt = new Date(now().getTime() + GRANT_SECONDS * 1000);
      await contexts.replaceOne({ _id: context._id }, { ...context, expiresAt }, { upsert: true });
    },
    contextOf: async (grant) => (await contexts.findOne({ _id: grant })) ?? undefined,
  };
}
