/** A SMART app and the person in front of it, as the tests play them: a browser with cookies, forms and redirects. */
import { createHash, generateKeyPairSync, randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { AdapterPayload } from 'oidc-provider';
import { factsOf } from '../../src/auth/server/parts.ts';
import { hashOf } from '../../src/auth/passwords.ts';
import type { Account } from '../../src/storage/accounts.ts';
import type { World } from '../world/world.ts';
import { enrol, partsOf } from './bearer.ts';

export const REDIRECT = 'http://127.0.0.1:9/callback';
const PASSWORD = 'correct horse';

/** The authorization server of a world. */
export const oauthOf = (w: Pick<World, 'url'>): string => `${new URL(w.url).origin}/oauth`;

/** A browser: it keeps cookies by path, and follows redirects as far as the app. */
export function browser() {
  const jar = new Map<string, { readonly value: string; readonly path: string }>();
  const keep = (response: Response): void => {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...rest] = line.split(';').map((part) => part.trim());
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      const path = /^path=(.*)$/i.exec(rest.find((part) => /^path=/i.test(part)) ?? '')?.[1] ?? '/';
      if (value === '') jar.delete(name + path);
      else jar.set(name + path, { value: `${name}=${value}`, path });
    }
  };
  const go = async (
    url: string,
    init: RequestInit = {},
  ): Promise<{ url: string; response: Response; text: string }> => {
    const { pathname } = new URL(url);
    const cookie = [...jar.values()]
      .filter(({ path }) => pathname.startsWith(path))
      .map(({ value }) => value);
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...(init.headers as Record<string, string>), cookie: cookie.join('; ') },
    });
    keep(response);
    const next = response.headers.get('location');
    if (next === null) return { url, response, text: await response.text() };
    const target = new URL(next, url).href;
    return target.startsWith('http://127.0.0.1:9/') ? { url: target, response, text: '' } : go(target);
  };
  const post = (url: string, fields: readonly (readonly [string, string])[]) =>
    go(url, {
      method: 'POST',
      body: new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  return { go, post };
}
export type Browser = ReturnType<typeof browser>;

/** Makes a client of the authorization server. */
export async function client(w: World, metadata: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const id = randomUUID();
  const app = {
    client_id: id,
    redirect_uris: [REDIRECT],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    smart_scopes: 'patient/*.cruds user/*.cruds',
    launch_url: 'http://127.0.0.1:9/launch',
    ...metadata,
  };
  await partsOf(w)
    .adapters('Client')
    .upsert(id, app as AdapterPayload, 0);
  const { role, organization } = factsOf(app);
  await enrol(w, {
    ...{ id, what: 'client' },
    ...(role !== undefined && { role }),
    ...(organization !== undefined && { organization }),
  });
  return id;
}

/** Makes an account. */
export async function account(w: World, about: Partial<Account> & { readonly _id: string }): Promise<void> {
  const person = {
    name: about._id,
    role: 'provider',
    person: 'Practitioner/p1',
    password: await hashOf(PASSWORD),
  };
  const made = { ...person, ...about };
  await partsOf(w).accounts.put(made);
  const { role, organization, patients } = made;
  await enrol(w, {
    ...{ id: about._id, what: 'person', role },
    ...(organization !== undefined && { organization }),
    ...(patients !== undefined && { patients }),
  });
}

export interface Asking {
  readonly client: string;
  readonly scope: string;
  readonly more?: Readonly<Record<string, string | undefined>>;
}

/** The URL of an authorization request, and what belongs to it. */
export function authorization(w: World, { client: id, scope, more = {} }: Asking) {
  const verifier = randomBytes(32).toString('base64url');
  const parameters: Readonly<Record<string, string | undefined>> = {
    ...{
      response_type: 'code',
      client_id: id,
      redirect_uri: REDIRECT,
      scope,
      state: 'st',
      aud: w.url,
    },
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(scope.includes('openid') && { nonce: 'n1' }),
    ...more,
  };
  const given = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { url: `${oauthOf(w)}/auth?${new URLSearchParams(given).toString()}`, verifier };
}

/** What a person does on the pages that come. */
export interface Doing {
  readonly account?: string;
  readonly password?: string;
  readonly patient?: string;
  /** Scopes to leave unticked. */
  readonly without?: readonly string[];
  readonly refuse?: boolean;
}

type Place = Awaited<ReturnType<Browser['go']>>;

/** Answers one page; undefined where there is nothing more to answer. */
function answerTo(page: Place, doing: Doing): readonly (readonly [string, string])[] | undefined {
  if (doing.refuse === true) return [['refuse', '']];
  if (page.text.includes('name="password"')) {
    return [
      ['account', doing.account ?? 'doc'],
      ['password', doing.password ?? PASSWORD],
    ];
  }
  if (page.text.includes('Choose a patient')) return [['patient', doing.patient ?? '']];
  if (!page.text.includes('<button>Allow')) return undefined;
  const ticked = [...page.text.matchAll(/name="scope" value="([^"]*)"/g)].map(([, value = '']) =>
    value.replaceAll('&amp;', '&'),
  );
  return ticked
    .filter((word) => doing.without?.includes(word) !== true)
    .map((word) => ['scope', word] as const);
}

