/**
 * Who asks: the bearer of a token that counts, and counts still. A verified signature is remembered; whether it was
 * revoked is asked of the database on every request, together with those of others that arrive at that moment.
 */
import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { Clock } from '../core/clock.ts';
import type { Actor } from '../core/context.ts';
import type { Revocations } from '../storage/revocations.ts';
import { refuseToken, Unproven } from './challenge.ts';
import { isJwt, verifyToken, type Issuer, type Proven, type Verified } from './tokens.ts';

/** Who asks, by the request's own word and proof. */
export type Authenticate = (request: Request) => Actor | Promise<Actor>;

export interface Needs {
  readonly issuer: Issuer;
  /** What the issuer says of a token that is not signed, where it can be asked. */
  readonly introspect?: (token: string) => Promise<Proven>;
  readonly revocations: Revocations;
  readonly now: Clock;
}

const REMEMBERED = 10_000;

/** Makes the authentication of requests by bearer tokens. */
export function bearers({ issuer, introspect, revocations, now }: Needs): Authenticate {
  const known = new Map<string, Verified>();

  const verified = async (token: string): Promise<Proven> => {
    const key = createHash('sha256').update(token).digest('base64url');
    const before = known.get(key);
    // A key that its issuer withdrew verifies nothing any more, not even what it has verified.
    if (before !== undefined && (await issuer.keys.find(before.kid))?.key === before.key) return before;
    const proven = await verifyToken(issuer, token, now());
    const [oldest] = known.keys();
    if (known.size >= REMEMBERED && oldest !== undefined) known.delete(oldest);
    known.set(key, proven);
    return proven;
  };
  const prove = (token: string): Promise<Proven> => {
    if (isJwt(token)) return verified(token);
    return introspect === undefined ? refuseToken('The token is not valid.') : introspect(token);
  };
  return async (request) => {
    const { actor, until, ids } = await prove(tokenOf(request));
    if (until <= now().getTime()) refuseToken('The token has expired.');
    if (await revocations.hasAny(ids)) refuseToken('The token was revoked.');
    return actor;
  };
}

/**
 * The token of a request: in its header alone, because URLs are written down by others.
 * @throws Unproven where there is none
 */
function tokenOf(request: Request): string {
  const header = request.get('authorization');
  if (header === undefined) {
    throw new Unproven(
      'A token is needed: send "Authorization: Bearer …". GET [base]/.well-known/smart-configuration says where to get one.',
    );
  }
  const [, token] = /^Bearer +([\w.~+/=-]+)$/i.exec(header) ?? [];
  if (token === undefined)
    throw new Unproven('The Authorization header holds no bearer token.', 'invalid_request');
  return token;
}
