import { afterAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { hasGone, isRunning } from '../storage/embedded/place.ts';
import { clear, dataFolder, PROGRAM, send, settings, start, type Got, type Running } from './server.ts';

afterAll(clear);

const WRITERS = 4;
/** Acknowledged writes after which what is tested happens. */
const ENOUGH = 40;

const person = (system: string, value: string): object => ({
  resourceType: 'Patient',
  identifier: [{ system, value }],
  name: [{ family: 'Marković', given: ['Ana'] }],
  birthDate: '2024-03-01',
});

/** One thing that a caller wants done once; it sends it again, as it was, until it has an answer. */
interface Wish {
  readonly system: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The id that the server acknowledged. */
  id?: string;
}

const ask = ({ system, value, headers }: Wish, server: Running): Promise<Got | undefined> =>
  send(server, 'POST', '/Patient', { body: person(system, value), headers });

/** A conditional create, and one with an Idempotency-Key. */
const wishes = (value: string): Wish[] => [
  { system: 'urn:once', value, headers: { 'If-None-Exist': `identifier=urn:once|${value}` } },
  { system: 'urn:keyed', value, headers: { 'Idempotency-Key': `key-${value}` } },
];

interface Written {
  readonly wishes: Wish[];
  /** The resource that all update. */
  readonly hot: string;
  /** Its versions that were acknowledged. */
  readonly versions: Set<number>;
}

/** Writes in parallel until nobody answers any more; calls when enough was acknowledged. */
async function writeUntilDead(server: Running, onEnough: () => void): Promise<Written> {
  let acknowledged = 0;
  const hot = String((await send(server, 'POST', '/Patient', { body: person('urn:hot', '1') }))?.body['id']);
  const written: Written = { wishes: [], hot, versions: new Set([1]) };
  const creates = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let n = 0; ; n += 1) {
      for (const wish of wishes(`${writer}-${n}`)) {
        written.wishes.push(wish);
        const got = await ask(wish, server);
        if (got === undefined || got.status >= 500) return;
        expect(got.status).toBe(201);
        wish.id = String(got.body['id']);
        acknowledged += 1;
        if (acknowledged === ENOUGH) onEnough();
      }
    }
  });
  const updates = Array.from({ length: 2 }, async (_, writer) => {
    for (let n = 0; ; n += 1) {
      const body = {
        ...person('urn:hot', '1'),
        id: hot,
        telecom: [{ system: 'phone', value: `${writer}-${n}` }],
      };
      const got = await send(server, 'PUT', `/Patient/${hot}`, { body });
      if (got === undefined || got.status >= 500) return;
      if (got.status === 200)
        written.versions.add(Number((got.body['meta'] as { versionId: string }).versionId));
    }
  });
  await Promise.all([...creates, ...updates]);
  return written;
}

interface Page {
  readonly entry?: readonly {
    readonly resource: { readonly id: string; readonly identifier: readonly { readonly value: string }[] };
  }[];
  readonly link?: readonly { readonly relation: string; readonly url: string }[];
}

/** Ids of all that is stored under a system, by value. */
async function stored(server: Running, system: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  let path: string | undefined = `/Patient?identifier=${encodeURIComponent(`${system}|`)}&_count=500`;
  while (path !== undefined) {
    const got: Got | undefined = await send(server, 'GET', path);
    const { entry = [], link = [] } = (got?.body ?? {}) as Page;
    for (const { resource } of entry) collect(found, resource.identifier[0]?.value, resource.id);
    const next = link.find(({ relation }) => relation === 'next');
    path = next?.url.replace(/^.*?(?=\/Patient)/, '');
  }
  return found;
}

const collect = (found: Map<string, string[]>, value = '', id: string): void =>
  void found.set(value, [...(found.get(value) ?? []), id]);

