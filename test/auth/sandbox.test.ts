/** The ready-made of a sandbox: tokens by command, accounts, clients, the launch simulator; nothing of it elsewhere. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeClaims } from '../../src/auth/server/claims.ts';
import { mint } from '../../src/auth/server/mint.ts';
import { readySandbox, type Ready } from '../../src/auth/server/sandbox-ready.ts';
import { askFor } from '../../src/cli/token.ts';
import { readConfig } from '../../src/config.ts';
import { markSandbox } from '../../src/storage/facts.ts';
import { idsIn, type Seen } from '../world/requests.ts';
import { organization, patient } from '../world/resources.ts';
import type { World } from '../world/world.ts';
import { account, browser, calledBack, client, launched, oauthOf, signOn, authorization } from './app.ts';
import { bearing, guarded, partsOf, withScope } from './bearer.ts';

let w: World;
let ana: Seen;
let ready: Ready;

async function made(type: string, body: object): Promise<Seen> {
  const reply = await withScope(w, 'system/*.cruds')('POST', `/${type}`, { body });
  if (reply.status !== 201) throw new Error(reply.text);
  return reply.body;
}

beforeAll(async () => {
  w = await guarded({ clock: 'system' });
  ana = await made('Patient', patient());
  const type = [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/organization-type', code: 'prov' }] },
  ];
  const clinic = await made('Organization', organization({ type }));
  const person = await made('Practitioner', { resourceType: 'Practitioner', name: [{ family: 'Ilić' }] });
  await made('PractitionerRole', {
    resourceType: 'PractitionerRole',
    practitioner: { reference: `Practitioner/${person.id}` },
    organization: { reference: `Organization/${clinic.id}` },
  });
});
afterAll(() => w.end());

describe('outside of a sandbox', () => {
  test('there are no ready-made accounts, no tokens by command and no simulator', async () => {
    await expect(readySandbox(partsOf(w))).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(mint(partsOf(w), { as: 'provider' })).rejects.toMatchObject({ kind: 'forbidden' });
    expect((await fetch(`${oauthOf(w)}/simulator`)).status).toBe(404);
  });
});

describe('in a sandbox', () => {
  beforeAll(async () => {
    await markSandbox(w.services.connection, { seed: 1, people: 1, at: new Date(), complete: true });
    ready = await readySandbox(partsOf(w));
  });

  test('people who are in the store have accounts, and sign on with the password that is printed', async () => {
    expect(ready.accounts.map(({ id }) => id)).toEqual(expect.arrayContaining(['provider', 'patient']));
    const app = await client(w);
    const { body } = await launched(
      w,
      { client: app, scope: 'openid user/Patient.rs' },
      { account: 'provider', password: ready.password },
    );
    expect(body['scope']).toContain('user/Patient.rs');
  });

  test('the example that is printed is somebody whom its account finds', async () => {
    const { family = '', birthDate = '' } = ready.example ?? {};
    const send = bearing(w, await mint(partsOf(w), { as: 'provider' }));
    const { body } = await send(
      'GET',
      `/Patient?family=${encodeURIComponent(family)}&birthdate=${birthDate}`,
    );
    expect(body.total).toBeGreaterThan(0);
  });

  test('what is ready-made stays the same from start to start', async () => {
    expect(await readySandbox(partsOf(w))).toEqual(ready);
  });

  test('nothing secret of it lies open in the database', async () => {
    const { db } = w.services.connection;
    const kept = JSON.stringify(await db?.collection('kept_texts').find().toArray());
    const signing = JSON.stringify(await db?.collection('signing_keys').find().toArray());
    const accounts = JSON.stringify(await db?.collection('accounts').find().toArray());
    for (const text of [kept, signing, accounts]) {
      expect(text).not.toContain(ready.password);
      expect(text).not.toMatch(/"d"|"kty"/);
    }
    expect(accounts).toContain('$argon2id$');
  });

  describe('a token by command', () => {
    const token = (wish: Parameters<typeof mint>[1]) => mint(partsOf(w), wish);

    test('is of the bearer’s role and reach, and opens the FHIR endpoint', async () => {
      const provider = await token({ as: 'provider' });
      expect(decodeClaims(provider)).toMatchObject({ role: 'provider', purpose_of_use: 'TREAT' });
      expect((await bearing(w, provider)('GET', `/Patient?_id=${ana.id}`)).status).toBe(200);
      const own = await token({ as: 'patient' });
      expect(idsIn((await bearing(w, own)('GET', '/Patient')).body)).toEqual([ana.id]);
      const pharmacy = await token({ as: 'sandbox-pharmacy', scope: 'system/Immunization.c' });
      expect(decodeClaims(pharmacy)).toMatchObject({
        scope: 'system/Immunization.c',
        client_id: 'sandbox-pharmacy',
      });
      const about = await token({ as: 'provider', patient: ana.id });
      expect(decodeClaims(about)).toMatchObject({ patient: ana.id });
    });

    test.each([
      ['an unknown name', { as: 'nobody' }],
      ['an app, which acts for people only', { as: 'sandbox-app' }],
      ['a purpose that the role has not', { as: 'provider', purpose: 'HPAYMT' }],
      ['scopes that the bearer may not have', { as: 'patient', scope: 'patient/Patient.d' }],
      ['scopes of another level', { as: 'patient', scope: 'user/Patient.r' }],
      ['system scopes of a person', { as: 'provider', scope: 'system/Patient.r' }],
      ['another patient’s record for a patient', { as: 'patient', patient: 'somebody' }],
      ['a patient of a program', { as: 'sandbox-pharmacy', patient: 'somebody' }],
      ['scopes that are none', { as: 'provider', scope: 'user/Patient.x' }],
    ])('is refused for %s', async (_what, wish) => {
      await expect(token(wish)).rejects.toMatchObject({ name: 'Failure' });
    });
  });

  describe('the command', () => {
    let folder: string;
    const config = () => readConfig({ DATA_DIR: folder });
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'fhir-iis-token-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    test('says that no server runs', async () => {
      await expect(askFor(config(), { as: 'provider' })).rejects.toThrow(/No server runs/);
    });

    test('is not answered to whoever has other keys', async () => {
      writeFileSync(join(folder, 'address'), new URL(w.url).origin);
      await expect(askFor(config(), { as: 'provider' })).rejects.toThrow(/KEYS_DIR/);
      const forged = await fetch(`${oauthOf(w)}/command/token`, { method: 'POST', body: '0001.AAAA' });
      expect(forged.status).toBe(401);
    });

    test('gets a token with the server’s keys, and the server’s refusals in its words', async () => {
      // The key of the world (world.ts).
      writeFileSync(join(folder, 'keys', 'master-0001.key'), Buffer.alloc(32, 7));
      const token = await askFor(config(), { as: 'provider' });
      expect((await bearing(w, token)('GET', `/Patient?_id=${ana.id}`)).status).toBe(200);
      await expect(askFor(config(), { as: 'nobody' })).rejects.toThrow(/no account and no client/);
    });
  });

  test('the simulator opens an app for a patient and a person, and the launch works', async () => {
    const app = await client(w, { launch_url: 'http://127.0.0.1:9/launch?x=1' });
    await account(w, { _id: 'doc' });
    const person = browser();
    const page = await person.go(`${oauthOf(w)}/simulator`);
    expect(page.text).toContain(app);
    expect(page.text).toContain(ana.id);
    const fields = { client: app, account: 'doc', patient: ana.id };
    const opened = await person.post(`${oauthOf(w)}/simulator`, Object.entries(fields));
    const { iss, launch, x } = calledBack(opened);
    expect([iss, x]).toEqual([w.url, '1']);
    const scope = 'launch openid fhirUser patient/Patient.rs';
    const { body } = await launched(w, { client: app, scope, more: { launch: launch ?? '' } });
    expect(body['patient']).toBe(ana.id);
    const again = authorization(w, { client: app, scope, more: { launch: launch ?? '' } });
    expect(calledBack(await signOn(browser(), again.url))['error']).toBe('invalid_request');
    const nobody = await person.post(
      `${oauthOf(w)}/simulator`,
      Object.entries({ ...fields, patient: 'none' }),
    );
    expect(nobody.response.status).toBe(400);
  });
});
