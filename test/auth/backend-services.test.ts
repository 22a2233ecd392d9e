/** Backend Services: a program proves itself by its key and gets what its registration and role allow (SMART App Launch 2.2). */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeClaims } from '../../src/auth/server/claims.ts';
import { revocationsOf } from '../../src/storage/revocations.ts';
import type { World } from '../world/world.ts';
import { assertion, backend, backendToken, type Backend } from './app.ts';
import { bearing, guarded, partsOf } from './bearer.ts';

let w: World;
let other: World;
let service: Backend;
beforeAll(async () => {
  w = await guarded({ clock: 'system' });
  other = await guarded({ clock: 'system', beside: w });
  service = await backend(w);
});
afterAll(async () => {
  await other.end();
  await w.end();
});

const asked = (scope: string, claims = {}, header = {}) =>
  backendToken(w, scope, assertion(w, service, claims, header));

describe('a backend service', () => {
  test.each(['ES384', 'RS384'] as const)('proves itself by %s and reads', async (alg) => {
    const one = await backend(w, {}, alg);
    const { status, headers, body } = await backendToken(w, 'system/Patient.rs', assertion(w, one), {
      purpose_of_use: 'PUBHLTH',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'system/Patient.rs' });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('pragma')).toBe('no-cache');
    const send = bearing(w, body['access_token'] ?? '');
    expect((await send('GET', '/Patient?_count=1')).status).toBe(200);
    expect((await send('GET', '/Immunization?_count=1')).status).toBe(403);
  });

  test('gets of 21 types those that its registration has', async () => {
    const one = await backend(w, {
      smart_scopes: 'system/Patient.rs system/Immunization.cruds system/Task.r',
    });
    const wanted = [...w.rooms.catalog.keys()].slice(0, 21).map((type) => `system/${type}.rs`);
    wanted.push('system/Patient.rs', 'system/Immunization.rs', 'system/Task.rs');
    const { body } = await backendToken(w, wanted.join(' '), assertion(w, one));
    expect(new Set(body['scope']?.split(' '))).toEqual(
      new Set(['system/Patient.rs', 'system/Immunization.rs', 'system/Task.r']),
    );
  });

  test('gets no more than its role may have, whatever its registration says', async () => {
    const plan = await backend(w, { role: 'health-plan' });
    const { body } = await backendToken(w, 'system/*.cruds', assertion(w, plan));
    expect(body['scope']).toContain('system/Patient.crs');
    expect(body['scope']).not.toMatch(/Consent|AuditEvent|\*/);
    const none = await backend(w, { role: undefined });
    expect((await backendToken(w, 'system/*.rs', assertion(w, none))).body['error']).toBe('invalid_scope');
  });

  test('keeps the constraints of its scopes, and version 1 as version 1', async () => {
    const word = 'system/Immunization.rs?status=completed&vaccine-code=http://hl7.org/fhir/sid/cvx|207';
    expect((await asked(word)).body['scope']).toBe(word);
    expect((await asked('system/Patient.read')).body['scope']).toBe('system/Patient.read');
    const narrowed = await backend(w, { smart_scopes: 'system/Immunization.rs?status=completed' });
    const { body } = await backendToken(w, 'system/Immunization.rs', assertion(w, narrowed));
    expect(body['scope']).toBe('system/Immunization.rs?status=completed');
  });

  test('chooses a purpose that its role has, and gets the role’s own otherwise', async () => {
    const claimsFor = async (more: Record<string, string>) => {
      const { body } = await backendToken(w, 'system/*.rs', assertion(w, service), more);
      return body['access_token'] === undefined ? body : decodeClaims(body['access_token']);
    };
    expect(await claimsFor({})).toMatchObject({ purpose_of_use: 'REGOPER', role: 'registry-manager' });
    expect(await claimsFor({ purpose_of_use: 'HOPERAT' })).toMatchObject({ purpose_of_use: 'HOPERAT' });
    expect(await claimsFor({ purpose_of_use: 'HPAYMT' })).toMatchObject({ error: 'invalid_request' });
  });
});

