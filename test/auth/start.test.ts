/** What a server refuses to start with, and how its signing keys change. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.ts';
import { serve, type Running } from '../../src/main.ts';
import { markSandbox, sandboxOf } from '../../src/storage/facts.ts';
import { signingKeysOf } from '../../src/storage/signing-keys.ts';
import { patient } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';
import { bearing, guarded, partsOf, tokenOf, withScope } from './bearer.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('a start', () => {
  let folder: string;
  const started: Running[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fhir-iis-start-'));
  });
  afterEach(async () => {
    for (const running of started.splice(0)) {
      await running.services.connection.dropDatabase();
      await running.stop();
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  const start = async (settings: Record<string, string>): Promise<Running> => {
    const config = readConfig({
      ...{ PORT: '0', DATA_DIR: folder, MONGODB_DATABASE: `test_${randomUUID().slice(0, 8)}` },
      ...settings,
    });
    const running = await serve(config, { uri: process.env['TEST_MONGODB_URI'] ?? '' }, silent);
    started.push(running);
    return running;
  };
  const nameOf = (text: string): string =>
    `test_${createHash('sha256').update(text).digest('hex').slice(0, 8)}${randomUUID().slice(0, 4)}`;

  test.each([
    ['an address that others reach', { HOST: '0.0.0.0' }],
    ['a base that others reach', { BASE_URL: 'https://iis.example.org/fhir/R4' }],
  ])('without authorization refuses %s', async (_what, settings) => {
    await expect(start({ AUTH: 'none', ...settings })).rejects.toThrow(/loopback/);
  });

  test('without authorization makes an empty store a sandbox, for ever', async () => {
    const { services } = await start({ AUTH: 'none' });
    expect(await sandboxOf(services.connection)).toBeDefined();
  });

  test('without authorization refuses a store of real people', async () => {
    const w = await world();
    expect(
      (await w.fhir.post('/Patient').set('Content-Type', 'application/fhir+json').send(patient())).status,
    ).toBe(201);
    const store = { MONGODB_DATABASE: w.services.connection.name };
    const keys = { KEYS_DIR: await mkdtemp(join(folder, 'keys-')) };
    await w.services.connection.collection<{ _id: string }>('facts').deleteOne({ _id: 'keys' });
    await w.services.connection.collection('kept_texts').deleteMany({});
    await expect(start({ AUTH: 'none', ...store, ...keys })).rejects.toThrow(/sandbox only/);
    await w.end();
  });

  test('of a sandbox refuses to be reached by others, with authorization too', async () => {
    const MONGODB_DATABASE = nameOf('sandbox');
    const { services } = await start({ AUTH: 'none', MONGODB_DATABASE });
    await markSandbox(services.connection, { seed: 1, people: 1, at: new Date(), complete: true });
    await expect(start({ AUTH: 'smart', MONGODB_DATABASE, HOST: '0.0.0.0' })).rejects.toThrow(/sandbox/);
    const BASE_URL = 'https://iis.example.org/fhir/R4';
    await expect(start({ AUTH: 'smart', MONGODB_DATABASE, BASE_URL })).rejects.toThrow(/sandbox/);
  });

  test('with authorization asks everybody for a token', async () => {
    const { localUrl } = await start({ AUTH: 'smart' });
    expect((await fetch(`${localUrl}/Patient`)).status).toBe(401);
    expect((await fetch(`${localUrl}/metadata`)).status).toBe(200);
  });
});

describe('signing keys', () => {
  let w: World;
  beforeAll(async () => {
    w = await guarded();
  });
  afterAll(() => w.end());

  test('that are new sign from the next start on, and are known to servers that run', async () => {
    const old = tokenOf(w);
    expect((await bearing(w, old)('GET', '/Patient')).status).toBe(200);
    w.clock.advance(60_000);
    await signingKeysOf(w.services.connection, w.rooms.secrets, w.rooms.now).rotate();
    const next = await guarded({ beside: w, at: '2026-11-22T12:01:00.000Z' });
    const kids = partsOf(next).signingKeys.map(({ kid }) => kid);
    expect(kids).toHaveLength(4);
    const { issuer, audience } = partsOf(w);
    const young = tokenOf(next, { iss: issuer, aud: audience });
    expect(young.split('.')[0]).not.toBe(old.split('.')[0]);
    expect((await bearing(w, young)('GET', '/Patient')).status).toBe(200);
    expect((await bearing(w, old)('GET', '/Patient')).status).toBe(200);
    await next.end();
  });

  test('of the time before the last are forgotten', async () => {
    const keys = signingKeysOf(w.services.connection, w.rooms.secrets, w.rooms.now);
    const before = (await keys.all()).map(({ kid }) => kid);
    w.clock.advance(60_000);
    await keys.rotate();
    const after = (await keys.all()).map(({ kid }) => kid);
    expect(after).toHaveLength(4);
    expect(after.filter((kid) => before.includes(kid))).toHaveLength(2);
    expect((await withScope(w, 'system/*.rs')('GET', '/Patient')).status).toBe(200);
  });
});
