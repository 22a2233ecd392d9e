import { afterEach, describe, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { createServer } from 'node:net';
import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbedded, type Embedded } from '../../../src/storage/embedded/embedded.ts';
import { connected, emptyDirectory, hasGone, isRunning, mongodPath, silent } from './place.ts';

const running: Embedded[] = [];
async function start(dataDir: string): Promise<Embedded> {
  const binary = await mongodPath();
  const embedded = await startEmbedded({ dataDir, binary, cacheDir: dataDir, cacheMb: 256, log: silent });
  running.push(embedded);
  return embedded;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((embedded) => embedded.stop()));
});

const portOf = (uri: string): string => new URL(uri).port;

describe('the embedded MongoDB', () => {
  test('keeps data, credentials and port from one run to the next', async () => {
    const dataDir = join(await emptyDirectory(), 'data');
    const first = await start(dataDir);
    await connected(first.uri, (client) => client.db().collection('doses').insertOne({ lot: 'A1' }));
    await first.stop();
    const second = await start(dataDir);
    expect(second.uri).toBe(first.uri);
    const found = await connected(second.uri, (client) => client.db().collection('doses').find().toArray());
    expect(found).toMatchObject([{ lot: 'A1' }]);
  });

  test('runs transactions under mongoose', async () => {
    const { uri } = await start(await emptyDirectory());
    const connection = await mongoose.createConnection(uri).asPromise();
    try {
      await connection.transaction(async (session) => {
        await connection.collection('a').insertOne({ n: 1 }, { session });
        await connection.collection('b').insertOne({ n: 1 }, { session });
      });
      const failed = connection.transaction(async (session) => {
        await connection.collection('a').insertOne({ n: 2 }, { session });
        throw new Error('changed my mind');
      });
      await expect(failed).rejects.toThrow('changed my mind');
      expect(await connection.collection('a').countDocuments()).toBe(1);
      expect(await connection.collection('b').countDocuments()).toBe(1);
    } finally {
      await connection.close();
    }
  });

  test('refuses whoever has no password, even to make a first user', async () => {
    const { uri } = await start(await emptyDirectory());
    const open = `mongodb://127.0.0.1:${portOf(uri)}/?directConnection=true`;
    await connected(open, async (client) => {
      const admin = client.db('admin');
      await expect(client.db('fhir-iis').collection('doses').findOne()).rejects.toMatchObject({ code: 13 });
      await expect(admin.command({ listDatabases: 1 })).rejects.toMatchObject({ code: 13 });
      await expect(admin.command({ createUser: 'eve', pwd: 'x', roles: ['root'] })).rejects.toMatchObject({
        code: 13,
      });
    });
    const wrong = uri.replace(/:[^:@/]+@/, ':wrong@');
    await expect(connected(wrong, () => Promise.resolve())).rejects.toMatchObject({ code: 18 });
  });

  test('listens on the loopback only', async () => {
    const { pid, uri } = await start(await emptyDirectory());
    const connections = (await readFile(`/proc/${pid}/net/tcp`, 'utf8')).split('\n');
    const hexPort = Number(portOf(uri)).toString(16).toUpperCase().padStart(4, '0');
    const listening = connections.filter((line) => line.includes(`:${hexPort} `) && / 0A /.test(line));
    expect(listening.map((line) => line.trim().split(/\s+/)[1])).toEqual([`0100007F:${hexPort}`]);
  });

  test('shows its files to no other user', async () => {
    const dataDir = join(await emptyDirectory(), 'data');
    await start(dataDir);
    const modes = async (...path: string[]): Promise<number> =>
      (await stat(join(dataDir, ...path))).mode & 0o777;
    expect(await modes()).toBe(0o700);
    expect(await modes('mongodb')).toBe(0o700);
    expect(await modes('mongodb', 'db')).toBe(0o700);
    for (const file of ['keyfile', 'password', 'mongod.log'])
      expect(await modes('mongodb', file)).toBe(0o600);
  });

  test('leaves a directory that holds other things as open as it was, and closes its own', async () => {
    const dataDir = await emptyDirectory();
    await mkdir(join(dataDir, 'other'));
    await chmod(dataDir, 0o755);
    await start(dataDir);
    expect((await stat(dataDir)).mode & 0o777).toBe(0o755);
    expect((await stat(join(dataDir, 'mongodb'))).mode & 0o777).toBe(0o700);
  });

  test('is stopped cleanly, and may be told to stop again', async () => {
    const dataDir = await emptyDirectory();
    const embedded = await start(dataDir);
    expect(isRunning(embedded.pid)).toBe(true);
    await embedded.stop();
    await embedded.stop();
    expect(await hasGone(embedded.pid)).toBe(true);
    expect((await stat(join(dataDir, 'mongodb', 'db', 'mongod.lock'))).size).toBe(0);
  });

  test('goes to another port where somebody has taken the one it had', async () => {
    const dataDir = await emptyDirectory();
    const first = await start(dataDir);
    await connected(first.uri, (client) => client.db().collection('doses').insertOne({ lot: 'A1' }));
    await first.stop();
    const squatter = createServer((socket) => socket.destroy()).listen(
      Number(portOf(first.uri)),
      '127.0.0.1',
    );
    try {
      const second = await start(dataDir);
      expect(portOf(second.uri)).not.toBe(portOf(first.uri));
      const found = await connected(second.uri, (client) => client.db().collection('doses').countDocuments());
      expect(found).toBe(1);
    } finally {
      squatter.close();
    }
  });

  test('makes a new password and key where they were lost, and keeps the data', async () => {
    const dataDir = await emptyDirectory();
    const first = await start(dataDir);
    await connected(first.uri, (client) => client.db().collection('doses').insertOne({ lot: 'A1' }));
    await first.stop();
    await rm(join(dataDir, 'mongodb', 'password'));
    await rm(join(dataDir, 'mongodb', 'keyfile'));
    const second = await start(dataDir);
    expect(second.uri).not.toBe(first.uri);
    expect(await connected(second.uri, (client) => client.db().collection('doses').countDocuments())).toBe(1);
    await expect(connected(first.uri, () => Promise.resolve())).rejects.toMatchObject({ code: 18 });
  });

  test('says what mongod said where it cannot start', async () => {
    const dataDir = await emptyDirectory();
    await mkdir(join(dataDir, 'mongodb', 'db'), { recursive: true });
    await writeFile(join(dataDir, 'mongodb', 'db', 'storage.bson'), 'not BSON');
    await expect(start(dataDir)).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(/did not start/),
    });
    await rm(join(dataDir, 'mongodb', 'db'), { recursive: true });
    await expect(start(dataDir)).resolves.toBeDefined();
  });

  test('refuses a cache that is smaller than WiredTiger takes', async () => {
    const dataDir = await emptyDirectory();
    const started = startEmbedded({ dataDir, cacheDir: dataDir, cacheMb: 128, log: silent });
    await expect(started).rejects.toMatchObject({ kind: 'invalid-value' });
  });
});
