/**
 * What the authorization server adds to the library's answers: the context of a launch beside a token (SMART App
 * Launch 2.2, "Launch Context"), and introspection and revocation of the signed tokens that the library only issues
 * (RFC 7662, RFC 7009).
 */
import type { KoaContextWithOIDC } from 'oidc-provider';
import { Unproven } from '../challenge.ts';
import { isJwt, SKEW_SECONDS, verifyToken, type Issuer } from '../tokens.ts';
import { decodeClaims } from './claims.ts';
import { parameterIn, type Parts } from './parts.ts';

type Next = () => Promise<void>;
type Body = Record<string, unknown>;

/** Makes the step that goes around every route. */
export const answering =
  (parts: Parts, issuer: Issuer) =>
  async (ctx: KoaContextWithOIDC, next: Next): Promise<void> => {
    await next();
    const { route } = (ctx.oidc as { route?: string } | undefined) ?? {};
    if (route === 'token') await addContext(parts, ctx);
    if (route === 'introspection' && isUnsupported(ctx)) await introspect(parts, issuer, ctx);
    if (route === 'revocation' && isUnsupported(ctx)) await revoke(parts, issuer, ctx);
    if (route === 'token') renewKeys(parts, ctx);
  };

const bodyOf = (ctx: KoaContextWithOIDC): Body | undefined =>
  typeof ctx.body === 'object' && ctx.body !== null ? (ctx.body as Body) : undefined;

async function addContext({ launches }: Parts, ctx: KoaContextWithOIDC): Promise<void> {
  const body = bodyOf(ctx);
  const grant = ctx.oidc.entities.AccessToken?.grantId;
  ctx.set('Pragma', 'no-cache');
  if (body?.['access_token'] === undefined || grant === undefined) return;
  const context = await launches.contextOf(grant);
  if (context?.patient === undefined) return;
  ctx.body = { ...body, patient: context.patient, need_patient_banner: true };
}

/** The client proved itself; its token is one that the library does not look into. */
const isUnsupported = (ctx: KoaContextWithOIDC): boolean =>
  ctx.status === 400 && bodyOf(ctx)?.['error'] === 'unsupported_token_type';

interface Seen {
  readonly claims: Body;
  readonly jti: string;
  readonly until: Date;
}

/** A token of ours that was issued to the client that asks, and counts. */
async function seen(
  { rooms, revocations }: Parts,
  issuer: Issuer,
  ctx: KoaContextWithOIDC,
): Promise<Seen | undefined> {
  const token = parameterIn(ctx.oidc.params, 'token') ?? '';
  if (!isJwt(token)) return undefined;
  try {
    const { ids, until } = await verifyToken(issuer, token, rooms.now());
    const claims = decodeClaims(token);
    const isOwn = claims['client_id'] === ctx.oidc.client?.clientId;
    if (!isOwn || until <= rooms.now().getTime() || (await revocations.hasAny(ids))) return undefined;
    return { claims, jti: String(claims['jti']), until: new Date(until) };
  } catch (error) {
    if (error instanceof Unproven) return undefined;
    throw error;
  }
}

async function introspect(parts: Parts, issuer: Issuer, ctx: KoaContextWithOIDC): Promise<void> {
  const found = await seen(parts, issuer, ctx);
  ctx.status = 200;
  ctx.body =
    found === undefined ? { active: false } : { active: true, token_type: 'Bearer', ...found.claims };
}

/** What is no token, or another client's, is answered the same (RFC 7009, 2.2). */
async function revoke(parts: Parts, issuer: Issuer, ctx: KoaContextWithOIDC): Promise<void> {
  const found = await seen(parts, issuer, ctx);
  if (found !== undefined) {
    const until = new Date(found.until.getTime() + SKEW_SECONDS * 1000);
    await parts.revocations.revoke(`jti:${found.jti}`, until);
  }
  ctx.status = 200;
  ctx.body = '';
}

/** Part of the library that its types do not show. */
interface FetchedKeys {
  freshUntil?: number;
}
const renewed = new Map<string, number>();
const PAUSE_MS = 5000;
const REMEMBERED = 1000;

/** The library keeps a client's keys a minute and asks for no unknown one: a client that changed its keys may try again at once. */
function renewKeys({ rooms }: Parts, ctx: KoaContextWithOIDC): void {
  const client = ctx.oidc.client as
    { clientId: string; jwksUri?: string; asymmetricKeyStore?: FetchedKeys } | undefined;
  if (ctx.status !== 401 || client?.jwksUri === undefined || client.asymmetricKeyStore === undefined) return;
  const time = rooms.now().getTime();
  if (time - (renewed.get(client.clientId) ?? -Infinity) < PAUSE_MS) return;
  if (renewed.size >= REMEMBERED) renewed.clear();
  renewed.set(client.clientId, time);
  client.asymmetricKeyStore.freshUntil = 0;
}
