/** Tokens of an outside OpenID Connect issuer: found by discovery, and an outage is told as one. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.ts';
import { authOf } from '../../src/main.ts';
import { call } from '../world/requests.ts';
import { world, type World } from '../world/world.ts';
import { bearing, enrol, guarded, partsOf, tokenOf } from './bearer.ts';

let state: World;
let registry: World;
beforeAll(async () => {
  state = await guarded();
  const { issuer, audience } = partsOf(state);
  registry = await world({ auth: { mode: 'oidc', issuer, audience } });
  await enrol(registry, { id: 'tester', what: 'client', role: 'registry-manager' });
});
afterAll(async () => {
  await registry.end();
  await state.end();
});

describe('an outside issuer', () => {
  test('vouches for its tokens', async () => {
    expect((await bearing(registry, tokenOf(state))('GET', '/Patient')).status).toBe(200);
    const wrong = tokenOf(state, { aud: 'https://elsewhere.example.org' });
    expect((await bearing(registry, wrong)('GET', '/Patient')).status).toBe(401);
  });

  test('does not vouch for those who take no part in the registry', async () => {
    const stranger = tokenOf(state, { client_id: 'stranger', sub: 'stranger' });
    expect((await bearing(registry, stranger)('GET', '/Patient')).status).toBe(403);
  });

  test('is what this server names as its authorization server', async () => {
    const { body } = await call(registry, 'GET', '/.well-known/smart-configuration');
    expect(body['token_endpoint']).toBe(`${partsOf(state).issuer}/token`);
    expect((await registry.root.get('/oauth/jwks')).status).toBe(404);
  });

  test('that is away is an outage, not a bad token', async () => {
    const away = await world({ auth: { mode: 'oidc', issuer: 'http://127.0.0.1:9', audience: 'x' } });
    const reply = await bearing(away, tokenOf(state))('GET', '/Patient');
    expect(reply.status).toBe(503);
    expect(reply.headers.get('retry-after')).toBeDefined();
    await away.end();
  });

  test('needs to be named, and its name for this server too', () => {
    expect(() => authOf(readConfig({ AUTH: 'oidc' }))).toThrow(/OIDC_ISSUER and OIDC_AUDIENCE/);
    expect(() => authOf(readConfig({ AUTH: 'oidc', OIDC_ISSUER: 'https://i.example.org' }))).toThrow(
      /OIDC_AUDIENCE/,
    );
    expect(authOf(readConfig({ AUTH: 'smart' }))).toMatchObject({ mode: 'smart' });
  });
});

describe('an opaque token', () => {
  let server: Server;
  let issuer = '';
  let answer: Record<string, unknown> = { active: false };
  let guardedBy: World;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const isDiscovery = request.url?.includes('.well-known') === true;
      const metadata = { issuer, jwks_uri: `${issuer}/jwks`, introspection_endpoint: `${issuer}/introspect` };
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify(isDiscovery ? metadata : answer));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    guardedBy = await world({
      auth: { mode: 'oidc', issuer, audience: 'registry', clientId: 'rs', clientSecret: 'secret' },
    });
  });
  afterAll(async () => {
    await guardedBy.end();
    server.close();
  });

  test('counts as long as its issuer says so', async () => {
    const exp = Math.floor(guardedBy.rooms.now().getTime() / 1000) + 300;
    const active = {
      active: true,
      client_id: 'c',
      sub: 'c',
      aud: 'registry',
      scope: 'system/Patient.rs',
      role: 'registry-manager',
      purpose_of_use: 'PUBHLTH',
      exp,
    };
    await enrol(guardedBy, { id: 'c', what: 'client', role: 'registry-manager' });
    const send = bearing(guardedBy, 'opaque-1');
    expect((await send('GET', '/Patient')).status).toBe(401);
    answer = active;
    expect((await send('GET', '/Patient')).status).toBe(200);
    answer = { ...active, aud: 'another' };
    expect((await send('GET', '/Patient')).status).toBe(401);
    answer = { ...active, iss: 'https://elsewhere.example.org' };
    expect((await send('GET', '/Patient')).status).toBe(401);
    answer = { active: false };
    expect((await send('GET', '/Patient')).status).toBe(401);
  });
});
