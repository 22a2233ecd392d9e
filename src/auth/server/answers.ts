/**
 * What the authorization server adds to the library's answers: the context of a launch beside a token (SMART App
 * Launch 2.2, "Launch Context"), what becomes of signed tokens, of clients' keys and of sessions.
 */
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Issuer } from '../tokens.ts';
import { decodeClaims } from './claims.ts';
import type { ClientKeys } from './client-keys.ts';
import { tellAnswer } from './events.ts';
import { introspect, isUnsupported, revoke } from './issued.ts';
import { parameterIn, type Parts } from './parts.ts';
import { boundSessions, keepOnline } from './sessions.ts';

type Next = () => Promise<void>;

/** Makes the step that goes around every route. */
export const answering =
  (parts: Parts, issuer: Issuer, keys: ClientKeys) =>
  async (ctx: KoaContextWithOIDC, next: Next): Promise<void> => {
    await next();
    const { route } = (ctx.oidc as { route?: string } | undefined) ?? {};
    if (route === 'resume') await boundSessions(parts, ctx);
    if (route === 'token') {
      await addContext(parts, ctx);
      await keepOnline(parts, ctx);
      keys.answered(ctx);
    }
    if (route === 'introspection' && isUnsupported(ctx)) await introspect(parts, issuer, ctx);
    if (route === 'revocation' && isUnsupported(ctx)) await revoke(parts, issuer, ctx);
    if (route !== undefined) await tellAnswer(parts, ctx);
  };

async function addContext({ launches }: Parts, ctx: KoaContextWithOIDC): Promise<void> {
  ctx.set('Pragma', 'no-cache');
  const token = parameterIn(ctx.body, 'access_token');
  if (token === undefined) return;
  const { purpose_of_use } = decodeClaims(token);
  const grant = ctx.oidc.entities.AccessToken?.grantId;
  const context = grant === undefined ? undefined : await launches.contextOf(grant);
  ctx.body = {
    ...(ctx.body as Record<string, unknown>),
    purpose_of_use,
    ...(context?.patient !== undefined && { patient: context.patient, need_patient_banner: true }),
  };
}
