import { afterEach, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import {
  startEmbedded,
  type Embedded,
  type EmbeddedOptions,
} from '../../../src/storage/embedded/embedded.ts';
import { until } from '../../../src/storage/embedded/waiting.ts';
import { childServer, type ChildServer } from './child-server.ts';
import { connected, emptyDirectory, hasGone, isRunning, mongodPath, silent } from './place.ts';

const running: Embedded[] = [];
const children: ChildServer[] = [];

async function start(dataDir: string, more: Partial<EmbeddedOptions> = {}): Promise<Embedded> {
  const options = { dataDir, binary: await mongodPath(), cacheDir: dataDir, cacheMb: 256, log: silent };
  const embedded = await startEmbedded({ ...options, ...more });
  running.push(embedded);
  return embedded;
}

/** A server in a process of its own, with its address and the number of its mongod. */
async function startChild(dataDir: string): Promise<{ server: ChildServer; uri: string; mongod: number }> {
  const server = await childServer(dataDir);
  children.push(server);
  const { uri = '', mongod = 0 } = await server.says();
  return { server, uri, mongod };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((embedded) => embedded.stop()));
  await Promise.all(children.splice(0).map((child) => child.end('SIGKILL')));
});

/** Writes one after the other until the server is gone; returns how many were acknowledged. */
async function writeUntilKilled(uri: string, kill: () => void): Promise<number> {
  let acknowledged = 0;
  const write = connected(uri, async (client) => {
    for (; ; acknowledged += 1) {
      await client.db().collection<{ _id: number }>('doses').insertOne({ _id: acknowledged });
      if (acknowledged === 300) kill();
    }
  });
  await expect(write).rejects.toThrow();
  return acknowledged;
}

/** The numbers that should be there and are not. */
async function lost(uri: string, acknowledged: number): Promise<number[]> {
  const found = await connected(uri, (client) =>
    client.db().collection<{ _id: number }>('doses').find().toArray(),
  );
  const there = new Set(found.map(({ _id }) => _id));
  return Array.from({ length: acknowledged }, (_, n) => n).filter((n) => !there.has(n));
}

describe('after kill -9 of mongod', () => {
  test('the server is told once, and the next start has every acknowledged write', async () => {
    const dataDir = await emptyDirectory();
    const reasons: string[] = [];
    const first = await start(dataDir, { onExit: (why) => reasons.push(why) });
    const acknowledged = await writeUntilKilled(first.uri, () => process.kill(first.pid, 'SIGKILL'));
    expect(acknowledged).toBeGreaterThanOrEqual(300);
    await until(() => Promise.resolve(reasons.length > 0), { everyMs: 20, ms: 45_000 });
    expect(reasons).toEqual([expect.stringContaining(`process ${first.pid}) has ended: ended by signal 9`)]);
    const second = await start(dataDir);
    expect(await lost(second.uri, acknowledged)).toEqual([]);
    await first.stop();
    expect(isRunning(second.pid)).toBe(true);
    expect(reasons).toHaveLength(1);
  });

  test('nothing acknowledged is lost even where the port has been taken meanwhile', async () => {
    const dataDir = await emptyDirectory();
    const first = await start(dataDir);
    const acknowledged = await writeUntilKilled(first.uri, () => process.kill(first.pid, 'SIGKILL'));
    const port = Number(new URL(first.uri).port);
    const squatter = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
    try {
      const second = await start(dataDir);
      expect(new URL(second.uri).port).not.toBe(String(port));
      expect(await lost(second.uri, acknowledged)).toEqual([]);
    } finally {
      squatter.close();
    }
  });
});

describe('after kill -9 of the server', () => {
  test('mongod stops by itself', async () => {
    const { server, mongod } = await startChild(await emptyDirectory());
    expect(isRunning(mongod)).toBe(true);
    await server.end('SIGKILL');
    expect(await hasGone(mongod)).toBe(true);
  });

  test('the next start has every acknowledged write, even while the old mongod is still stopping', async () => {
    const dataDir = await emptyDirectory();
    const { server, uri, mongod } = await startChild(dataDir);
    const acknowledged = await writeUntilKilled(uri, () => server.process.kill('SIGKILL'));
    const second = await start(dataDir);
    expect(await lost(second.uri, acknowledged)).toEqual([]);
    expect(isRunning(mongod)).toBe(false);
  });

  test('and of mongod with it, the next start has every acknowledged write', async () => {
    const dataDir = await emptyDirectory();
    const { server, uri, mongod } = await startChild(dataDir);
    const acknowledged = await writeUntilKilled(uri, () => {
      server.process.kill('SIGKILL');
      process.kill(mongod, 'SIGKILL');
    });
    const second = await start(dataDir);
    expect(await lost(second.uri, acknowledged)).toEqual([]);
  });

  test.each([300, 700, 1100])('%i ms into the very first start, the next one works', async (ms) => {
    const dataDir = await emptyDirectory();
    const server = await childServer(dataDir);
    children.push(server);
    await new Promise((resolve) => setTimeout(resolve, ms));
    await server.end('SIGKILL');
    const next = await start(dataDir);
    await connected(next.uri, (client) => client.db().collection('doses').insertOne({ lot: 'A1' }));
  });
});
