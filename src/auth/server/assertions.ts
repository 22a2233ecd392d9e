/**
 * What a backend service's proof of itself must have beside its signature (SMART App Launch 2.2, "Client
 * Authentication: Asymmetric"; RFC 7523).
 */
import { errors, type Client, type KoaContextWithOIDC } from 'oidc-provider';
import type { Clock } from '../../core/clock.ts';
import { readB2b } from './asked-purpose.ts';

const MOST_SECONDS = 300;
const SKEW_SECONDS = 60;

/** Makes the check. */
export const assertionCheck =
  (now: Clock) =>
  (
    ctx: KoaContextWithOIDC,
    claims: Readonly<Record<string, unknown>>,
    header: Readonly<Record<string, unknown>>,
    client: Client,
  ): void => {
    const { iss, sub, exp } = claims;
    if (iss !== client.clientId || sub !== iss)
      throw new errors.InvalidClientAuth('iss and sub must be the client id');
    if (typeof exp !== 'number' || exp > now().getTime() / 1000 + MOST_SECONDS + SKEW_SECONDS) {
      throw new errors.InvalidClientAuth('exp must be at most five minutes ahead');
    }
    checkKey(header, client);
    readB2b(ctx, claims);
    if (header['typ'] !== undefined && header['typ'] !== 'JWT')
      throw new errors.InvalidClientAuth('typ must be JWT');
  };

/** Keys as the library keeps them, which its types do not show. */
interface Keyed {
  readonly jwksUri?: string;
  readonly asymmetricKeyStore?: Iterable<{ readonly kid?: string; readonly kty?: string }>;
}

/**
 * The key that the header names: one of the client's, and only one; at no other address than the registered one
 * ("Signature Verification").
 */
function checkKey({ kid, jku, alg }: Readonly<Record<string, unknown>>, client: Client): void {
  if (typeof kid !== 'string') throw new errors.InvalidClientAuth('the header must name its key');
  const { jwksUri, asymmetricKeyStore = [] } = client as unknown as Keyed;
  if (jku !== undefined && jku !== jwksUri) {
    throw new errors.InvalidClientAuth('jku must be the address that the client is registered with');
  }
  const kty = String(alg).startsWith('ES') ? 'EC' : 'RSA';
  const same = [...asymmetricKeyStore].filter((key) => key.kid === kid && key.kty === kty);
  if (same.length !== 1) throw new errors.InvalidClientAuth('the header must name one key of the client');
}