/** Goes through the pages to the app's redirect. */
export async function signOn(person: Browser, url: string, doing: Doing = {}): Promise<Place> {
  let page = await person.go(url);
  for (let pages = 0; pages < 6 && !page.url.startsWith(REDIRECT); pages += 1) {
    const fields = answerTo(page, doing);
    if (fields === undefined || page.response.status >= 400) break;
    page = await person.post(page.url, fields);
  }
  return page;
}

/** The parameters with which the app is called back. */
export const calledBack = ({ url }: { readonly url: string }): Record<string, string> =>
  Object.fromEntries(
    new URLSearchParams(`${new URL(url).search}&${new URL(url).hash.slice(1)}`.replace(/^\?/, '')),
  );

export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, string>;
}

/** Asks the token endpoint, or one like it. */
export async function post(
  w: Pick<World, 'url'>,
  path: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> {
  const response = await fetch(oauthOf(w) + path, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers,
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, string>,
  };
}

/** A whole launch: request, pages, code, token. */
export async function launched(
  w: World,
  asking: Asking,
  doing: Doing = {},
  person = browser(),
): Promise<TokenAnswer> {
  const { url, verifier } = authorization(w, asking);
  const page = await signOn(person, url, doing);
  const back = calledBack(page);
  if (back['code'] === undefined) throw new Error(`No code, but ${page.response.status}: ${page.text}`);
  return exchange(w, { code: back['code'], verifier, client: asking.client });
}

export const exchange = (
  w: World,
  {
    code,
    verifier,
    client: id,
  }: { readonly code: string; readonly verifier: string; readonly client: string },
): Promise<TokenAnswer> =>
  post(w, '/token', {
    ...{ grant_type: 'authorization_code', code, redirect_uri: REDIRECT },
    ...{ code_verifier: verifier, client_id: id },
  });

/** A backend service with a key of its own. */
export interface Backend {
  readonly id: string;
  readonly key: KeyObject;
  readonly alg: 'ES384' | 'RS384';
  readonly kid: string;
}

/** Makes a backend service. */
export async function backend(
  w: World,
  metadata: Readonly<Record<string, unknown>> = {},
  alg: Backend['alg'] = 'ES384',
): Promise<Backend> {
  const { privateKey, publicKey } =
    alg === 'ES384'
      ? generateKeyPairSync('ec', { namedCurve: 'P-384' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg, use: 'sig', key_ops: ['verify'] };
  const id = await client(w, {
    ...{ grant_types: ['client_credentials'], response_types: [], redirect_uris: [] },
    ...{ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } },
    ...{ smart_scopes: 'system/*.cruds', role: 'registry-manager', launch_url: undefined },
    ...metadata,
  });
  return { id, key: privateKey, alg, kid: 'k1' };
}

/** A backend service's proof of itself. */
export function assertion(
  w: World,
  { id, key, alg, kid }: Backend,
  claims: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
): string {
  const now = Math.floor(Date.now() / 1000);
  const all: Readonly<Record<string, unknown>> = {
    ...{ iss: id, sub: id, aud: `${oauthOf(w)}/token`, exp: now + 240, iat: now, jti: randomUUID() },
    ...claims,
  };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return jwt.sign(given, key, {
    algorithm: alg,
    header: { alg, typ: 'JWT', kid, ...header },
  });
}

/** Asks for a backend token. */
export const backendToken = (
  w: World,
  scope: string,
  proof: string,
  more: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> =>
  post(w, '/token', {
    ...{ grant_type: 'client_credentials', scope, client_assertion: proof },
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    ...more,
  });
