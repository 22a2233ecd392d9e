/**
 * Registration by developers of a sandbox (RFC 7591): a client says how it is called and where it answers; what it may
 * do, and for whom, is never its own to say.
 */
import { LAUNCH_SCOPES, askedFor, wordsOf } from './narrow.ts';
import { parameterIn } from './parts.ts';

type Body = Readonly<Record<string, unknown>>;

/** What a stranger may say of itself. */
const TAKEN = [
  'client_name',
  'redirect_uris',
  'grant_types',
  'response_types',
  'token_endpoint_auth_method',
  'token_endpoint_auth_signing_alg',
  'jwks',
  'jwks_uri',
  'application_type',
] as const;
const GRANTS: ReadonlySet<string> = new Set(['authorization_code', 'refresh_token', 'client_credentials']);
const ROLE = 'provider-read-only';

/** The metadata that a registration counts for, or why it does not. */
export function cleaned(body: unknown): Body | { readonly fault: string } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { fault: 'the body must be a JSON object' };
  }
  const said = body as Body;
  const read = askedFor(parameterIn(said, 'scope') ?? '');
  if ('fault' in read) return read;
  const grants = listIn(said, 'grant_types', ['authorization_code']);
  const fault = faultOf(grants, said);
  if (fault !== undefined) return { fault };
  const taken = TAKEN.flatMap((name) => (said[name] === undefined ? [] : [[name, said[name]] as const]));
  const asked = wordsOf(read.words).join(' ');
  return {
    ...Object.fromEntries(taken),
    grant_types: grants,
    ...(isBackend(grants) ? backend(asked) : app(asked, said)),
  };
}

const isBackend = (grants: readonly string[]): boolean => grants.includes('client_credentials');

function faultOf(grants: readonly string[], said: Body): string | undefined {
  if (!grants.every((grant) => GRANTS.has(grant))) return 'grant_types has one that is not offered';
  const isOne = grants.length === 1 && said['token_endpoint_auth_method'] === 'private_key_jwt';
  return isBackend(grants) && !isOne
    ? 'a backend service has client_credentials alone and proves itself by private_key_jwt'
    : undefined;
}

const backend = (scopes: string): Body => ({
  ...{ response_types: [], redirect_uris: [], role: ROLE },
  smart_scopes: scopes || 'system/*.rs',
});

function app(scopes: string, said: Body): Body {
  const launch = said['launch_url'] ?? said['initiate_login_uri'];
  return {
    smart_scopes: scopes || 'patient/*.rs',
    scope: LAUNCH_SCOPES.join(' '),
    ...(isWebAddress(launch) && { launch_url: launch }),
  };
}

function listIn(body: Body, name: string, without: readonly string[]): readonly string[] {
  const value = body[name];
  return Array.isArray(value) ? value.map(String) : without;
}

const isWebAddress = (value: unknown): value is string =>
  typeof value === 'string' && /^https?:$/.test(URL.parse(value)?.protocol ?? '');
