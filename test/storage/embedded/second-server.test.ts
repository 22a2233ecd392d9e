import { afterEach, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { startEmbedded, type Embedded } from '../../../src/storage/embedded/embedded.ts';
import { childServer, type ChildServer } from './child-server.ts';
import { connected, emptyDirectory, isRunning, mongodPath, silent } from './place.ts';

const running: Embedded[] = [];
const children: ChildServer[] = [];

async function start(dataDir: string): Promise<Embedded> {
  const options = { dataDir, binary: await mongodPath(), cacheDir: dataDir, cacheMb: 256, log: silent };
  const embedded = await startEmbedded(options);
  running.push(embedded);
  return embedded;
}

/** A server in a process of its own, with the number of its mongod. */
async function startChild(dataDir: string): Promise<{ server: ChildServer; mongod: number }> {
  const server = await childServer(dataDir);
  children.push(server);
  const { mongod = 0 } = await server.says();
  return { server, mongod };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((embedded) => embedded.stop()));
  await Promise.all(children.splice(0).map((child) => child.end('SIGKILL')));
});

describe('a second server on the same data directory', () => {
  test('is refused with the number of the first, in the same process and in another, and does it no harm', async () => {
    const dataDir = await emptyDirectory();
    const first = await start(dataDir);
    const refusal = `${dataDir} is in use by a server that is running (process ${process.pid})`;
    await expect(start(dataDir)).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining(refusal) as unknown,
    });
    const second = await childServer(dataDir);
    children.push(second);
    expect((await second.says()).refused).toContain(refusal);
    await connected(first.uri, (client) => client.db().collection('doses').insertOne({ lot: 'A1' }));
  });

  test('may start when the first has been stopped', async () => {
    const dataDir = await emptyDirectory();
    const { server, mongod } = await startChild(dataDir);
    await server.end('SIGTERM');
    expect(isRunning(mongod)).toBe(false);
    await expect(start(dataDir)).resolves.toBeDefined();
  });

  test('of two that start at the same moment, never both run', async () => {
    const dataDir = await emptyDirectory();
    const both = await Promise.allSettled([start(dataDir), start(dataDir)]);
    expect(both.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
    await Promise.all(running.splice(0).map((embedded) => embedded.stop()));
    await expect(start(dataDir)).resolves.toBeDefined();
  });
});

describe('a signal from the terminal', () => {
  test('to the process group of the server leaves mongod to the server', async () => {
    const { server, mongod } = await startChild(await emptyDirectory());
    const group = async (pid: number): Promise<string | undefined> =>
      (await readFile(`/proc/${pid}/stat`, 'utf8')).split(' ')[4];
    expect(await group(mongod)).not.toBe(await group(server.process.pid ?? 0));
  });
});
