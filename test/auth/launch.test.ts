/** Launches of apps: standalone and from an EHR, with pages, patients, consent, PKCE (SMART App Launch 2.2). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeClaims } from '../../src/auth/server/claims.ts';
import { revocationsOf } from '../../src/storage/revocations.ts';
import { idsIn, type Seen } from '../world/requests.ts';
import { dose, patient } from '../world/resources.ts';
import type { World } from '../world/world.ts';
import {
  account,
  authorization,
  browser,
  calledBack,
  client,
  exchange,
  launched,
  post,
  signOn,
} from './app.ts';
import { bearing, guarded, partsOf, withScope } from './bearer.ts';

let w: World;
let app: string;
let ana: Seen;
let bo: Seen;
beforeAll(async () => {
  w = await guarded({ clock: 'system' });
  ana = await made('Patient', patient());
  bo = await made('Patient', patient({ name: [{ family: 'Bošković' }] }));
  await made('Immunization', dose(ana.id));
  await made('Immunization', dose(bo.id));
  app = await client(w);
  await account(w, { _id: 'doc', organization: 'o1' });
  await account(w, { _id: 'nurse', role: 'school' });
  await account(w, { _id: 'ana', role: 'patient', person: `Patient/${ana.id}`, patients: [ana.id] });
});
afterAll(() => w.end());

async function made(type: string, body: object): Promise<Seen> {
  const reply = await withScope(w, 'system/*.cruds')('POST', `/${type}`, { body });
  if (reply.status !== 201) throw new Error(reply.text);
  return reply.body;
}

const FULL = 'openid fhirUser offline_access launch/patient patient/Patient.rs patient/Immunization.rs';

describe('a standalone launch', () => {
  test('gives the app the patient that was chosen, who signed on, and nothing else', async () => {
    const { status, headers, body } = await launched(w, { client: app, scope: FULL }, { patient: ana.id });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({ patient: ana.id, need_patient_banner: true, token_type: 'Bearer' });
    expect(new Set(body['scope']?.split(' '))).toEqual(new Set(FULL.split(' ')));
    expect(body['refresh_token']).toBeDefined();
    const id = decodeClaims(body['id_token'] ?? '');
    expect(id).toMatchObject({ sub: 'doc', aud: app, nonce: 'n1', fhirUser: `${w.url}/Practitioner/p1` });
    const claims = decodeClaims(body['access_token'] ?? '');
    expect(claims).toMatchObject({
      patient: ana.id,
      role: 'provider',
      purpose_of_use: 'TREAT',
      organization: 'o1',
    });
    const send = bearing(w, body['access_token'] ?? '');
    expect(idsIn((await send('GET', '/Patient')).body)).toEqual([ana.id]);
    expect((await send('GET', `/Patient/${bo.id}`)).status).toBe(404);
    expect((await bearing(w, body['id_token'] ?? '')('GET', '/Patient')).status).toBe(401);
  });

  test('of the same app by the same person for another patient gives the other patient', async () => {
    const person = browser();
    const first = await launched(w, { client: app, scope: FULL }, { patient: ana.id }, person);
    const second = await launched(w, { client: app, scope: FULL }, { patient: bo.id }, person);
    expect([first.body['patient'], second.body['patient']]).toEqual([ana.id, bo.id]);
    const send = bearing(w, second.body['access_token'] ?? '');
    expect(idsIn((await send('GET', '/Patient')).body)).toEqual([bo.id]);
  });

  test('asks for a patient whenever patient scopes are asked for', async () => {
    const { body } = await launched(w, { client: app, scope: 'patient/Patient.rs' }, { patient: ana.id });
    expect(body['patient']).toBe(ana.id);
    expect(body['id_token']).toBeUndefined();
    expect(body['refresh_token']).toBeUndefined();
  });

  test('grants no more than the person may have', async () => {
    const scope = 'user/Patient.cruds user/Immunization.cruds user/AuditEvent.rs';
    const { body } = await launched(
      w,
      { client: app, scope: `openid fhirUser ${scope}` },
      { account: 'nurse' },
    );
    expect(new Set(body['scope']?.split(' '))).toEqual(
      new Set(['openid', 'fhirUser', 'user/Patient.rs', 'user/Immunization.rs']),
    );
  });

  test('grants only what was left ticked', async () => {
    const { body } = await launched(
      w,
      { client: app, scope: FULL },
      { patient: ana.id, without: ['patient/Immunization.rs', 'offline_access'] },
    );
    expect(body['scope']).not.toMatch(/Immunization|offline/);
    expect(body['refresh_token']).toBeUndefined();
    const send = bearing(w, body['access_token'] ?? '');
    expect((await send('GET', '/Immunization')).status).toBe(403);
  });

  test('by a patient is about that patient, whoever is named', async () => {
    const { body } = await launched(w, { client: app, scope: FULL }, { account: 'ana', patient: ana.id });
    expect(decodeClaims(body['access_token'] ?? '')).toMatchObject({
      patient: ana.id,
      purpose_of_use: 'PATRQT',
    });
    const { url } = authorization(w, { client: app, scope: FULL });
    const page = await signOn(browser(), url, { account: 'ana', patient: bo.id });
    expect(page.text).toContain('Choose one of these patients');
    expect(page.text).not.toContain('Bošković');
  });

  test('that is refused tells the app so', async () => {
    const { url } = authorization(w, { client: app, scope: FULL });
    const back = calledBack(await signOn(browser(), url, { refuse: true }));
    expect(back).toMatchObject({ error: 'access_denied', state: 'st', iss: partsOf(w).issuer });
  });

  test('with a wrong password goes no further, and after ten rests', async () => {
    await account(w, { _id: 'slow' });
    const { url } = authorization(w, { client: app, scope: FULL });
    for (let tries = 0; tries < 10; tries += 1) {
      const page = await signOn(browser(), url, { account: 'slow', password: 'wrong' });
      expect(page.text).toContain('Account or password is wrong');
    }
    expect((await signOn(browser(), url, { account: 'slow' })).text).toContain('Too many attempts');
  });
});

describe('an authorization request is refused', () => {
  test.each([
    ['without PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['with a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['without aud', { aud: undefined }, 'invalid_'],
    ['for another server', { aud: 'https://elsewhere.example.org/fhir' }, 'invalid_target'],
    ['with launch and no handle', { scope: 'launch patient/Patient.rs' }, 'invalid_request'],
    ['with a handle that nobody gave', { launch: 'made-up' }, 'invalid_request'],
    ['with system scopes', { scope: 'system/Patient.rs' }, 'invalid_scope'],
    ['with mixed scopes', { scope: 'user/Patient.rs patient/Patient.rs' }, 'invalid_scope'],
    ['with malformed scopes', { scope: 'patient/Patient.dr' }, 'invalid_scope'],
    ['with no scope that the app may have', { scope: 'patient/Nothing.rs' }, ''],
    ['for an implicit token', { response_type: 'token' }, 'unsupported_response_type'],
    ['for a page without questions', { prompt: 'none' }, 'login_required'],
  ])('%s', async (_what, more, error) => {
    const nonce = { nonce: undefined };
    const { url } = authorization(w, { client: app, scope: FULL, more: { ...nonce, ...more } });
    const page = await browser().go(url);
    if (error === '') return;
    expect(page.url.startsWith('http://127.0.0.1:9/') ? calledBack(page)['error'] : page.text).toContain(
      error,
    );
  });

  test('without leaving the server for an unknown client or another redirect', async () => {
    const strange = authorization(w, { client: 'strange', scope: FULL });
    const moved = authorization(w, {
      client: app,
      scope: FULL,
      more: { redirect_uri: 'http://127.0.0.1:9/other' },
    });
    for (const { url } of [strange, moved]) {
      const page = await browser().go(url);
      expect(page.response.status).toBe(400);
      expect(page.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/oauth/);
      expect(JSON.parse(page.text)).toHaveProperty('error');
    }
  });
});

describe('a code', () => {
  test('is good once, however many come at once', async () => {
    const { url, verifier } = authorization(w, { client: app, scope: FULL });
    const { code = '' } = calledBack(await signOn(browser(), url, { patient: ana.id }));
    const tries = await Promise.all(
      Array.from({ length: 8 }, () => exchange(w, { code, verifier, client: app })),
    );
    expect(tries.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    expect(tries.filter(({ body }) => body['error'] === 'invalid_grant').length).toBeGreaterThanOrEqual(7);
  });

  test('is good with its verifier and for its client only', async () => {
    const another = await client(w);
    for (const [verifier, id] of [
      ['x'.repeat(43), app],
      [undefined, another],
    ] as const) {
      const asked = authorization(w, { client: app, scope: FULL });
      const { code = '' } = calledBack(await signOn(browser(), asked.url, { patient: ana.id }));
      const answer = await exchange(w, { code, verifier: verifier ?? asked.verifier, client: id });
      expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant']);
    }
  });
});

describe('a launch from an EHR', () => {
  const handle = async (more: object = {}): Promise<string> => {
    const id = Math.random().toString(36).slice(2);
    const expiresAt = new Date(Date.now() + 60_000);
    await partsOf(w).launches.put({
      _id: id,
      client: app,
      account: 'doc',
      patient: bo.id,
      expiresAt,
      ...more,
    });
    return id;
  };
  const scope = 'launch openid fhirUser patient/Patient.rs';

  test('is about the patient that the EHR has open', async () => {
    const { body } = await launched(w, { client: app, scope, more: { launch: await handle() } });
    expect(body['patient']).toBe(bo.id);
    expect(decodeClaims(body['access_token'] ?? '')).toMatchObject({ patient: bo.id });
  });

  test('is good once', async () => {
    const launch = await handle();
    await launched(w, { client: app, scope, more: { launch } });
    const { url } = authorization(w, { client: app, scope, more: { launch } });
    expect(calledBack(await browser().go(url))['error']).toBe('invalid_request');
  });

  test('is good for its person, its app and its time', async () => {
    const forNurse = authorization(w, {
      client: app,
      scope,
      more: { launch: await handle({ account: 'nurse' }) },
    });
    expect(calledBack(await signOn(browser(), forNurse.url))['error']).toBe('access_denied');
    for (const wrong of [{ client: 'another' }, { expiresAt: new Date(Date.now() - 1000) }]) {
      const { url } = authorization(w, { client: app, scope, more: { launch: await handle(wrong) } });
      expect(calledBack(await browser().go(url))['error']).toBe('invalid_request');
    }
  });
});

describe('a refresh token', () => {
  const refresh = (token: string | undefined, more: Record<string, string> = {}) =>
    post(w, '/token', { grant_type: 'refresh_token', refresh_token: token ?? '', client_id: app, ...more });

  test('gives a new token of the same launch, and a new refresh token', async () => {
    const first = await launched(w, { client: app, scope: FULL }, { patient: ana.id });
    const { status, body } = await refresh(first.body['refresh_token']);
    expect(status).toBe(200);
    expect(body).toMatchObject({ patient: ana.id });
    expect(body['refresh_token']).not.toBe(first.body['refresh_token']);
    expect((await bearing(w, body['access_token'] ?? '')('GET', '/Patient')).status).toBe(200);
  });

  test('gives less where less is asked for, never more', async () => {
    const first = await launched(w, { client: app, scope: FULL }, { patient: ana.id });
    const less = await refresh(first.body['refresh_token'], { scope: 'patient/Patient.rs' });
    expect(less.body['scope']).toBe('patient/Patient.rs');
    const more = await refresh(less.body['refresh_token'], { scope: 'patient/Condition.rs' });
    expect(more.status).toBe(400);
  });

  test('that was used ends all that came of its launch, at once', async () => {
    const first = await launched(w, { client: app, scope: FULL }, { patient: ana.id });
    const second = await refresh(first.body['refresh_token']);
    const send = bearing(w, second.body['access_token'] ?? '');
    expect((await send('GET', '/Patient')).status).toBe(200);
    expect((await refresh(first.body['refresh_token'])).body['error']).toBe('invalid_grant');
    expect((await send('GET', '/Patient')).status).toBe(401);
    expect((await refresh(second.body['refresh_token'])).body['error']).toBe('invalid_grant');
  });

  test('comes with online_access too, and not without either', async () => {
    const online = await launched(w, { client: app, scope: 'openid online_access user/Patient.rs' });
    expect(online.body['refresh_token']).toBeDefined();
    expect(
      (await launched(w, { client: app, scope: 'openid user/Patient.rs' })).body['refresh_token'],
    ).toBeUndefined();
  });
});

describe('a suspended account', () => {
  test('is signed on nowhere: not by its session, its tokens or its password', async () => {
    await account(w, { _id: 'leaver' });
    const person = browser();
    const scope = 'openid offline_access user/Patient.rs';
    const { body } = await launched(w, { client: app, scope }, { account: 'leaver' }, person);
    await revocationsOf(w.services.connection, w.rooms.now).revoke('account:leaver');
    expect((await bearing(w, body['access_token'] ?? '')('GET', '/Patient?_count=1')).status).toBe(401);
    const renewed = await post(w, '/token', {
      ...{ grant_type: 'refresh_token', refresh_token: body['refresh_token'] ?? '', client_id: app },
    });
    expect(renewed.body['error']).toBe('invalid_grant');
    const { url } = authorization(w, { client: app, scope });
    expect((await person.go(url)).text).toContain('name="password"');
    expect((await signOn(browser(), url, { account: 'leaver' })).text).toContain(
      'Account or password is wrong',
    );
  });
});
