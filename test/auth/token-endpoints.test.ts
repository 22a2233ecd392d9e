/** Introspection, revocation, registration, and what the server says of itself (RFC 7662, 7009, 7591; SMART App Launch 2.2). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { markSandbox } from '../../src/storage/facts.ts';
import { call } from '../world/requests.ts';
import type { World } from '../world/world.ts';
import {
  account,
  assertion,
  backend,
  backendToken,
  client,
  launched,
  oauthOf,
  post,
  REDIRECT,
  type TokenAnswer,
} from './app.ts';
import { bearing, guarded, partsOf } from './bearer.ts';

let w: World;
let app: string;
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

beforeAll(async () => {
  w = await guarded({ clock: 'system' });
  app = await client(w);
  await account(w, { _id: 'doc' });
});
afterAll(() => w.end());

const launch = (): Promise<TokenAnswer> =>
  launched(w, { client: app, scope: 'openid fhirUser offline_access user/Patient.rs' });

describe('introspection', () => {
  const ask = (token: string | undefined, id = app) =>
    post(w, '/token/introspection', { token: token ?? '', client_id: id });

  test('says what a token opens, for whom, and until when', async () => {
    const { body } = await launch();
    const answer = await ask(body['access_token']);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      active: true,
      client_id: app,
      sub: 'doc',
      fhirUser: `${w.url}/Practitioner/p1`,
      scope: expect.stringContaining('user/Patient.rs') as unknown,
      exp: expect.any(Number) as unknown,
    });
    expect((await ask(body['refresh_token'])).body).toMatchObject({ active: true });
  });

  test('tells nobody of another client’s token, nor why a token does not count', async () => {
    const { body } = await launch();
    const other = await client(w);
    const [access = '', refresh = ''] = [body['access_token'], body['refresh_token']];
    for (const token of [access, refresh]) expect((await ask(token, other)).body).toEqual({ active: false });
    for (const token of ['made-up', `${access}x`, access.replace(/\.[^.]+$/, '.AAAA')]) {
      expect((await ask(token)).body).toEqual({ active: false });
    }
    expect((await ask(access, 'stranger')).status).toBe(401);
  });

  test('of what was revoked says that it does not count', async () => {
    const { body } = await launch();
    await post(w, '/token/revocation', { token: body['access_token'] ?? '', client_id: app });
    expect((await ask(body['access_token'])).body).toEqual({ active: false });
  });
});

describe('revocation', () => {
  const revoke = (token: string | undefined, id = app) =>
    post(w, '/token/revocation', { token: token ?? '', client_id: id });
  const reads = async (token: string | undefined) =>
    (await bearing(w, token ?? '')('GET', '/Patient?_id=none')).status;

  test('of an access token ends it at once', async () => {
    const { body } = await launch();
    expect(await reads(body['access_token'])).toBe(200);
    expect((await revoke(body['access_token'])).status).toBe(200);
    expect(await reads(body['access_token'])).toBe(401);
  });

  test('of a refresh token ends the access tokens of its launch too', async () => {
    const { body } = await launch();
    expect((await revoke(body['refresh_token'])).status).toBe(200);
    expect(await reads(body['access_token'])).toBe(401);
  });

  test('of another client’s token, or of none, does nothing and says nothing', async () => {
    const { body } = await launch();
    const other = await client(w);
    expect((await revoke(body['access_token'], other)).status).toBe(200);
    expect((await revoke('made-up')).status).toBe(200);
    expect(await reads(body['access_token'])).toBe(200);
  });

  test('takes the proof of a backend service', async () => {
    const service = await backend(w);
    const { body } = await backendToken(w, 'system/Patient.rs', assertion(w, service));
    const proof = {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion(w, service),
    };
    await post(w, '/token/revocation', { token: body['access_token'] ?? '', ...proof });
    expect(await reads(body['access_token'])).toBe(401);
  });
});

describe('a confidential client', () => {
  test('needs its secret, in the header or the form', async () => {
    const secret = 'a-secret-of-some-length';
    for (const method of ['client_secret_basic', 'client_secret_post']) {
      const id = await client(w, { token_endpoint_auth_method: method, client_secret: secret });
      const token = { token: 'x' };
      const ask = (given: string) =>
        method === 'client_secret_basic'
          ? post(w, '/token/introspection', token, basic(id, given))
          : post(w, '/token/introspection', { ...token, client_id: id, client_secret: given });
      expect((await ask(secret)).status).toBe(200);
      expect((await ask('wrong')).status).toBe(401);
    }
  });
});

describe('registration', () => {
  const register = async (body: unknown) => {
    const response = await fetch(`${oauthOf(w)}/reg`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const mine = { client_name: 'Mine', redirect_uris: [REDIRECT], token_endpoint_auth_method: 'none' };

  test('is for a sandbox only', async () => {
    expect((await register(mine)).status).toBe(404);
    const said = await call(w, 'GET', '/.well-known/smart-configuration');
    expect(said.body['registration_endpoint']).toBeUndefined();
    await markSandbox(w.services.connection, { seed: 1, people: 1, at: new Date(), complete: true });
    expect((await register(mine)).status).toBe(201);
    const then = await call(w, 'GET', '/.well-known/smart-configuration');
    expect(then.body['registration_endpoint']).toBe(`${oauthOf(w)}/reg`);
  });

  test('makes an app that can be launched', async () => {
    const { body } = await register({ ...mine, scope: 'openid fhirUser user/Patient.rs' });
    const id = String(body['client_id']);
    const answer = await launched(w, { client: id, scope: 'openid user/Patient.rs user/Immunization.rs' });
    expect(answer.body['scope']).toBe('openid user/Patient.rs');
  });

  test('believes nothing that a client says of its rights', async () => {
    const said = { organization: 'CDC', role: 'registry-manager', smart_scopes: 'system/*.cruds', sub: 'x' };
    const { status, body } = await register({ ...mine, ...said, scope: 'patient/Patient.rs' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ smart_scopes: 'patient/Patient.rs' });
    expect(body['organization']).toBeUndefined();
    expect(body['role']).toBeUndefined();
  });

  test('gives a backend service the least role', async () => {
    const { key, alg, kid, id } = await backend(w);
    const { jwks } = (await partsOf(w).adapters('Client').find(id)) as { jwks: object };
    const { body } = await register({
      ...{ grant_types: ['client_credentials'], token_endpoint_auth_method: 'private_key_jwt', jwks },
      ...{ scope: 'system/*.cruds', role: 'registry-manager' },
    });
    expect(body).toMatchObject({ client_id: expect.any(String) as unknown });
    const registered = { id: String(body['client_id']), key, alg, kid };
    const answer = await backendToken(w, 'system/*.cruds', assertion(w, registered));
    expect(answer.body['scope']).toContain('system/Immunization.rs');
    expect(answer.body['scope']).not.toMatch(/\.[rs]*[cud]/);
  });

  test.each([
    ['what is no JSON', '{'],
    ['what is no object', '[]'],
    ['a grant that is not offered', { ...mine, grant_types: ['password'] }],
    ['both kinds at once', { ...mine, grant_types: ['authorization_code', 'client_credentials'] }],
    ['scopes of several levels', { ...mine, scope: 'user/*.rs system/*.rs' }],
    ['a redirect that is none', { ...mine, redirect_uris: ['javascript:alert(1)'] }],
  ])('refuses %s', async (_what, body) => {
    const answer = await register(body);
    expect(answer.status).toBe(400);
    expect(answer.body['error']).toMatch(/^invalid_/);
  });
});

describe('what the server says of itself', () => {
  test('is JSON for anybody, with absolute addresses that answer', async () => {
    const reply = await call(w, 'GET', '/.well-known/smart-configuration', {
      headers: { accept: 'application/fhir+json', origin: 'https://app.example.org' },
    });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toMatch(/^application\/json/);
    expect(reply.headers.get('access-control-allow-origin')).toBe('*');
    const { issuer } = partsOf(w);
    expect(reply.body).toMatchObject({
      issuer,
      jwks_uri: `${issuer}/jwks`,
      token_endpoint: `${issuer}/token`,
    });
    expect(reply.body['code_challenge_methods_supported']).toEqual(['S256']);
    const said = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<
      string,
      unknown
    >;
    for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'introspection_endpoint']) {
      expect(reply.body[name]).toBe(said[name]);
    }
    const methods = reply.body['token_endpoint_auth_methods_supported'] as string[];
    expect(new Set(methods)).toEqual(new Set(said['token_endpoint_auth_methods_supported'] as string[]));
    expect(reply.body['token_endpoint_auth_signing_alg_values_supported']).toEqual(
      expect.arrayContaining(['RS384', 'ES384']),
    );
    expect(said['code_challenge_methods_supported']).toEqual(['S256']);
  });

  test('is the same in the statement of capabilities', async () => {
    const { body } = await call(w, 'GET', '/metadata');
    const [rest] = body['rest'] as {
      security: {
        service: { coding: { code: string }[] }[];
        extension: { extension: { url: string; valueUri: string }[] }[];
      };
    }[];
    expect(rest?.security.service[0]?.coding[0]?.code).toBe('SMART-on-FHIR');
    const uris = rest?.security.extension[0]?.extension ?? [];
    expect(Object.fromEntries(uris.map(({ url, valueUri }) => [url, valueUri]))).toMatchObject({
      authorize: `${oauthOf(w)}/auth`,
      token: `${oauthOf(w)}/token`,
    });
  });

  test('has public keys only', async () => {
    const { keys } = (await (await fetch(`${oauthOf(w)}/jwks`)).json()) as {
      keys: Record<string, unknown>[];
    };
    expect(keys).toHaveLength(2);
    for (const key of keys) for (const part of ['d', 'p', 'q', 'k']) expect(key[part]).toBeUndefined();
  });
});

describe('a browser app', () => {
  const ask = (path: string, origin: string, body?: URLSearchParams) =>
    fetch(path, { method: 'POST', headers: { origin }, ...(body && { body }) });

  test('may ask the token endpoint from its own origin only', async () => {
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      code: 'x',
      client_id: app,
      redirect_uri: REDIRECT,
      code_verifier: 'x'.repeat(43),
    });
    const own = await ask(`${oauthOf(w)}/token`, new URL(REDIRECT).origin, form);
    expect(own.headers.get('access-control-allow-origin')).toBe(new URL(REDIRECT).origin);
    const strange = await ask(`${oauthOf(w)}/token`, 'https://evil.example.org', form);
    expect(strange.headers.get('access-control-allow-origin')).toBeNull();
    expect(strange.status).toBe(400);
  });

  test('is told before it asks which headers it may send', async () => {
    const reply = await fetch(`${w.url}/Patient`, {
      method: 'OPTIONS',
      headers: { origin: 'http://127.0.0.1:9', 'access-control-request-method': 'PUT' },
    });
    const allowed = (reply.headers.get('access-control-allow-headers') ?? '').toLowerCase();
    for (const name of ['authorization', 'content-type', 'if-match', 'if-none-exist', 'prefer']) {
      expect(allowed).toContain(name);
    }
  });
});
