/** How much one caller may ask, and what it is told that asks more. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { appOf, FHIR_PATH } from '../../src/app.ts';
import type { Authenticate } from '../../src/auth/authenticate.ts';
import { Unproven } from '../../src/auth/challenge.ts';
import type { RateLimits } from '../../src/http/limits.ts';
import { databaseOf } from '../../src/storage/connect.ts';
import { readConfig } from '../../src/config.ts';
import { limitsOf } from '../../src/main.ts';
import { guarded } from '../auth/bearer.ts';
import { call, type Reply } from '../world/requests.ts';
import { world, type World } from '../world/world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
  await w.end();
});

/** Callers say who they are in a header: `client`, or `client@organization`; who says nothing proves nothing. */
const byName: Authenticate = (request) => {
  const [client, organization] = (request.get('x-caller') ?? '').split('@');
  if (!client) throw new Unproven('Say who you are.');
  const known = { client, role: 'developer', purpose: 'TREAT' };
  return organization === undefined ? known : { ...known, organization };
};

type Ask = (caller: string, headers?: Readonly<Record<string, string>>) => Promise<Reply>;

/** A server with limits; a minute is longer than any test. */
async function limited(limits: Partial<RateLimits>, proxies = 0): Promise<Ask> {
  const every = { client: 0, organization: 0, address: 0, oauth: 0, ...limits };
  const gate = { authenticate: byName };
  const app = appOf(w.services, { gate, corsOrigins: [], bodyLimit: 1000, limits: every, proxies });
  const server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${FHIR_PATH}`;
  return (caller, headers = {}) =>
    call({ url }, 'GET', '/Patient/none', { headers: { 'x-caller': caller, ...headers } });
}

const statusesOf = async (ask: Ask, ...callers: string[]): Promise<readonly number[]> => {
  const statuses: number[] = [];
  for (const caller of callers) statuses.push((await ask(caller)).status);
  return statuses;
};

describe('a client that asks too much', () => {
  test('is told to wait and for how long, in an outcome, and others are served', async () => {
    const ask = await limited({ client: 3 });
    expect(await statusesOf(ask, 'a', 'a', 'a', 'a', 'b')).toEqual([404, 404, 404, 429, 404]);
    const { status, body, headers } = await ask('a');
    expect([status, body.resourceType, body.issue?.[0]?.code]).toEqual([
      429,
      'OperationOutcome',
      'throttled',
    ]);
    const seconds = Number(headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(60);
  });

  test('leaves one record of it, however often it comes again', async () => {
    const ask = await limited({ client: 1 });
    await statusesOf(ask, 'burst', 'burst', 'burst', 'burst');
    const records = databaseOf(w.services.connection).collection('AuditEvent');
    const tokens = (outcome: string) => ({
      tokens: { $all: ['agent:identifier=burst', `outcome=${outcome}`] },
    });
    // The read of nothing, and the first that was one too many.
    expect(await records.countDocuments(tokens('4'))).toBe(2);
  });
});

test('the clients of an organisation share what it may ask', async () => {
  const ask = await limited({ organization: 3 });
  const asked = await statusesOf(ask, 'a@clinic', 'b@clinic', 'c@clinic', 'd@clinic', 'e@school', 'f');
  expect(asked).toEqual([404, 404, 404, 429, 404, 404]);
});

describe('an address from which too many cannot prove who they are', () => {
  test('waits, whatever it then brings', async () => {
    const ask = await limited({ address: 2 });
    expect(await statusesOf(ask, 'a', '', '', '', 'a')).toEqual([404, 401, 401, 429, 429]);
  });

  test('is the one that the proxies tell of, where there are some, and never what a caller says itself', async () => {
    const ask = await limited({ address: 1 }, 1);
    const from = async (address: string, caller: string): Promise<number> =>
      (await ask(caller, { 'x-forwarded-for': `10.9.9.9, ${address}` })).status;
    expect([await from('10.0.0.1', ''), await from('10.0.0.1', 'a'), await from('10.0.0.2', 'a')]).toEqual([
      401, 429, 404,
    ]);
    const direct = await limited({ address: 1 });
    const saying = async (address: string): Promise<number> =>
      (await direct('', { 'x-forwarded-for': address })).status;
    expect([await saying('10.0.0.1'), await saying('10.0.0.2')]).toEqual([401, 429]);
  });

  test('is counted, and not recorded one by one', async () => {
    const before = await databaseOf(w.services.connection).collection('AuditEvent').countDocuments();
    const ask = await limited({ address: 5 });
    await statusesOf(ask, '', '', '');
    expect(await databaseOf(w.services.connection).collection('AuditEvent').countDocuments()).toBe(before);
  });
});

describe('the authorization server', () => {
  /** A server whose limit is of the authorization server alone. */
  async function oauth(limit: number): Promise<string> {
    const own = await guarded();
    const limits = { client: 0, organization: 0, address: 0, oauth: limit };
    const app = appOf(own.services, { gate: own.gate, corsOrigins: [], bodyLimit: 1000, limits, proxies: 1 });
    const server = createServer(app).listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    closing.push(async () => {
      server.closeAllConnections();
      server.close();
      await own.end();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/oauth`;
  }
  const from = (address: string, more: Readonly<Record<string, string>> = {}) => ({
    redirect: 'manual' as const,
    headers: { 'x-forwarded-for': address, ...more },
  });

  test.each([
    ['token', 'POST', '/token'],
    ['authorize', 'GET', '/auth?client_id=none'],
    ['registration', 'POST', '/reg'],
    ['the sign-on form', 'POST', '/interaction/none'],
  ])(
    '%s: an address that asks too much waits, in OAuth’s JSON, and others are served',
    async (_what, method, path) => {
      const base = await oauth(2);
      const ask = (address: string): Promise<Response> => fetch(base + path, { method, ...from(address) });
      const first = [await ask('10.0.0.1'), await ask('10.0.0.1')].map(({ status }) => status);
      expect(first).not.toContain(429);
      const late = await ask('10.0.0.1');
      expect([late.status, ((await late.json()) as { error: string }).error]).toEqual([
        429,
        'temporarily_unavailable',
      ]);
      expect(Number(late.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      // By a client that names itself only `authorize` counts it; another address is another's.
      if (!path.includes('client_id')) expect((await ask('10.0.0.2')).status).not.toBe(429);
    },
  );

  test('a client is counted wherever it asks from', async () => {
    const base = await oauth(2);
    const basic = `Basic ${Buffer.from('app:secret').toString('base64')}`;
    const ask = (address: string, authorization: string): Promise<Response> =>
      fetch(`${base}/token`, { method: 'POST', ...from(address, { authorization }) });
    const asked = [await ask('10.0.1.1', basic), await ask('10.0.1.2', basic), await ask('10.0.1.3', basic)];
    expect(asked.map(({ status }) => status === 429)).toEqual([false, false, true]);
  });
});

test('the processes of a machine share what it may take', () => {
  const limits = limitsOf(
    readConfig({ WORKERS: '4', RATE_CLIENT: '1000', RATE_OAUTH: '6', RATE_ADDRESS: '0' }),
  );
  expect(limits).toEqual({ client: 250, organization: 15_000, address: 0, oauth: 2 });
});
