/** An outside OpenID Connect issuer whose tokens count here: found by discovery, asked for keys and about opaque tokens. */
import {
  allowInsecureRequests,
  ClientSecretBasic,
  discovery,
  None,
  tokenIntrospection,
  type Configuration,
} from 'openid-client';
import type { Clock } from '../core/clock.ts';
import { fail } from '../core/failure.ts';
import { refuseToken } from './challenge.ts';
import { keysFrom, type Jwk } from './keys.ts';
import { isLoopback } from '../core/loopback.ts';
import type { SmartConfiguration } from './smart.ts';
import { provenBy, type Issuer, type Proven } from './tokens.ts';

/** Which issuer, and who this server is to it. */
export interface UpstreamSettings {
  readonly issuer: string;
  readonly audience: string;
  /** For introspection; without them opaque tokens do not count. */
  readonly clientId?: string;
  readonly clientSecret?: string;
}

export interface Upstream {
  readonly issuer: Issuer;
  readonly introspect?: (token: string) => Promise<Proven>;
  readonly smart: () => Promise<SmartConfiguration>;
}

const SECONDS = 5;
const KEYS_BYTES = 256_000;
/** Not every issuer marks its access tokens as RFC 9068 does; their audience tells them from id tokens. */
const TYPES: ReadonlySet<string> = new Set(['at+jwt', 'jwt', '']);

/** Makes the way to an issuer; it is asked when it is first needed, so that its absence does not stop a start. */
export function upstream(settings: UpstreamSettings, now: Clock): Upstream {
  const { issuer, audience, clientId, clientSecret } = settings;
  let found: Promise<Configuration> | undefined;
  const configuration = (): Promise<Configuration> => {
    found ??= discovered(settings).catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
  const keys = keysFrom(async () => fetchKeys((await configuration()).serverMetadata().jwks_uri), now);
  const introspects = clientId !== undefined && clientSecret !== undefined;
  return {
    issuer: { issuer, audience, types: TYPES, keys, namesServices: true },
    ...(introspects && {
      introspect: async (token: string) =>
        introspected(settings, await available(configuration()), token, now()),
    }),
    smart: async () => smartOf(await available(configuration())),
  };
}

function discovered({ issuer, clientId, clientSecret }: UpstreamSettings): Promise<Configuration> {
  const proof = clientSecret === undefined ? None() : ClientSecretBasic(clientSecret);
  // Only a developer's own issuer, on this machine, may be without TLS; the library marks that as deprecated so
  // that nobody does it elsewhere.
  const execute = isLoopback(issuer)
    ? // eslint-disable-next-line @typescript-eslint/no-deprecated -- on this machine only, as said above
      [allowInsecureRequests]
    : [];
  return discovery(new URL(issuer), clientId ?? 'fhir-iis', {}, proof, { execute, timeout: SECONDS });
}

/** That the issuer is away is no fault of the caller's. */
async function available<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch {
    return fail(
      'unavailable',
      'The authorization server cannot be reached just now; send the request again later.',
    );
  }
}

async function fetchKeys(address: string | undefined): Promise<readonly Jwk[]> {
  if (address === undefined) throw new Error('The issuer names no jwks_uri');
  const response = await fetch(address, { signal: AbortSignal.timeout(SECONDS * 1000), redirect: 'error' });
  const text = await response.text();
  if (!response.ok || text.length > KEYS_BYTES) throw new Error('The keys of the issuer could not be read');
  const { keys } = JSON.parse(text) as { keys?: readonly Jwk[] };
  if (!Array.isArray(keys)) throw new Error('The issuer has no list of keys');
  return keys as readonly Jwk[];
}

async function introspected(
  { issuer, audience }: UpstreamSettings,
  configuration: Configuration,
  token: string,
  now: Date,
): Promise<Proven> {
  const said = await available(tokenIntrospection(configuration, token));
  if (!said.active) return refuseToken('The token does not count.');
  const { iss = issuer, aud } = said;
  if (iss !== issuer || ![aud].flat().includes(audience))
    return refuseToken('The token is for another server.');
  // A program's token need have no subject (RFC 7662, 2.2): it is the client's own.
  return provenBy({ sub: said.client_id, ...said }, now, true);
}

function smartOf(configuration: Configuration): SmartConfiguration {
  const metadata = configuration.serverMetadata();
  const {
    issuer,
    jwks_uri,
    authorization_endpoint,
    token_endpoint,
    introspection_endpoint,
    revocation_endpoint,
  } = metadata;
  return {
    issuer,
    jwks_uri,
    authorization_endpoint,
    token_endpoint,
    introspection_endpoint,
    revocation_endpoint,
    grant_types_supported: metadata.grant_types_supported ?? ['authorization_code'],
    token_endpoint_auth_methods_supported: metadata.token_endpoint_auth_methods_supported,
    code_challenge_methods_supported: ['S256'],
    capabilities: ['permission-patient', 'permission-user', 'permission-v1', 'permission-v2'],
  };
}
