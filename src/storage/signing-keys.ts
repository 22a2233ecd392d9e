/** The keys that the authorization server signs with: sealed under the master keys, shared by every process. */
import { generateKeyPairSync, randomBytes, type JsonWebKey } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { Clock } from '../core/clock.ts';
import { databaseOf } from './connect.ts';
import { sealingOf, type Secrets } from './secrets.ts';

/** A private key as a JWK, with its id and algorithm. */
export interface SigningKey extends JsonWebKey {
  readonly kid: string;
  readonly alg: 'RS256' | 'ES256';
  readonly use: 'sig';
}

interface Kept {
  readonly _id: string;
  readonly alg: SigningKey['alg'];
  readonly at: Date;
  readonly sealed: string;
}

export const SIGNING_KEYS = 'signing_keys';
export const SIGNING_USE = 'signing key';
/** Of each algorithm: the one that signs, and the one before it, whose tokens still count. */
const KEPT_MAX = 2;

export interface SigningKeys {
  /** Newest first. */
  readonly all: () => Promise<readonly SigningKey[]>;
  /** Makes the first keys where there are none. */
  readonly prepare: () => Promise<void>;
  /** Makes a new key of each algorithm and forgets the oldest. */
  readonly rotate: () => Promise<void>;
}

/** Makes the keys of a store. */
export function signingKeysOf(connection: Connection, secrets: Secrets, now: Clock): SigningKeys {
  const collection = databaseOf(connection).collection<Kept>(SIGNING_KEYS);
  const { seal, open } = sealingOf(secrets, SIGNING_USE);
  const kept = (): Promise<Kept[]> => collection.find().sort({ at: -1, _id: 1 }).toArray();
  const made = (alg: SigningKey['alg'], id: string): Kept => {
    const key = generated(alg, id);
    return { _id: key.kid, alg, at: now(), sealed: seal(JSON.stringify(key)) };
  };
  const algorithms = ['RS256', 'ES256'] as const;
  return {
    all: async () => (await kept()).map(({ sealed }) => JSON.parse(open(sealed)) as SigningKey),
    prepare: async () => {
      if ((await kept()).length > 0) return;
      // Under fixed ids, so that of two servers that start at once on an empty store one makes them.
      for (const alg of algorithms) {
        await collection.insertOne(made(alg, `${alg}-1`)).catch((error: unknown) => {
          if (!(error instanceof Error && 'code' in error && error.code === TAKEN)) throw error;
        });
      }
    },
    rotate: async () => {
      await collection.insertMany(
        algorithms.map((alg) => made(alg, `${alg}-${randomBytes(6).toString('base64url')}`)),
      );
      const all = await kept();
      const gone = algorithms.flatMap((alg) => all.filter((each) => each.alg === alg).slice(KEPT_MAX));
      await collection.deleteMany({ _id: { $in: gone.map(({ _id }) => _id) } });
    },
  };
}
const TAKEN = 11_000;

function generated(alg: SigningKey['alg'], kid: string): SigningKey {
  const { privateKey } =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
}