describe('a backend service is refused, in OAuth JSON,', () => {
  test.each([
    ['scopes of a patient', 'patient/*.rs'],
    ['scopes of a user', 'user/*.rs'],
    ['mixed scopes', 'system/*.rs user/*.rs'],
    ['letters in another order', 'system/Patient.sr'],
    ['letters that there are not', 'system/Patient.x'],
    ['a constraint with a modifier', 'system/Patient.rs?name:exact=x'],
    ['an encoded slash', 'system%2FPatient.rs'],
    ['nothing that opens anything', 'openid'],
  ])('for %s', async (_what, scope) => {
    const { status, body } = await asked(scope);
    expect([status, body['error']]).toEqual([400, 'invalid_scope']);
  });

  const now = Math.floor(Date.now() / 1000);
  test.each([
    ['without a subject', { sub: undefined }],
    ['of another subject', { sub: 'somebody' }],
    ['of another issuer', { iss: 'somebody' }],
    ['without an end', { exp: undefined }],
    ['that has ended', { exp: now - 3600 }],
    ['that lasts an hour', { exp: now + 3600 }],
    ['without an id', { jti: undefined }],
    ['for another server', { aud: 'https://elsewhere.example.org/token' }],
    ['without an audience', { aud: undefined }],
  ])('for a proof %s', async (_what, claims) => {
    const { status, body } = await asked('system/Patient.rs', claims);
    expect([400, 401]).toContain(status);
    expect(body['error']).toBe('invalid_client');
    expect(body['resourceType']).toBeUndefined();
  });

  test('for a proof with somebody else’s key, wherever its header says that the key is', async () => {
    const key = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    for (const header of [{}, { jku: 'http://127.0.0.1:1/keys' }, { kid: 'k2' }, { kid: undefined }]) {
      const proof = assertion(w, { ...service, key }, {}, header);
      expect((await backendToken(w, 'system/Patient.rs', proof)).body['error']).toBe('invalid_client');
    }
  });

  test('for a proof that was used, though many come at once on several nodes', async () => {
    const proof = assertion(w, service, { aud: partsOf(w).issuer });
    const there = assertion(other, service, { aud: partsOf(other).issuer });
    const tries = await Promise.all(
      Array.from({ length: 12 }, () => backendToken(w, 'system/Patient.rs', proof)),
    );
    expect(tries.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await backendToken(w, 'system/Patient.rs', proof)).status).toBe(401);
    expect((await backendToken(other, 'system/Patient.rs', there)).status).toBe(200);
    expect((await backendToken(other, 'system/Patient.rs', there)).status).toBe(401);
  });

  test('for an unknown client, a wrong grant, a missing proof', async () => {
    const stranger = { ...service, id: 'stranger' };
    const unknown = await backendToken(w, 'system/Patient.rs', assertion(w, stranger));
    expect(unknown.body['error']).toBe('invalid_client');
    const wrong = await backendToken(w, 'system/Patient.rs', assertion(w, service), {
      grant_type: 'password',
    });
    expect(wrong.body['error']).toBe('unsupported_grant_type');
    expect((await backendToken(w, 'system/Patient.rs', '')).body['error']).toMatch(
      /invalid_(client|request)/,
    );
  });

  test('once it is suspended, and so are its tokens', async () => {
    const one = await backend(w);
    const forHealth = { purpose_of_use: 'PUBHLTH' };
    const { body } = await backendToken(w, 'system/Patient.rs', assertion(w, one), forHealth);
    const send = bearing(w, body['access_token'] ?? '');
    expect((await send('GET', '/Patient?_count=1')).status).toBe(200);
    await revocationsOf(w.services.connection, w.rooms.now).revoke(`client:${one.id}`);
    expect((await send('GET', '/Patient?_count=1')).status).toBe(401);
    expect((await backendToken(w, 'system/Patient.rs', assertion(w, one))).body['error']).toBe(
      'invalid_client',
    );
  });
});

describe('the addresses of the authorization server', () => {
  test('are the configured ones, whatever a request calls the host', async () => {
    const reply = await w.root
      .get('/oauth/.well-known/openid-configuration')
      .set('Host', 'evil.example.org')
      .set('X-Forwarded-Host', 'evil.example.org');
    const { issuer } = partsOf(w);
    expect(reply.body).toMatchObject({
      issuer,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
    });
  });
});
