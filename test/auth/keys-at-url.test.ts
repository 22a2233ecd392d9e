/** Clients that have their keys at an address: fetched anew when they change, never from elsewhere, and never too much. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { World } from '../world/world.ts';
import { assertion, backend, backendToken } from './app.ts';
import { guarded, partsOf } from './bearer.ts';

let w: World;
beforeAll(async () => {
  w = await guarded({ clock: 'system' });
});
afterAll(() => w.end());

describe('keys at a URL', () => {
  let keys: object[] = [];
  let server: Server;
  beforeAll(async () => {
    server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(() => void server.close());

  test('are fetched, and fetched again after a client has changed them', async () => {
    const [first, second] = [await backend(w), await backend(w)];
    const keyOf = async (id: string, kid: string) => {
      const { jwks } = (await partsOf(w).adapters('Client').find(id)) as { jwks: { keys: object[] } };
      return { ...jwks.keys[0], kid };
    };
    const jwks_uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
    keys = [await keyOf(first.id, 'old')];
    const remote = await backend(w, { jwks: undefined, jwks_uri });
    const ask = (key: typeof first.key, kid: string) =>
      backendToken(w, 'system/Patient.rs', assertion(w, { ...remote, key, kid }));
    expect((await ask(first.key, 'old')).status).toBe(200);
    keys = [await keyOf(second.id, 'new')];
    const tries = [await ask(second.key, 'new'), await ask(second.key, 'new')];
    expect(tries.at(-1)?.status).toBe(200);
    expect((await ask(first.key, 'old')).status).toBe(401);
  });
});

describe('an address of keys', () => {
  let server: Server;
  let body = '{}';
  let head: Readonly<Record<string, string>> = {};
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/away') response.writeHead(302, { location: '/jwks' }).end();
      else response.writeHead(200, { 'content-type': 'application/json', ...head }).end(body);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(() => void server.close());
  const base = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  test.each([
    ['leads elsewhere', '/away', 0],
    ['answers with too much', '/jwks', 100_000],
  ])('that %s is not followed', async (_what, path, padding) => {
    const key = await backend(w);
    const kid = 'padded';
    const { jwks } = (await partsOf(w).adapters('Client').find(key.id)) as { jwks: { keys: object[] } };
    const keys = { keys: [{ ...jwks.keys[0], kid }], padding: 'x'.repeat(padding) };
    body = JSON.stringify(keys);
    head = { 'cache-control': 'no-store' };
    const remote = await backend(w, { jwks: undefined, jwks_uri: base() + path });
    const ask = () => backendToken(w, 'system/Patient.rs', assertion(w, { ...remote, key: key.key, kid }));
    expect((await ask()).status).toBe(401);
    // The same key without the fault is good.
    body = JSON.stringify({ keys: keys.keys });
    const right = await backend(w, { jwks: undefined, jwks_uri: `${base()}/jwks` });
    const asked = backendToken(w, 'system/Patient.rs', assertion(w, { ...right, key: key.key, kid }));
    expect((await asked).status).toBe(200);
  });
});
