/**
 * Introspection and revocation of the signed tokens that the library only issues (RFC 7662, RFC 7009; SMART App Launch
 * 2.2, "Token Introspection").
 */
import type { Request, Response } from 'express';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { challengeOf, Unproven } from '../challenge.ts';
import { isJwt, SKEW_SECONDS, verifyToken, type Issuer, type Proven } from '../tokens.ts';
import { decodeClaims } from './claims.ts';
import { parameterIn, type Parts } from './parts.ts';
import { introspects } from '../../policy/roles.ts';

type Body = Record<string, unknown>;

const bodyOf = (ctx: KoaContextWithOIDC): Body | undefined =>
  typeof ctx.body === 'object' && ctx.body !== null ? (ctx.body as Body) : undefined;

/** The client proved itself; its token is one that the library does not look into. */
export const isUnsupported = (ctx: KoaContextWithOIDC): boolean =>
  ctx.status === 400 && bodyOf(ctx)?.['error'] === 'unsupported_token_type';

interface Issued {
  readonly claims: Body;
  readonly proven: Proven;
}

/** A token of ours that counts. */
async function issued(
  { rooms, revocations }: Parts,
  issuer: Issuer,
  token: string,
): Promise<Issued | undefined> {
  if (!isJwt(token)) return undefined;
  try {
    const proven = await verifyToken(issuer, token, rooms.now());
    const ends = proven.until <= rooms.now().getTime();
    return ends || (await revocations.hasAny(proven.ids))
      ? undefined
      : { claims: decodeClaims(token), proven };
  } catch (error) {
    if (error instanceof Unproven) return undefined;
    throw error;
  }
}

/** A token that was issued to the client that asks. */
async function seen(parts: Parts, issuer: Issuer, ctx: KoaContextWithOIDC): Promise<Issued | undefined> {
  const found = await issued(parts, issuer, parameterIn(ctx.oidc.params, 'token') ?? '');
  return found?.proven.actor.client === ctx.oidc.client?.clientId ? found : undefined;
}

const told = (found: Issued | undefined): Body =>
  found === undefined ? { active: false } : { active: true, token_type: 'Bearer', ...found.claims };

export async function introspect(parts: Parts, issuer: Issuer, ctx: KoaContextWithOIDC): Promise<void> {
  ctx.status = 200;
  ctx.body = told(await seen(parts, issuer, ctx));
}

/** What is no token, or another client's, is answered the same (RFC 7009, 2.2). */
export async function revoke(parts: Parts, issuer: Issuer, ctx: KoaContextWithOIDC): Promise<void> {
  const found = await seen(parts, issuer, ctx);
  if (found !== undefined) {
    const until = new Date(found.proven.until + SKEW_SECONDS * 1000);
    await parts.revocations.revoke(`jti:${String(found.claims['jti'])}`, until);
  }
  ctx.status = 200;
  ctx.body = '';
}

/** Introspection by whoever bears a token of a role that may look into everybody's. */
export const introspectionByBearer =
  (parts: Parts, issuer: Issuer) =>
  async (request: Request, response: Response): Promise<void> => {
    const [, bearer = ''] = /^Bearer +(.+)$/i.exec(request.get('authorization') ?? '') ?? [];
    response.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
    const asker = await issued(parts, issuer, bearer);
    if (asker === undefined) {
      response
        .status(401)
        .set('WWW-Authenticate', challengeOf('invalid_token'))
        .json({ error: 'invalid_token' });
      return;
    }
    if (!introspects(asker.proven.actor.role)) {
      const error = 'insufficient_scope';
      response.status(403).set('WWW-Authenticate', challengeOf(error)).json({ error });
      return;
    }
    const token = new URLSearchParams(String(request.body)).get('token') ?? '';
    if (token === '') response.status(400).json({ error: 'invalid_request' });
    else response.json(told(await issued(parts, issuer, token)));
  };
