/**
 * What a backend service's proof of itself must have beside its signature (SMART App Launch 2.2, "Client
 * Authentication: Asymmetric"; RFC 7523).
 */
import { errors, type Client, type KoaContextWithOIDC } from 'oidc-provider';
import type { Clock } from '../../core/clock.ts';

const MOST_SECONDS = 300;
const SKEW_SECONDS = 60;

/** Makes the check. */
export const assertionCheck =
  (now: Clock) =>
  (
    _ctx: KoaContextWithOIDC,
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
    if (typeof header['kid'] !== 'string') throw new errors.InvalidClientAuth('the header must name its key');
    if (header['typ'] !== undefined && header['typ'] !== 'JWT')
      throw new errors.InvalidClientAuth('typ must be JWT');
  };
