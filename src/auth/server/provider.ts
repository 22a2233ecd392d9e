/**
 * The authorization server: `oidc-provider`, configured. Several of its defaults are not safe or not SMART; each that
 * is changed here says why.
 */
import { createPublicKey } from 'node:crypto';
import { errors, interactionPolicy, Provider, type Configuration } from 'oidc-provider';
import { GRANT_SECONDS } from '../../storage/accounts.ts';
import type { Jwk } from '../keys.ts';
import { isLoopback } from '../../core/loopback.ts';
import type { Issuer } from '../tokens.ts';
import { answering } from './answers.ts';
import { assertionCheck } from './assertions.ts';
import { extraClaims } from './claims.ts';
import { clientKeys, type ClientKeys } from './client-keys.ts';
import { logRefusals } from './events.ts';
import { defaultResource, offerTo } from './granting.ts';
import { LAUNCH_SCOPES } from './narrow.ts';
import { CLIENT_FACTS, OAUTH_PATH, TOKEN_SECONDS, type Parts } from './parts.ts';
import { checkLaunch } from './launch.ts';
import { accountFor } from './people.ts';
import { faultPage, PAGE_HEADERS } from './pages.ts';
import { patientPrompt } from './patient-prompt.ts';
import { secondFactorPrompt } from './second-factor-prompt.ts';
import { sessionSeconds } from './sessions.ts';

const HOUR = 3600;

/** Makes the authorization server of a store. */
export function providerOf(parts: Parts, issuer: Issuer): Provider {
  const keys = clientKeys(parts.rooms.now);
  const provider = new Provider(parts.issuer, configurationOf(parts, keys));
  // Behind the step in door.ts that overwrites what it reads.
  provider.proxy = true;
  provider.use(answering(parts, issuer, keys) as never);
  logRefusals(parts, provider);
  provider.on('server_error', (_ctx: unknown, { name, stack }: Error) => {
    const at = stack?.split('\n').filter((line) => line.startsWith('    at '));
    parts.rooms.log.error({ kind: name, at }, 'the authorization server failed');
  });
  return provider;
}

/** Public parts of the keys, for whoever verifies. */
export const publicKeysOf = ({ signingKeys }: Pick<Parts, 'signingKeys'>): readonly Jwk[] =>
  signingKeys.map(({ kid, alg, use, ...key }) => ({
    ...createPublicKey({ key, format: 'jwk' }).export({ format: 'jwk' }),
    kid,
    alg,
    use,
  }));

function configurationOf(parts: Parts, keys: ClientKeys): Configuration {
  const isSecure = parts.issuer.startsWith('https:');
  return {
    ...who(parts),
    ...fetching(parts, keys),
    ...what(parts),
    ...howLong(parts),
    adapter: parts.adapters,
    jwks: { keys: [...parts.signingKeys] as never },
    cookies: {
      keys: [...parts.cookieKeys],
      long: { signed: true, httpOnly: true, sameSite: 'lax', secure: isSecure },
      short: { signed: true, httpOnly: true, sameSite: 'lax', secure: isSecure },
    },
    interactions: {
      url: (_ctx, { uid }) => `${OAUTH_PATH}/interaction/${uid}`,
      policy: secondFactorPrompt(patientPrompt(interactionPolicy.base())),
    },
    features: featuresOf(parts),
    extraParams: {
      aud: (_ctx, value) => {
        if (value === undefined)
          throw new errors.InvalidRequest('aud is missing: the base of the FHIR endpoint');
      },
      purpose_of_use: null,
      launch: (ctx, value, client) => checkLaunch(parts, ctx, value, client),
    },
    renderError: (ctx, out) => {
      // A person sees a page; a program, which asks for no HTML, gets JSON.
      if (ctx.accepts(['json', 'html']) === 'html') {
        ctx.set(PAGE_HEADERS);
        ctx.body = faultPage(out.error, out.error_description);
        return;
      }
      ctx.type = 'json';
      ctx.body = out;
    },
  };
}

