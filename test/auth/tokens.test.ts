/** Which tokens count at the FHIR endpoint, and how the others are refused. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { revocationsOf } from '../../src/storage/revocations.ts';
import { call, type Reply } from '../world/requests.ts';
import type { World } from '../world/world.ts';
import { bearing, claimsOf, guarded, partsOf, tokenOf, enrol } from './bearer.ts';

let w: World;
beforeAll(async () => {
  w = await guarded();
});
afterAll(() => w.end());

const tried = (token: string): Promise<Reply> => bearing(w, token)('GET', '/Patient?_count=1');

function expectRefused(reply: Reply): void {
  expect(reply.status).toBe(401);
  expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer realm="fhir", error="invalid_token"/);
  expect(reply.body.resourceType).toBe('OperationOutcome');
  expect(reply.body.issue?.[0]?.code).toBe('login');
}

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token', () => {
  test('of this server opens what its scopes say', async () => {
    expect((await tried(tokenOf(w))).status).toBe(200);
  });

  test('is asked for with a challenge that blames nobody', async () => {
    const reply = await call(w, 'GET', '/Patient');
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="fhir"');
    expect(reply.body.resourceType).toBe('OperationOutcome');
  });

  test('counts in the header only', async () => {
    expect((await call(w, 'GET', `/Patient?access_token=${tokenOf(w)}`)).status).toBe(401);
    const basic = await call(w, 'GET', '/Patient', { headers: { authorization: 'Basic YTpi' } });
    expect(basic.status).toBe(401);
    expect(basic.headers.get('www-authenticate')).toContain('error="invalid_request"');
  });

  test('without a signature is refused', async () => {
    const [, claims] = tokenOf(w).split('.');
    const head = base64({ alg: 'none', typ: 'at+jwt', kid: 'ES256-1' });
    expectRefused(await tried(`${head}.${claims ?? ''}.`));
    expectRefused(await tried(`${head}.${claims ?? ''}.AAAA`));
  });

  test('signed with the public key as a shared secret is refused', async () => {
    const { keys } = (await (await fetch(`${new URL(w.url).origin}/oauth/jwks`)).json()) as {
      keys: { kid: string }[];
    };
    for (const key of keys) {
      const token = jwt.sign(claimsOf(w), JSON.stringify(key), {
        algorithm: 'HS256',
        header: { alg: 'HS256', typ: 'at+jwt', kid: key.kid },
      });
      expectRefused(await tried(token));
    }
  });

  test('signed with a key of another algorithm than its header says is refused', async () => {
    const rsa = partsOf(w).signingKeys.find(({ alg }) => alg === 'RS256');
    expectRefused(await tried(tokenOf(w, {}, { header: { kid: rsa?.kid } })));
  });

  test('signed with somebody else’s key under a known or an unknown name is refused', async () => {
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
    expectRefused(await tried(tokenOf(w, {}, { key })));
    expectRefused(await tried(tokenOf(w, {}, { key, header: { kid: 'mine' } })));
  });

  test('that brings its own key, or says where it is, is refused', async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = pair.publicKey.export({ format: 'jwk' });
    const key = pair.privateKey.export({ format: 'jwk' });
    expectRefused(await tried(tokenOf(w, {}, { key, header: { jwk } })));
    expectRefused(await tried(tokenOf(w, {}, { key, header: { jku: 'http://127.0.0.1:1/jwks' } })));
  });

  test('that is changed is refused', async () => {
    const [head = '', , signature = ''] = tokenOf(w, { scope: 'system/Patient.r' }).split('.');
    expectRefused(await tried(`${head}.${base64(claimsOf(w))}.${signature}`));
    const whole = tokenOf(w);
    for (const broken of [`${whole}x`, `${whole}AAAA`, whole.slice(0, -10)])
      expectRefused(await tried(broken));
  });

  test.each([
    ['of another issuer', { iss: 'https://elsewhere.example.org' }],
    ['for another server', { aud: 'https://elsewhere.example.org/fhir' }],
    ['for the client itself, as an id token is', { aud: 'tester' }],
    ['without an issuer', { iss: undefined }],
    ['without an audience', { aud: undefined }],
    ['without an end', { exp: undefined }],
    ['without a client', { client_id: undefined }],
    ['without a subject', { sub: undefined }],
    ['without scopes', { scope: undefined }],
    ['with patient scopes and no patient', { scope: 'patient/*.rs', sub: 'ana', fhirUser: 'x' }],
    ['with a patient that is no id', { scope: 'patient/*.rs', patient: { $gt: '' } }],
    ['with a patient that is a path', { scope: 'patient/*.rs', patient: '../Patient' }],
    ['with user scopes and no user', { scope: 'user/*.rs' }],
    ['with user scopes and no fhirUser', { scope: 'user/*.rs', sub: 'ana' }],
    [
      'with patient and user scopes',
      { scope: 'patient/*.rs user/*.rs', sub: 'ana', patient: '1', fhirUser: 'x' },
    ],
    ['with patient and system scopes', { scope: 'patient/*.rs system/*.rs', patient: '1' }],
    ['with user and system scopes', { scope: 'user/*.rs system/*.rs', sub: 'ana', fhirUser: 'x' }],
    ['with system scopes and a patient', { patient: '1' }],
    ['with system scopes and a user', { sub: 'ana', fhirUser: 'x' }],
  ])('%s is refused', async (_what, claims) => {
    expectRefused(await tried(tokenOf(w, claims)));
  });

  test('that is no access token is refused, whatever it is', async () => {
    expectRefused(await tried(tokenOf(w, {}, { header: { typ: 'JWT' } })));
    expectRefused(await tried(tokenOf(w, {}, { header: { typ: undefined } })));
    expectRefused(await tried('opaque'));
    expectRefused(await tried('a'.repeat(10_000)));
  });

  test('counts a minute beyond its end, for clocks that differ, and not longer', async () => {
    const end = Math.floor(w.rooms.now().getTime() / 1000);
    expect((await tried(tokenOf(w, { iat: end - 300, exp: end - 59 }))).status).toBe(200);
    expectRefused(await tried(tokenOf(w, { iat: end - 300, exp: end - 61 })));
    expectRefused(await tried(tokenOf(w, { nbf: end + 61 })));
    expectRefused(await tried(tokenOf(w, { iat: end + 61 })));
  });

  test('that was seen before ends on time all the same', async () => {
    const token = tokenOf(w);
    expect((await tried(token)).status).toBe(200);
    w.clock.advance(361_000);
    expectRefused(await tried(token));
    w.clock.advance(-361_000);
  });

  test.each([
    ['itself', (claims: Record<string, unknown>) => `jti:${String(claims['jti'])}`],
    ['its grant', () => 'grant:g1'],
    ['its client', () => 'client:c1'],
    ['its account', () => 'account:ana'],
  ])('no longer counts, at once and on every node, when %s is revoked', async (_what, idOf) => {
    const claims = claimsOf(w, {
      ...{ grant_id: 'g1', client_id: 'c1', sub: 'ana', fhirUser: 'x', scope: 'user/*.rs' },
    });
    await enrol(w, { id: 'c1', what: 'client' });
    await enrol(w, { id: 'ana', what: 'person', role: 'registry-manager' });
    const token = tokenOf(w, claims);
    const other = await guarded({ beside: w });
    const audience = { aud: partsOf(other).audience, iss: partsOf(other).issuer };
    const there = bearing(other, tokenOf(other, { ...claims, ...audience }));
    expect((await tried(token)).status).toBe(200);
    expect((await there('GET', '/Patient?_count=1')).status).toBe(200);
    const revocations = revocationsOf(w.services.connection, w.rooms.now);
    await revocations.revoke(idOf(claims));
    expectRefused(await tried(token));
    expectRefused(await there('GET', '/Patient?_count=1'));
    await revocations.restore(idOf(claims));
    expect((await tried(token)).status).toBe(200);
    await other.end();
  });

  test('is not needed for what describes the server', async () => {
    expect((await call(w, 'GET', '/metadata')).status).toBe(200);
    expect((await call(w, 'GET', '/.well-known/smart-configuration')).status).toBe(200);
  });
});
