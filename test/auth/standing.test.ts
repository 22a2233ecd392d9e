/** What a grant is worth later, who may look into tokens, how a request may come, and what of it all is on record. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditEvent, Bundle } from '@medplum/fhirtypes';
import { decodeClaims } from '../../src/auth/server/claims.ts';
import type { World } from '../world/world.ts';
import {
  account,
  assertion,
  authorization,
  backend,
  backendToken,
  browser,
  client,
  launched,
  oauthOf,
  post,
  type TokenAnswer,
} from './app.ts';
import { guarded, partsOf, tokenOf, withScope } from './bearer.ts';

let w: World;
let app: string;
beforeAll(async () => {
  w = await guarded({ clock: 'system' });
  app = await client(w);
});
afterAll(() => w.end());

const SCOPE = 'openid fhirUser offline_access user/Patient.rs user/Immunization.rs';
const refreshed = (refresh: string | undefined, id = app): Promise<TokenAnswer> =>
  post(w, '/token', { grant_type: 'refresh_token', refresh_token: refresh ?? '', client_id: id });

describe('a refresh token', () => {
  test.each([
    ['role', { role: 'provider-read-only' }],
    ['place of work', { organization: 'another' }],
    ['person', { person: 'Practitioner/another' }],
  ])('ends with another %s of its account', async (what, change) => {
    const id = `changed-${what.replaceAll(' ', '-')}`;
    await account(w, { _id: id });
    const { body } = await launched(w, { client: app, scope: SCOPE }, { account: id });
    await account(w, { _id: id, ...change });
    const { status, body: answer } = await refreshed(body['refresh_token']);
    expect([status, answer['error']]).toEqual([400, 'invalid_grant']);
  });

  test('gives no more than its client may have now', async () => {
    const own = await client(w);
    await account(w, { _id: 'narrowed' });
    const { body } = await launched(w, { client: own, scope: SCOPE }, { account: 'narrowed' });
    const adapter = partsOf(w).adapters('Client');
    await adapter.upsert(
      own,
      { ...(await adapter.find(own)), smart_scopes: 'user/Patient.r user/Immunization.rs' },
      0,
    );
    const next = await refreshed(body['refresh_token'], own);
    const { scope } = decodeClaims(next.body['access_token'] ?? '');
    // A word that the client may not have whole any more is left out.
    expect(String(scope)).toContain('user/Immunization.rs');
    expect(String(scope)).not.toContain('Patient');
  });
});

describe('introspection by bearer', () => {
  const ask = (bearer: string, token: string): Promise<TokenAnswer> =>
    post(w, '/token/introspection', { token }, { authorization: `Bearer ${bearer}` });

  test('shows a registry manager anybody’s token', async () => {
    const theirs = tokenOf(w, { client_id: 'another', sub: 'another' });
    const { status, body } = await ask(tokenOf(w), theirs);
    expect([status, body['active'], body['client_id']]).toEqual([200, true, 'another']);
    expect((await ask(tokenOf(w), `${theirs}x`)).body).toEqual({ active: false });
  });

  test('is refused to other roles, to tokens that do not count, and without a token to look at', async () => {
    const token = tokenOf(w);
    expect((await ask(tokenOf(w, { role: 'provider' }), token)).status).toBe(403);
    const bad = await ask(tokenOf(w, { exp: 1 }), token);
    expect([bad.status, bad.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('invalid_token'),
    ]);
    expect((await ask(token, '')).status).toBe(400);
  });
});

describe('an authorization request', () => {
  test('may be posted, and is the same as one that is got', async () => {
    const { url } = authorization(w, { client: app, scope: SCOPE });
    const fields = [...new URL(url).searchParams];
    const page = await browser().post(`${oauthOf(w)}/auth`, fields);
    expect(page.text).toContain('Sign on to the immunization registry');
  });
});

describe('the key of an assertion', () => {
  test('is at the registered address or in the registration, and nowhere else', async () => {
    const service = await backend(w);
    const elsewhere = assertion(w, service, {}, { jku: 'https://elsewhere.example.org/jwks' });
    expect((await backendToken(w, 'system/Patient.rs', elsewhere)).body['error']).toBe('invalid_client');
    const adapter = partsOf(w).adapters('Client');
    const known = await adapter.find(service.id);
    const [key] = known?.jwks?.keys ?? [];
    await adapter.upsert(
      service.id,
      { ...known, jwks: { keys: [key, key].flatMap((each) => each ?? []) } },
      0,
    );
    expect((await backendToken(w, 'system/Patient.rs', assertion(w, service))).body['error']).toBe(
      'invalid_client',
    );
  });
});

describe('what happens at the authorization server', () => {
  test('is on record before its answer leaves: a sign-on, a token, a refresh, a refusal, a revocation', async () => {
    await account(w, { _id: 'recorded' });
    const own = await client(w);
    const { body } = await launched(w, { client: own, scope: SCOPE }, { account: 'recorded' });
    const next = await refreshed(body['refresh_token'], own);
    await refreshed('none of ours', own);
    await post(w, '/token/revocation', { client_id: own, token: next.body['access_token'] ?? '' });
    const { text } = await withScope(w, 'system/AuditEvent.rs')('GET', '/AuditEvent?_sort=-date&_count=100');
    const events = ((JSON.parse(text) as Bundle<AuditEvent>).entry ?? []).map(({ resource }) => resource);
    const mine = events.filter((event) => JSON.stringify(event).includes(own));
    expect(mine.map((event) => event?.outcome).toSorted()).toEqual(['0', '0', '0', '4']);
    expect(events.filter((event) => JSON.stringify(event).includes('recorded')).length).toBeGreaterThan(2);
    for (const secret of [body['access_token'], body['refresh_token'], 'correct horse']) {
      expect(text).not.toContain(secret);
    }
  });
});
