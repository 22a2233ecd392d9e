/**
 * What the authorization server keeps, in MongoDB: one collection a model, expired by a TTL index. What may be used
 * once is used once whatever arrives at the same time: a proof's id is inserted, a code is consumed conditionally.
 */
import type { Connection, mongo } from 'mongoose';
import { errors, type Adapter, type AdapterFactory, type AdapterPayload } from 'oidc-provider';
import type { Clock } from '../core/clock.ts';
import { databaseOf } from './connect.ts';
import type { Index } from './indexes.ts';
import { ACCOUNTS, CONTEXTS, LAUNCHES } from './accounts.ts';
import { ATTEMPTS } from './attempts.ts';
import { KEPT_TEXTS } from './kept-texts.ts';
import { SIGNING_KEYS } from './signing-keys.ts';
import type { Revocations } from './revocations.ts';

interface Kept {
  readonly _id: string;
  readonly payload: AdapterPayload;
  readonly expiresAt?: Date;
}

const PREFIX = 'oauth_';
const EXPIRY: Index = { key: { expiresAt: 1 }, expireAfterSeconds: 0 };
const OF_GRANT: Index = { key: { 'payload.grantId': 1 } };

/** The models that are used here, and their indexes. */
const MODELS: Readonly<Record<string, readonly Index[]>> = {
  AccessToken: [EXPIRY, OF_GRANT],
  AuthorizationCode: [EXPIRY, OF_GRANT],
  Client: [],
  ClientCredentials: [EXPIRY],
  Grant: [EXPIRY, { key: { 'payload.accountId': 1 } }],
  InitialAccessToken: [EXPIRY],
  Interaction: [EXPIRY],
  RefreshToken: [EXPIRY, OF_GRANT],
  RegistrationAccessToken: [EXPIRY],
  ReplayDetection: [EXPIRY],
  Session: [EXPIRY, { key: { 'payload.uid': 1 } }, { key: { 'payload.accountId': 1 } }],
};

/** The collections of the authorization server. */
export const AUTH_COLLECTIONS: ReadonlyMap<string, readonly Index[]> = new Map([
  ...Object.entries(MODELS).map(([model, indexes]): [string, readonly Index[]] => [PREFIX + model, indexes]),
  [ACCOUNTS, [{ key: { identity: 1 }, sparse: true, unique: true }]],
  [ATTEMPTS, [EXPIRY]],
  [SIGNING_KEYS, []],
  [KEPT_TEXTS, []],
  [LAUNCHES, [EXPIRY]],
  [CONTEXTS, [EXPIRY]],
]);

const TAKEN = 11_000;

interface Needs {
  readonly connection: Connection;
  readonly revocations: Revocations;
  readonly now: Clock;
}

/** Makes the adapters of one store. */
export const oidcAdapters =
  ({ connection, revocations, now }: Needs): AdapterFactory =>
  (model) => {
    const collection = databaseOf(connection).collection<Kept>(PREFIX + model);
    const expiryOf = (seconds: number | undefined): Pick<Kept, 'expiresAt'> =>
      seconds ? { expiresAt: new Date(now().getTime() + seconds * 1000) } : {};
    const found = async (filter: mongo.Filter<Kept>): Promise<AdapterPayload | undefined> =>
      (await collection.findOne(filter))?.payload;
    const adapter: Adapter = {
      upsert: async (id, payload, seconds) => {
        const kept: Kept = { _id: id, payload, ...expiryOf(seconds) };
        if (model === 'ReplayDetection') await insertOnce(collection, kept);
        else await collection.replaceOne({ _id: id }, kept, { upsert: true });
      },
      find: (id) => found({ _id: id }),
      findByUid: (uid) => found({ 'payload.uid': uid }),
      findByUserCode: () => Promise.resolve(undefined),
      consume: async (id) => {
        const consumed = Math.floor(now().getTime() / 1000);
        const { matchedCount } = await collection.updateOne(
          { _id: id, 'payload.consumed': { $exists: false } },
          { $set: { 'payload.consumed': consumed } },
        );
        // Of several that come at once one is served; the library itself looks first and marks later.
        if (matchedCount === 0) throw new errors.InvalidGrant('it was used before');
      },
      destroy: async (id) => {
        // Tokens of the grant that are out already end with it.
        if (model === 'Grant') await revocations.revoke(`grant:${id}`, endOfTokens(now));
        await collection.deleteOne({ _id: id });
      },
      revokeByGrantId: async (grantId) => {
        await collection.deleteMany({ 'payload.grantId': grantId });
      },
    };
    return adapter;
  };

/** The sign-ons that people have, by their browsers. */
export interface Sessions {
  /** Ends all sessions of an account but the present one, by its uid, and the newest of the others. */
  readonly keepNewest: (account: string, present: string, most: number) => Promise<void>;
}

/** Makes the sessions of a store. */
export function sessionsOf(connection: Connection): Sessions {
  const collection = databaseOf(connection).collection<Kept>(`${PREFIX}Session`);
  return {
    keepNewest: async (account, present, most) => {
      // Sign-ons are told to the second: of several in one, none could be called the newest.
      const old = await collection
        .find({ 'payload.accountId': account, 'payload.uid': { $ne: present } }, { projection: { _id: 1 } })
        .sort({ 'payload.loginTs': -1, _id: 1 })
        .skip(most - 1)
        .toArray();
      if (old.length > 0) await collection.deleteMany({ _id: { $in: old.map(({ _id }) => _id) } });
    },
  };
}

/**
 * Ends everything that an account is signed on to. Grants are revoked first, so that no token of theirs is good while
 * the rest goes; whatever ends this is done by doing it again.
 */
export const endingSignOns =
  (connection: Connection, revocations: Revocations, now: Clock) =>
  async (account: string): Promise<void> => {
    const db = databaseOf(connection);
    const of = { 'payload.accountId': account };
    const grants = await db
      .collection<Kept>(`${PREFIX}Grant`)
      .find(of, { projection: { _id: 1 } })
      .toArray();
    for (const { _id } of grants) await revocations.revoke(`grant:${_id}`, endOfTokens(now));
    const ofGrants = { 'payload.grantId': { $in: grants.map(({ _id }) => _id) } };
    for (const model of ['RefreshToken', 'AuthorizationCode', 'AccessToken'])
      await db.collection<Kept>(PREFIX + model).deleteMany(ofGrants);
    for (const model of ['Session', 'Grant']) await db.collection<Kept>(PREFIX + model).deleteMany(of);
  };

/** Clients that an EHR can open. */
export async function launchableClients(
  connection: Connection,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const found = await databaseOf(connection)
    .collection<Kept>(`${PREFIX}Client`)
    .find({ 'payload.launch_url': { $exists: true } })
    .sort({ _id: 1 })
    .limit(CLIENTS_SHOWN)
    .toArray();
  return found.map(({ _id, payload }) => ({ id: _id, name: payload.client_name ?? _id }));
}
const CLIENTS_SHOWN = 100;

/** No access token of a grant outlives this. */
const endOfTokens = (now: Clock): Date => new Date(now().getTime() + 2 * 3_600_000);

async function insertOnce(collection: mongo.Collection<Kept>, kept: Kept): Promise<void> {
  try {
    await collection.insertOne(kept);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === TAKEN) {
      throw new errors.InvalidClientAuth('the assertion was used before');
    }
    throw error;
  }
}