/** What was acknowledged is there, once; what was not can be sent again and then is there, once. */
async function checkWishes(server: Running, { wishes: all }: Written): Promise<void> {
  const before = {
    'urn:once': await stored(server, 'urn:once'),
    'urn:keyed': await stored(server, 'urn:keyed'),
  };
  const idsIn = (where: typeof before, { system, value }: Wish): readonly string[] =>
    where[system as keyof typeof before].get(value) ?? [];
  const acknowledged = all.filter(({ id }) => id !== undefined);
  expect(acknowledged.length).toBeGreaterThanOrEqual(ENOUGH);
  for (const wish of acknowledged) expect([wish.value, idsIn(before, wish)]).toEqual([wish.value, [wish.id]]);
  await Promise.all(
    all.map(async (wish) => {
      const got = await ask(wish, server);
      expect([200, 201]).toContain(got?.status);
      if (wish.id !== undefined && got?.body['id'] !== undefined) expect(got.body['id']).toBe(wish.id);
    }),
  );
  const after = {
    'urn:once': await stored(server, 'urn:once'),
    'urn:keyed': await stored(server, 'urn:keyed'),
  };
  for (const wish of all) expect([wish.value, idsIn(after, wish).length]).toEqual([wish.value, 1]);
}

/** The history has every version from the first to the last, and among them all that were acknowledged. */
async function checkHistory(server: Running, { hot, versions }: Written): Promise<void> {
  const current = await send(server, 'GET', `/Patient/${hot}`);
  const last = Number((current?.body['meta'] as { versionId: string }).versionId);
  const reads = Array.from({ length: last }, (_, n) =>
    send(server, 'GET', `/Patient/${hot}/_history/${n + 1}`),
  );
  expect((await Promise.all(reads)).map((got) => got?.status)).toEqual(Array(last).fill(200));
  expect(Math.max(...versions)).toBeLessThanOrEqual(last);
  // Both writers may have been cut off before they were told.
  expect(last).toBeLessThanOrEqual(Math.max(...versions) + 2);
  const page = await send(server, 'GET', `/Patient/${hot}/_history?_count=500`);
  const entries = page?.body['entry'] as { resource: { meta: { versionId: string } } }[];
  const shown = entries.map(({ resource }) => Number(resource.meta.versionId));
  expect(shown).toEqual(Array.from({ length: shown.length }, (_, n) => last - n));
}

/** Every write that was acknowledged left its record. */
async function checkAudit(server: Running, { wishes: all }: Written): Promise<void> {
  const some = all.filter(({ id }) => id !== undefined).slice(-8);
  for (const { id = '' } of some) {
    const found = await send(server, 'GET', `/AuditEvent?patient=${id}&_summary=count`);
    expect(found?.body['total']).toBeGreaterThanOrEqual(1);
  }
}

/** The chains of records are whole, as far as their processes came; a server may run meanwhile. */
async function checkChains(dataDir: string): Promise<string> {
  const env = await settings(dataDir);
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'audit', 'verify'], { env });
  const said = `${String(stdout)}${String(stderr)}`;
  expect([said, status]).toEqual([expect.stringContaining('The log is whole.'), 0]);
  return said;
}

describe('when the server is killed while it writes', () => {
  test('the next start has all that was acknowledged, once, and takes up what was not', async () => {
    const dataDir = await dataFolder();
    const first = await start(dataDir);
    const written = await writeUntilDead(first, () => first.process.kill('SIGKILL'));
    const second = await start(dataDir);
    expect(isRunning(first.mongod)).toBe(false);
    await checkAudit(second, written);
    await checkWishes(second, written);
    await checkHistory(second, written);
    expect(await checkChains(dataDir)).toContain('broken-off');
    second.process.kill('SIGINT');
    expect(await second.ended).toBe(0);
    expect(await hasGone(second.mongod)).toBe(true);
  }, 180_000);
});

describe('when MongoDB is killed while it writes', () => {
  test('the server ends and says so, and the next start has all that was acknowledged, once', async () => {
    const dataDir = await dataFolder();
    const first = await start(dataDir);
    const written = await writeUntilDead(first, () => process.kill(first.mongod, 'SIGKILL'));
    expect(await first.ended).toBe(1);
    const second = await start(dataDir);
    await checkAudit(second, written);
    await checkWishes(second, written);
    await checkHistory(second, written);
    second.process.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    await checkChains(dataDir);
  }, 180_000);
});

describe('when the server is told to stop while it writes', () => {
  test('it answers what is under way, stops and leaves no process', async () => {
    const dataDir = await dataFolder();
    const server = await start(dataDir);
    const written = await writeUntilDead(server, () => server.process.kill('SIGINT'));
    expect(await server.ended).toBe(0);
    expect(isRunning(server.mongod)).toBe(false);
    const next = await start(dataDir);
    await checkWishes(next, written);
    next.process.kill('SIGTERM');
    expect(await next.ended).toBe(0);
    expect(await checkChains(dataDir)).not.toContain('broken-off');
  }, 180_000);
});
