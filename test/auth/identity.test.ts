/** Sign-on by an outside identity provider: a second authorization server, to which this one is a client. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeClaims } from '../../src/auth/server/claims.ts';
import { readConfig } from '../../src/config.ts';
import { authOf } from '../../src/main.ts';
import { identityKey } from '../../src/storage/accounts.ts';
import { revocationsOf } from '../../src/storage/revocations.ts';
import { world, type World } from '../world/world.ts';
import { account, authorization, browser, calledBack, client, exchange, type Browser } from './app.ts';
import { guarded, partsOf } from './bearer.ts';
import { freePort, stateProvider, type StateProvider } from './state-provider.ts';

let hospital: StateProvider;
let w: World;
let app: string;
const SECRET = 'the secret of the registry at the hospital';

beforeAll(async () => {
  const port = await freePort();
  hospital = await stateProvider({
    audience: 'https://elsewhere.example.org',
    clients: [
      {
        client_id: 'registry',
        client_secret: SECRET,
        redirect_uris: [`http://127.0.0.1:${port}/oauth/identity/callback`],
      },
    ],
  });
  const identity = {
    issuer: hospital.issuer,
    clientId: 'registry',
    clientSecret: SECRET,
    name: 'Example Hospital',
  };
  w = await guarded({ clock: 'system', port, auth: { mode: 'smart', identity } });
  app = await client(w);
  await account(w, { _id: 'doc', identity: identityKey(hospital.issuer, 'employee-7') });
});
afterAll(async () => {
  await w.end();
  await hospital.end();
});

const SCOPE = 'openid fhirUser user/Patient.rs';

/** To the provider, where this employee sits, and back. */
async function byHospital(employee: string, person: Browser = browser()) {
  hospital.who = employee;
  const asked = authorization(w, { client: app, scope: SCOPE });
  const first = await person.go(asked.url);
  expect(first.text).toContain('Sign on with Example Hospital');
  return { ...asked, person, page: await person.post(first.url, [['identity', '']]) };
}

describe('an outside identity provider', () => {
  test('signs its people on to the accounts that are linked to them', async () => {
    const { page, verifier, person } = await byHospital('employee-7');
    const words = ['openid', 'fhirUser', 'user/Patient.rs'];
    const back = calledBack(
      await person.post(
        page.url,
        words.map((word) => ['scope', word] as const),
      ),
    );
    const { body } = await exchange(w, { code: back['code'] ?? '', verifier, client: app });
    expect(decodeClaims(body['access_token'] ?? '')).toMatchObject({ sub: 'doc', role: 'provider' });
  });

  test('signs nobody on who has no account, nor one that is suspended', async () => {
    expect((await byHospital('stranger')).page.text).toContain('No account that can be used');
    const revocations = revocationsOf(w.services.connection, w.rooms.now);
    await revocations.revoke('account:doc');
    expect((await byHospital('employee-7')).page.text).toContain('No account that can be used');
    await revocations.restore('account:doc');
  });

  test('is believed only in the browser that began, for what it began', async () => {
    hospital.who = undefined;
    const person = browser();
    const first = await person.go(authorization(w, { client: app, scope: SCOPE }).url);
    await person.post(first.url, [['identity', '']]);
    const uid = first.url.split('/').at(-1) ?? '';
    const callback = `${partsOf(w).issuer}/identity/callback`;
    const forged = await person.go(`${callback}?code=made-up&state=${uid}&iss=${hospital.issuer}`);
    expect(forged.text).toContain('did not vouch');
    const elsewhere = await browser().go(`${callback}?code=made-up&state=${uid}`);
    expect(elsewhere.response.status).toBe(400);
    expect((await person.go(`${callback}?code=x&state=../simulator`)).response.status).toBe(400);
  });

  test('that is away leaves the password', async () => {
    const identity = { issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: 'y', name: 'Nobody' };
    const alone = await world({ clock: 'system', auth: { mode: 'smart', identity } });
    const person = browser();
    const first = await person.go(authorization(alone, { client: await client(alone), scope: SCOPE }).url);
    const page = await person.post(first.url, [['identity', '']]);
    expect(page.text).toContain('cannot be reached');
    expect(page.text).toContain('name="password"');
    await alone.end();
  });

  test('needs to know this server by a name and a secret', () => {
    const settings = { AUTH: 'smart', IDENTITY_ISSUER: 'https://id.example.org', IDENTITY_CLIENT_ID: 'iis' };
    expect(() => authOf(readConfig(settings))).toThrow(/IDENTITY_CLIENT_SECRET/);
    expect(authOf(readConfig({ ...settings, IDENTITY_CLIENT_SECRET: 's' }))).toMatchObject({
      identity: { issuer: 'https://id.example.org', name: 'your organization' },
    });
  });
});
