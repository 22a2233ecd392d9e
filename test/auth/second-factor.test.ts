/** A second factor: enrolled on the way, asked for at every sign-on, good once, and tried a bounded number of times. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { stepOf, newFactor, factorAddress } from '../../src/auth/second-factor.ts';
import { decodeClaims } from '../../src/auth/server/claims.ts';
import type { Account } from '../../src/storage/accounts.ts';
import { markSandbox } from '../../src/storage/facts.ts';
import type { World } from '../world/world.ts';
import { account, authorization, browser, calledBack, client, exchange, type Browser } from './app.ts';
import { guarded, partsOf } from './bearer.ts';

let w: World;
let app: string;
beforeAll(async () => {
  w = await guarded({ clock: 'system' });
  app = await client(w);
  await account(w, { _id: 'doc' });
});
afterAll(() => w.end());

const SCOPE = 'openid fhirUser user/Patient.rs';
type Page = Awaited<ReturnType<Browser['go']>>;

/** As far as the page after the password. */
async function afterPassword(
  id: string,
  person = browser(),
): Promise<{ page: Page; person: Browser; verifier: string }> {
  const { url, verifier } = authorization(w, { client: app, scope: SCOPE });
  const first = await person.go(url);
  const page = await person.post(first.url, [
    ['account', id],
    ['password', 'correct horse'],
  ]);
  return { page, person, verifier };
}

/** The code of the coming half minute, which is good for longest. */
const codeOf = (factor: string, at = Date.now() + 30_000): string =>
  new TOTP({ secret: Secret.fromBase32(factor) }).generate({ timestamp: at });
const factorIn = ({ text }: Page): string => /<code>([A-Z2-7]{32})<\/code>/.exec(text)?.[1] ?? '';
const hiddenIn = ({ text }: Page): string => /name="factor" value="([^"]+)"/.exec(text)?.[1] ?? '';

/** Signs on for the first time, and sets up the factor. */
async function enrolled(id: string): Promise<string> {
  await account(w, { _id: id, role: 'registry-manager' });
  const { page, person } = await afterPassword(id);
  const factor = factorIn(page);
  const done = await person.post(page.url, [
    ['factor', hiddenIn(page)],
    ['code', codeOf(factor)],
  ]);
  expect(done.text).toContain('Allow');
  // As if that had been yesterday.
  await w.services.connection.db
    ?.collection<Account>('accounts')
    .updateOne({ _id: id }, { $set: { lastCode: 0 } });
  return factor;
}

describe('a role that sees everybody', () => {
  test('sets up a second factor at its first sign-on, and is asked for it at every other', async () => {
    const factor = await enrolled('manager');
    const { page, person, verifier } = await afterPassword('manager');
    expect(page.text).toContain('Your second factor');
    expect(page.text).not.toContain(factor);
    const allow = await person.post(page.url, [['code', codeOf(factor)]]);
    const back = await person.post(allow.url, [
      ['scope', 'openid'],
      ['scope', 'fhirUser'],
      ['scope', 'user/Patient.rs'],
    ]);
    const { body } = await exchange(w, { code: calledBack(back)['code'] ?? '', verifier, client: app });
    expect(decodeClaims(body['access_token'] ?? '')).toMatchObject({
      sub: 'manager',
      amr: ['pwd', 'otp', 'mfa'],
    });
  });

  test('gets nowhere with the password alone', async () => {
    await enrolled('alone');
    const person = browser();
    await afterPassword('alone', person);
    const again = await person.go(authorization(w, { client: app, scope: SCOPE }).url);
    expect(again.text).toContain('Your second factor');
    const silent = authorization(w, { client: app, scope: SCOPE, more: { prompt: 'none' } });
    expect(calledBack(await person.go(silent.url))['error']).toMatch(/login_required|interaction_required/);
  });

  test('uses a code once, whichever browser it is used in', async () => {
    const factor = await enrolled('once');
    const [one, two] = [await afterPassword('once'), await afterPassword('once')];
    const code = codeOf(factor);
    const results = await Promise.all(
      [one, two].map(({ page, person }) => person.post(page.url, [['code', code]])),
    );
    expect(results.map(({ text }) => text.includes('used before')).toSorted()).toEqual([false, true]);
  });

  test('cannot set up another person’s secret, nor one that it brings itself', async () => {
    await account(w, { _id: 'eve', role: 'registry-manager' });
    await account(w, { _id: 'mallory', role: 'registry-manager' });
    const [eve, mallory] = [await afterPassword('eve'), await afterPassword('mallory')];
    const stolen = await mallory.person.post(mallory.page.url, [
      ['factor', hiddenIn(eve.page)],
      ['code', codeOf(factorIn(eve.page))],
    ]);
    expect(stolen.response.status).toBe(400);
    const own = newFactor();
    const brought = await eve.person.post(eve.page.url, [
      ['factor', own],
      ['code', codeOf(own)],
    ]);
    expect(brought.response.status).toBe(400);
    expect((await partsOf(w).accounts.find('eve'))?.hasSecondFactor).toBeUndefined();
  });

  test('tries ten codes and then rests, the right one too', async () => {
    const factor = await enrolled('guesser');
    const { page, person } = await afterPassword('guesser');
    for (let tries = 0; tries < 10; tries += 1) {
      expect((await person.post(page.url, [['code', '000000']])).response.status).toBe(400);
    }
    const late = await person.post(page.url, [['code', codeOf(factor)]]);
    expect(late.text).toContain('Too many attempts');
  });

  test('keeps the secret sealed', async () => {
    const factor = await enrolled('sealed');
    const { db } = w.services.connection;
    for (const name of ['accounts', 'kept_texts']) {
      expect(JSON.stringify(await db?.collection(name).find().toArray())).not.toContain(factor);
    }
  });
});

describe('a second factor', () => {
  test('is not asked of a clinician who has none', async () => {
    expect((await afterPassword('doc')).page.text).toContain('Allow');
  });

  test('is not demanded in a sandbox', async () => {
    const sandbox = await guarded({ clock: 'system' });
    await markSandbox(sandbox.services.connection, { seed: 1, people: 1, at: new Date(), complete: true });
    const before = w;
    w = sandbox;
    app = await client(w);
    await account(w, { _id: 'manager', role: 'registry-manager' });
    expect((await afterPassword('manager')).page.text).toContain('Allow');
    w = before;
    await sandbox.end();
  });
});

describe('a code', () => {
  const factor = newFactor();
  const now = new Date('2026-11-22T12:00:15Z');
  const step = Math.floor(now.getTime() / 30_000);

  test('is good in its half minute and those beside it', () => {
    const codes = [-1, 0, 1].map((by) => codeOf(factor, now.getTime() + by * 30_000));
    expect(codes.map((code) => stepOf(factor, code, now))).toEqual([step - 1, step, step + 1]);
    const far = codeOf(factor, now.getTime() + 90_000);
    expect(codes.includes(far) ? undefined : stepOf(factor, far, now)).toBeUndefined();
  });

  test.each(['', '12345', '1234567', 'abcdef', '１２３４５６'])('is six digits, not %j', (code) => {
    expect(stepOf(factor, code, now)).toBeUndefined();
  });

  test('comes from an address that says whose it is', () => {
    expect(factorAddress(factor, 'ana')).toMatch(/^otpauth:\/\/totp\/fhir-iis:ana\?.*secret=[A-Z2-7]{32}/);
  });
});
