/**
 * The public keys of an issuer, by their ids (RFC 7517): kept for a while, asked for again when a token names one
 * that is not known, but by one request at a time and not more often than the issuer can bear.
 */
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { fail } from '../core/failure.ts';

/** A key that verifies one algorithm only, so that nobody can talk a verifier into another. */
interface VerifyingKey {
  readonly key: KeyObject;
  readonly algorithms: readonly Algorithm[];
}
export type Algorithm = 'RS256' | 'RS384' | 'ES256' | 'ES384';

export interface Keys {
  /**
   * The key of an id, or undefined where the issuer has none.
   * @throws Failure `unavailable` where the issuer cannot be asked: that is no fault of the caller's token
   */
  readonly find: (kid: string) => Promise<VerifyingKey | undefined>;
}

/** A public key as a JWKS lists it. */
export interface Jwk extends JsonWebKey {
  readonly kid?: string;
  readonly alg?: string;
  readonly use?: string;
}

const FRESH_MS = 600_000;
/** Between two askings for unknown keys: a flood of made-up ids costs the issuer two requests a minute. */
const PAUSE_MS = 30_000;
/** After a failure. */
const RETRY_MS = 2000;
const KEYS_MAX = 100;

/** Makes the keys of one issuer out of a way to fetch its JWKS. */
export function keysFrom(fetchKeys: () => Promise<readonly Jwk[]>, now: Clock): Keys {
  let known = new Map<string, VerifyingKey>();
  let fetchedAt = -Infinity;
  let failedAt = -Infinity;
  let underWay: Promise<void> | undefined;

  const refresh = async (): Promise<void> => {
    try {
      known = keysOf(await fetchKeys());
      fetchedAt = now().getTime();
      failedAt = -Infinity;
    } catch {
      failedAt = now().getTime();
    } finally {
      underWay = undefined;
    }
  };
  const refreshed = async (pause: number): Promise<void> => {
    const time = now().getTime();
    const isDue = time - fetchedAt >= pause && time - failedAt >= RETRY_MS;
    if (underWay === undefined && isDue) underWay = refresh();
    await underWay;
  };
  return {
    find: async (kid) => {
      if (!known.has(kid)) await refreshed(PAUSE_MS);
      // What is known goes on counting while the issuer is away.
      else if (now().getTime() - fetchedAt >= FRESH_MS) await refreshed(FRESH_MS);
      const found = known.get(kid);
      if (found === undefined && failedAt > fetchedAt) {
        fail(
          'unavailable',
          'The keys of the authorization server cannot be fetched just now; send the request again later.',
        );
      }
      return found;
    },
  };
}

function keysOf(jwks: readonly Jwk[]): Map<string, VerifyingKey> {
  const usable = jwks.slice(0, KEYS_MAX).flatMap((jwk) => {
    const algorithms = algorithmsOf(jwk);
    if (jwk.kid === undefined || (jwk.use ?? 'sig') !== 'sig' || algorithms.length === 0) return [];
    const { d: _d, ...open } = jwk;
    return [[jwk.kid, { key: createPublicKey({ key: open, format: 'jwk' }), algorithms }] as const];
  });
  return new Map(usable);
}

const BY_KEY: Readonly<Record<string, readonly Algorithm[]>> = {
  RSA: ['RS256', 'RS384'],
  'EC P-256': ['ES256'],
  'EC P-384': ['ES384'],
};

/** What a key can verify, and what its issuer says that it is for. */
function algorithmsOf({ kty = '', crv, alg }: Jwk): readonly Algorithm[] {
  const able = BY_KEY[crv === undefined ? kty : `${kty} ${crv}`] ?? [];
  return alg === undefined ? able : able.filter((each) => each === alg);
}
