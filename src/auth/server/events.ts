/** What happens at the authorization server and must be on record: the one place that tells of it. */
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Parts } from './parts.ts';

/** A sign-on, or one that failed; an account that there is not has no name here. */
export interface SignOn {
  readonly user?: string | undefined;
  readonly outcome: 'done' | 'refused';
  readonly how: string;
}

/** Tells of a sign-on. */
export function tellSignOn({ rooms }: Parts, { user, outcome, how }: SignOn): Promise<void> {
  rooms.log.info({ user, outcome, how }, 'sign-on');
  return Promise.resolve();
}

/** Tells of what the token endpoint gave, and of what it refused. */
export function tellTokens({ rooms }: Parts, provider: Provider): void {
  provider.on('grant.error', (ctx: KoaContextWithOIDC, error) => {
    const { error_detail: detail } = error as { error_detail?: string };
    const client = ctx.oidc.client?.clientId;
    rooms.log.warn({ client, error: error.message, detail }, 'a token was refused');
  });
}
