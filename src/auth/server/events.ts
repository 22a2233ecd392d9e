/**
 * What happens at the authorization server and must be on record before its answer leaves: the one place that tells of it.
 * Whoever nobody knows is counted in the log and not stored one by one.
 */
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Happening } from '../../audit/happening.ts';
import { decodeClaims } from './claims.ts';
import { parameterIn, type Parts } from './parts.ts';

/** A sign-on, or one that failed; an account that there is not has no name here. */
export interface SignOn {
  readonly user?: string | undefined;
  readonly outcome: 'done' | 'refused';
  readonly how: string;
}

/** Tells of a sign-on. */
export async function tellSignOn({ rooms }: Parts, { user, outcome, how }: SignOn): Promise<void> {
  if (user === undefined) rooms.log.warn({ how }, 'a sign-on of nobody known was refused');
  else await rooms.happened({ what: 'sign-on', outcome, user, detail: { how } });
}

type Who = Pick<Happening, 'client' | 'user' | 'organization' | 'role' | 'purpose' | 'patient'>;

/** Whom a token speaks for. */
export function bearerIn(token: string): Who {
  const claims = decodeClaims(token);
  const [client, subject] = [parameterIn(claims, 'client_id'), parameterIn(claims, 'sub')];
  const names = { organization: 'organization', role: 'role', purpose: 'purpose_of_use', patient: 'patient' };
  const facts = Object.entries(names).map(([name, claim]) => [name, parameterIn(claims, claim)] as const);
  return {
    ...(client !== undefined && { client }),
    ...(subject !== undefined && subject !== client && { user: subject }),
    ...(Object.fromEntries(facts.filter(([, value]) => value !== undefined)) as Who),
  };
}

const WHAT: Readonly<Record<string, 'revocation' | 'registration'>> = {
  revocation: 'revocation',
  registration: 'registration',
};

/** Tells of what a client asked for at an endpoint, once it is known what it gets. */
export async function tellAnswer({ rooms }: Parts, ctx: KoaContextWithOIDC): Promise<void> {
  const { route, client } = ctx.oidc;
  const isDone = ctx.status < 400;
  if (route === 'token') {
    const token = parameterIn(ctx.body, 'access_token');
    const what = parameterIn(ctx.oidc.params, 'grant_type') === 'refresh_token' ? 'refresh' : 'token';
    if (token !== undefined) await rooms.happened({ what, outcome: 'done', ...bearerIn(token) });
    else if (client !== undefined)
      await rooms.happened({ what, outcome: 'refused', client: client.clientId, detail: reasonOf(ctx) });
    return;
  }
  const what = WHAT[route];
  const id = client?.clientId ?? parameterIn(ctx.body, 'client_id');
  if (what !== undefined && id !== undefined && isDone) {
    await rooms.happened({ what, outcome: 'done', client: id });
  }
}

const reasonOf = ({ body }: KoaContextWithOIDC): Readonly<Record<string, string>> => ({
  error: parameterIn(body, 'error') ?? 'unknown',
});

/** What helps a developer, and is told to nobody else: why a token was refused. */
export function logRefusals({ rooms }: Parts, provider: Provider): void {
  provider.on('grant.error', (ctx: KoaContextWithOIDC, error) => {
    const { error_detail: detail } = error as { error_detail?: string };
    const client = ctx.oidc.client?.clientId;
    rooms.log.warn({ client, error: error.message, detail }, 'a token was refused');
  });
}
