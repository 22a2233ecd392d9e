/**
 * Which scopes a request to the authorization server gets: the library asks here what the FHIR endpoint offers to
 * this client, and the answer is what may be granted.
 */
import { errors, type Client, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import { roleOf, ceilingOf } from '../../policy/roles.ts';
import { askedPurpose, notePurpose, purposesIn } from './asked-purpose.ts';
import { askedFor, levelOf, narrow, wordsOf } from './narrow.ts';
import { factsOf, parameterIn, TOKEN_SECONDS, type Parts } from './parts.ts';

/** Name of the resource: an app says it as `aud`, a backend service need not say it. */
export function defaultResource(audience: string, { oidc }: KoaContextWithOIDC): string | undefined {
  if (oidc.route !== 'token') return parameterIn(oidc.params, 'aud');
  return oidc.params?.['grant_type'] === 'client_credentials' ? audience : undefined;
}

/**
 * What the FHIR endpoint offers to a request.
 * @throws InvalidTarget for another audience, InvalidScope where nothing can be granted, InvalidClient
 */
export async function offerTo(
  { audience, revocations, mayEnter }: Parts,
  ctx: KoaContextWithOIDC,
  resource: string,
  client: Client,
): Promise<ResourceServer> {
  if (resource !== audience) throw new errors.InvalidTarget('aud must be the base of the FHIR endpoint');
  const id = `client:${client.clientId}` as const;
  if ((await revocations.hasAny([id])) || !(await mayEnter(id))) {
    throw new errors.InvalidClient('the client is suspended');
  }
  return { scope: (await consented(ctx, resource)) ?? scopeOf(ctx, resource, client), audience, ...FORM };
}

/**
 * What the person granted, once it has: the library would go on with what was asked for, in which a word of fewer
 * letters does not occur.
 */
async function consented({ oidc }: KoaContextWithOIDC, resource: string): Promise<string | undefined> {
  const id = oidc.route === 'resume' ? oidc.result?.consent?.grantId : undefined;
  const grant = id === undefined ? undefined : await oidc.provider.Grant.find(id);
  if (grant === undefined) return undefined;
  const scope = grant.getResourceScope(resource);
  if (oidc.params !== undefined) oidc.params['scope'] = scope;
  return scope;
}

const FORM = {
  accessTokenFormat: 'jwt',
  accessTokenTTL: TOKEN_SECONDS,
  jwt: { sign: { alg: 'ES256' } },
} as const;

function scopeOf(ctx: KoaContextWithOIDC, resource: string, client: Client): string {
  const { oidc } = ctx;
  const granted = oidc.entities.Grant;
  // A code or a refresh token stands for what was granted: words that the client may still have.
  if (granted !== undefined && oidc.route === 'token') {
    return forClient(granted.getResourceScope(resource), client, false);
  }
  const params = oidc.params ?? {};
  const isBackend = params['grant_type'] === 'client_credentials';
  const asked = parameterIn(params, 'scope') ?? '';
  const scope = forClient(asked, client, isBackend);
  if (oidc.route === 'resume') return scope;
  notePurpose(ctx, purposesIn(asked));
  if (oidc.route === 'authorization') params['purpose_of_use'] = askedPurpose(ctx);
  const all = [scope, ...(isOfflineLost(ctx, scope, client) ? ['offline_access'] : [])].join(' ');
  params['scope'] = all;
  return all;
}

/** The library takes offline_access away where no consent was asked for by parameter, which SMART apps never do. */
function isOfflineLost({ oidc, query }: KoaContextWithOIDC, scope: string, client: Client): boolean {
  const sent = parameterIn(query, 'scope') ?? parameterIn(oidc.body, 'scope') ?? '';
  const has = (text: string): boolean => text.split(' ').includes('offline_access');
  return has(sent) && !has(scope) && client.grantTypeAllowed('refresh_token');
}

/** The scopes of a request that its client may have. */
function forClient(asked: string, client: Client, isBackend: boolean): string {
  const read = askedFor(asked);
  if ('fault' in read) throw new errors.InvalidScope(read.fault, asked);
  const level = levelOf(read.words);
  if (isBackend !== (level === 'system') && level !== undefined) {
    throw new errors.InvalidScope(
      'system scopes are for client credentials alone, and they for system scopes',
      asked,
    );
  }
  const { smart_scopes = '', role } = factsOf(client);
  let words = narrow(read.words, smart_scopes);
  if (isBackend) {
    const entry = roleOf(role);
    words = entry === undefined ? [] : narrow(words, ceilingOf(entry));
  }
  if (words.length === 0 && (isBackend || read.words.length > 0)) {
    throw new errors.InvalidScope('the client may have none of the scopes', asked);
  }
  return [...read.others, ...wordsOf(words)].join(' ');
}
