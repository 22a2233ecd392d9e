/** How long somebody stays signed on, and in how many browsers. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sessionSeconds } from '../../src/auth/server/sessions.ts';
import type { World } from '../world/world.ts';
import { account, authorization, browser, client, launched, post, signOn, type Browser } from './app.ts';
import { guarded, partsOf } from './bearer.ts';

let w: World;
let app: string;
beforeAll(async () => {
  w = await guarded({ clock: 'system', auth: { mode: 'smart', sessions: { idleMinutes: 30, most: 1 } } });
  app = await client(w);
});
afterAll(() => w.end());

const SCOPE = 'openid fhirUser online_access user/Patient.rs';
const isSignedOn = async (person: Browser): Promise<boolean> =>
  !(await person.go(authorization(w, { client: app, scope: SCOPE }).url)).text.includes('name="password"');

const sessions = () =>
  w.services.connection.db?.collection<{ payload: Record<string, unknown> }>('oauth_Session');

describe('sessions of one account', () => {
  test('are so many at once, and the oldest make room with what hangs on them', async () => {
    await account(w, { _id: 'busy' });
    await account(w, { _id: 'other' });
    const other = browser();
    await launched(w, { client: app, scope: SCOPE }, { account: 'other' }, other);
    const people = [browser(), browser(), browser(), browser()];
    const tokens: string[] = [];
    // All in one second, in which no sign-on is newer than another: the present one stays.
    for (const person of people) {
      const { body } = await launched(w, { client: app, scope: SCOPE }, { account: 'busy' }, person);
      tokens.push(body['refresh_token'] ?? '');
    }
    expect(await Promise.all(people.map(isSignedOn))).toEqual([false, false, false, true]);
    expect(await isSignedOn(other)).toBe(true);
    const refreshed = await Promise.all(
      tokens.map((refresh_token) =>
        post(w, '/token', { grant_type: 'refresh_token', refresh_token, client_id: app }),
      ),
    );
    expect(refreshed.map(({ status }) => status)).toEqual([400, 400, 400, 200]);
  });
});

describe('a session', () => {
  test('is over after its time without use, and after half a day in any case', () => {
    const now = new Date('2026-11-22T12:00:00Z');
    const seconds = now.getTime() / 1000;
    const limits = { idleMinutes: 30, most: 1 };
    const left = [undefined, 60, 11.75 * 3600, 12 * 3600, 13 * 3600].map((ago) =>
      sessionSeconds(limits, ago === undefined ? undefined : seconds - ago, now),
    );
    expect(left).toEqual([1800, 1800, 900, 1, 1]);
  });

  test('ends when nobody used it, and goes on while its app is refreshed', async () => {
    await account(w, { _id: 'idle' });
    const person = browser();
    const { body } = await launched(w, { client: app, scope: SCOPE }, { account: 'idle' }, person);
    const expiry = async (): Promise<number> =>
      Number((await sessions()?.findOne({ 'payload.accountId': 'idle' }))?.payload['exp']);
    await sessions()?.updateOne({ 'payload.accountId': 'idle' }, { $inc: { 'payload.exp': -1500 } });
    const before = await expiry();
    const form = { grant_type: 'refresh_token', refresh_token: body['refresh_token'] ?? '', client_id: app };
    const { status, body: next } = await post(w, '/token', form);
    expect([status, (await expiry()) - before > 1000]).toEqual([200, true]);
    await sessions()?.updateOne({ 'payload.accountId': 'idle' }, { $inc: { 'payload.exp': -3600 } });
    const again = { ...form, refresh_token: next['refresh_token'] ?? '' };
    expect((await post(w, '/token', again)).status).toBe(400);
    expect(await isSignedOn(person)).toBe(false);
  });

  test('of somebody else in the same browser ends when another person signs on', async () => {
    await account(w, { _id: 'before' });
    await account(w, { _id: 'after' });
    const person = browser();
    await launched(w, { client: app, scope: SCOPE }, { account: 'before' }, person);
    const asked = authorization(w, { client: app, scope: SCOPE, more: { prompt: 'login' } });
    const page = await signOn(person, asked.url, { account: 'after' });
    expect(page.url).toContain('code=');
    expect(await sessions()?.countDocuments({ 'payload.accountId': 'before' })).toBe(0);
  });
});

describe('tries', () => {
  test('that come all at once are no more than those that come one after the other', async () => {
    const { attempts } = partsOf(w);
    const tried = await Promise.all(Array.from({ length: 30 }, () => attempts.mayTry('door')));
    expect(tried.filter(Boolean)).toHaveLength(10);
    await attempts.succeeded('door');
    expect(await attempts.mayTry('door')).toBe(true);
  });
});
