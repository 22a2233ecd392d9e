/** The pages of the authorization server: nobody frames them, and they show what they are given as text. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { World } from '../world/world.ts';
import { account, authorization, browser, client, oauthOf } from './app.ts';
import { guarded, partsOf } from './bearer.ts';

let w: World;
let app: string;
beforeAll(async () => {
  w = await guarded({ clock: 'system' });
  app = await client(w);
  await account(w, { _id: 'doc' });
});
afterAll(() => w.end());

const FULL = 'openid fhirUser launch/patient patient/Patient.rs';

describe('a page of the authorization server', () => {
  test('is framed by nobody, runs no script and escapes what it shows', async () => {
    const evil = await client(w, { client_name: '<script>alert(1)</script>' });
    const { url } = authorization(w, { client: evil, scope: 'openid user/Patient.rs' });
    const person = browser();
    const login = await person.go(url);
    expect(login.response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(login.response.headers.get('cache-control')).toBe('no-store');
    const consent = await person.post(login.url, [
      ['account', 'doc'],
      ['password', 'correct horse'],
    ]);
    expect(consent.text).toContain('&lt;script&gt;');
    expect(consent.text).not.toContain('<script');
  });

  test('is not there without the browser that began', async () => {
    const { url } = authorization(w, { client: app, scope: FULL });
    const page = await browser().go(url);
    const stolen = await fetch(page.url);
    expect(stolen.status).toBe(400);
    expect(await stolen.json()).toHaveProperty('error');
    expect(oauthOf(w)).toBe(partsOf(w).issuer);
  });
});
