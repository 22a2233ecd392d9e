/** A second factor: enrolled on the way, asked for at every sign-on, good once, and tried a bounded number of times. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { stepOf, newFactor, factorAddress } from '../../src/auth/second-factor.ts';
import { decodeClaims } from '../../src/auth/server/claims.ts';
import type { Account } from '../../src/storage/accounts.ts';
import { markSandbox } from '../../src/storage/facts.ts';
import type { World } from '../world/world.ts';
import { account, authorization, browser, calledBack, client, exchange, type Browser } from './app.ts';
import { readConfig } from '../../src/config.ts';
import { authOf } from '../../src/main.ts';
import { mendSignOn } from '../../src/participants/begin.ts';
import { WITH_TWO_FACTORS } from '../../src/policy/roles.ts';
import type { Reply } from '../world/requests.ts';
import { enrol, guarded, partsOf, withScope } from './bearer.ts';

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

describe('one that was lost', () => {
  const asking = (role: string, organization: string) =>
    withScope(w, 'user/*.cruds', {
      ...{ role, organization, purpose_of_use: 'HOPERAT', sub: `${role} of ${organization}`, fhirUser: 'x' },
    });
  const reset = (role: string, organization: string, at: string, account: string): Promise<Reply> =>
    asking(role, organization)('POST', `/Organization/${at}/$reset-second-factor?account=${account}`);

  test('is reset by an administrator of the organisation: sessions and tokens end, the next sign-on enrols anew', async () => {
    await account(w, { _id: 'lost', role: 'organization-administrator', organization: 'lost-clinic' });
    await enrol(w, {
      id: 'lost',
      what: 'person',
      role: 'organization-administrator',
      organization: 'lost-clinic',
    });
    const { page, person } = await afterPassword('lost');
    const before = factorIn(page);
    await person.post(page.url, [
      ['factor', hiddenIn(page)],
      ['code', codeOf(before)],
    ]);
    await partsOf(w).adapters('Grant').upsert('its-grant', { accountId: 'lost' }, 60);
    expect((await reset('organization-administrator', 'other-clinic', 'lost-clinic', 'lost')).status).toBe(
      403,
    );
    expect((await reset('provider', 'lost-clinic', 'lost-clinic', 'lost')).status).toBe(403);
    expect((await partsOf(w).accounts.find('lost'))?.hasSecondFactor).toBe(true);
    const done = await reset('organization-administrator', 'lost-clinic', 'lost-clinic', 'lost');
    expect([done.status, done.body.issue]).toEqual([200, undefined]);
    expect(await partsOf(w).revocations.hasAny(['grant:its-grant'])).toBe(true);
    const { db } = w.services.connection;
    const its = { 'payload.accountId': 'lost' };
    expect(await db?.collection('oauth_Session').countDocuments(its)).toBe(0);
    const again = await afterPassword('lost');
    expect(again.page.text).toContain('Set up your second factor');
    expect(factorIn(again.page)).not.toBe(before);
    const audit = await db
      ?.collection('AuditEvent')
      .find({ json: /reset-second-factor/ })
      .toArray();
    expect(audit?.length).toBeGreaterThan(0);
  });

  test('of a manager only a manager resets, or the command', async () => {
    await enrolled('chief');
    await enrol(w, { id: 'chief', what: 'person', role: 'registry-manager', organization: 'registry' });
    const staff = withScope(w, 'system/*.cruds', {
      role: 'registry-staff',
      purpose_of_use: 'REGOPER',
      organization: 'registry',
    });
    const path = '/Organization/registry/$reset-second-factor?account=chief';
    expect((await staff('POST', path)).status).toBe(403);
    await mendSignOn(w.rooms, 'reset-second-factor', { account: 'chief' });
    expect((await partsOf(w).accounts.find('chief'))?.hasSecondFactor).toBeUndefined();
    await mendSignOn(w.rooms, 'reset-second-factor', { account: 'chief' });
  });

  test('an identity is linked to one account, by the registry', async () => {
    const issuer = 'https://identity.example.org';
    await account(w, { _id: 'linked', role: 'provider', organization: 'lost-clinic' });
    await enrol(w, { id: 'linked', what: 'person', role: 'provider', organization: 'lost-clinic' });
    const query = new URLSearchParams({ account: 'linked', issuer, subject: 'sub-1' }).toString();
    const path = `/Organization/lost-clinic/$link-identity?${query}`;
    expect((await asking('organization-administrator', 'lost-clinic')('POST', path)).status).toBe(403);
    const manager = withScope(w, 'system/*.cruds', { purpose_of_use: 'REGOPER' });
    expect((await manager('POST', path)).status).toBe(200);
    expect((await partsOf(w).accounts.ofIdentity(issuer, 'sub-1'))?._id).toBe('linked');
    const other = path.replace('account=linked', 'account=lost');
    expect((await manager('POST', other)).status).toBe(409);
    await mendSignOn(w.rooms, 'unlink-identity', { account: 'linked' });
    expect(await partsOf(w).accounts.ofIdentity(issuer, 'sub-1')).toBeUndefined();
  });
});

describe('the roles that need one', () => {
  test('are a setting, which names roles that there are', () => {
    const of = (SECOND_FACTOR_ROLES: string) => authOf(readConfig({ SECOND_FACTOR_ROLES }));
    expect(of('provider, auditor')).toMatchObject({ withTwoFactors: new Set(['provider', 'auditor']) });
    expect(of('')).toMatchObject({ withTwoFactors: WITH_TWO_FACTORS });
    expect(() => of('provider,managers')).toThrow('managers');
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
