/**
 * How long somebody stays signed on, and on how many browsers at once: a session ends when it was not used for a while,
 * after half a day in any case, and when its account has signed on elsewhere more often than it may.
 */
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Parts } from './parts.ts';

export interface SessionLimits {
  /** Minutes without use after which a session is over. */
  readonly idleMinutes: number;
  /** Sessions of one account at the same time. */
  readonly most: number;
}

export const SESSION_LIMITS: SessionLimits = { idleMinutes: 30, most: 5 };

const LONGEST_SECONDS = 12 * 3600;

/** Seconds that a session has from now on. */
export function sessionSeconds(
  { idleMinutes }: SessionLimits,
  loginTs: number | undefined,
  now: Date,
): number {
  const left = loginTs === undefined ? LONGEST_SECONDS : loginTs + LONGEST_SECONDS - now.getTime() / 1000;
  return Math.max(1, Math.floor(Math.min(idleMinutes * 60, left)));
}

/** After a sign-on: the account's oldest sessions make room, and what was bound to them ends with them. */
export async function boundSessions({ sessions, limits }: Parts, ctx: KoaContextWithOIDC): Promise<void> {
  const { result, session } = ctx.oidc;
  const account = result?.login?.accountId;
  if (account === undefined || session?.accountId !== account) return;
  await sessions.keepNewest(account, session.uid, limits.most);
}

/** An app that is refreshed is in use: who is online stays so. */
export async function keepOnline({ rooms, limits }: Parts, ctx: KoaContextWithOIDC): Promise<void> {
  const { sessionUid } = (ctx.oidc.entities.RefreshToken ?? {}) as { readonly sessionUid?: string };
  const { RotatedRefreshToken: rotated } = ctx.oidc.entities as { readonly RotatedRefreshToken?: object };
  if (ctx.status !== 200 || rotated === undefined || sessionUid === undefined) return;
  const session = await ctx.oidc.provider.Session.findByUid(sessionUid);
  if (session?.loginTs !== undefined)
    await session.save(sessionSeconds(limits, session.loginTs, rooms.now()));
}