function featuresOf(parts: Parts): NonNullable<Configuration['features']> {
  const own = (
    _ctx: unknown,
    client: { clientId: string },
    token: { clientId?: string | undefined },
  ): boolean => token.clientId === client.clientId;
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: {
      enabled: true,
      allowedPolicy: own,
    },
    revocation: {
      enabled: true,
      allowedPolicy: own,
    },
    registration: { enabled: true, initialAccessToken: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: (ctx, _client, oneOf) => oneOf ?? defaultResource(parts.audience, ctx),
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx, resource, client) => offerTo(parts, ctx, resource, client),
    },
  };
}

/** Clients and people. */
function who(parts: Parts): Partial<Configuration> {
  return {
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    // The default has neither of the algorithms that SMART clients must use.
    enabledJWA: {
      clientAuthSigningAlgValues: ['RS384', 'ES384', 'RS256', 'ES256'],
      idTokenSigningAlgValues: ['RS256', 'ES256'],
    },
    assertJwtClientAuthClaimsAndHeader: assertionCheck(parts.rooms.now),
    extraClientMetadata: { properties: [...CLIENT_FACTS] },
    clientBasedCORS: (_ctx, origin, client) =>
      (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin),
    findAccount: (_ctx, id) => accountFor(parts, id) as never,
    pkce: { required: () => true },
  };
}

const KEYS_BYTES = 64_000;

/**
 * The library's dispatcher refuses inner addresses; where it could not be made, the library would go on without it.
 * Where developers try things, their keys are on this machine too.
 */
function fetching({ audience }: Parts, keys: ClientKeys): Partial<Configuration> {
  const isOwnMachine = isLoopback(audience);
  const guarded = async (url: unknown, options: unknown): Promise<Response> => {
    const { dispatcher, ...rest } = options as { readonly dispatcher?: unknown };
    if (dispatcher === undefined && !isOwnMachine) throw new Error('Outgoing requests cannot be checked');
    const given = { ...(isOwnMachine ? rest : { ...rest, dispatcher }), redirect: 'error' };
    const response = await fetch(url as URL, given as RequestInit);
    keys.fetched(String(url), response.headers);
    return response;
  };
  return { fetch: guarded, fetchResponseBodyLimits: { jwks_uri: KEYS_BYTES } };
}

/** Scopes, claims, responses. */
function what(parts: Parts): Partial<Configuration> {
  return {
    scopes: [...LAUNCH_SCOPES],
    claims: { openid: ['sub'], fhirUser: ['fhirUser'] },
    // Where an id token says who somebody is; without userinfo there is no other place.
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    extraTokenClaims: (ctx, token) => extraClaims(parts, ctx, token),
    // One grant a launch: a session's grant would answer a second launch with the first one's patient.
    loadExistingGrant: async (ctx) => {
      const id = ctx.oidc.result?.consent?.grantId;
      return id === undefined ? undefined : ctx.oidc.provider.Grant.find(id);
    },
    issueRefreshToken: (_ctx, client, { scopes }) =>
      client.grantTypeAllowed('refresh_token') &&
      (scopes.has('offline_access') || scopes.has('online_access')),
    // The default rotates those of public clients only.
    rotateRefreshToken: true,
  };
}

const howLong = ({ limits, rooms }: Parts): Partial<Configuration> => ({
  ttl: {
    AccessToken: TOKEN_SECONDS,
    ClientCredentials: TOKEN_SECONDS,
    AuthorizationCode: 60,
    IdToken: HOUR,
    Interaction: HOUR,
    Grant: GRANT_SECONDS,
    RefreshToken: (_ctx, token) =>
      token.scopes.has('offline_access') ? GRANT_SECONDS : limits.idleMinutes * 60,
    Session: (_ctx, { loginTs }) => sessionSeconds(limits, loginTs, rooms.now()),
  },
});
