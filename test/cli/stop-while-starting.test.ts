/** A server that is stopped while it starts ends as cleanly as one that runs. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import mongoose from 'mongoose';

const PROGRAM = fileURLToPath(new URL('../../src/cli/fhir-iis.ts', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'fhir-iis-stop-'));
const uri = process.env['TEST_MONGODB_URI'] ?? '';
const database = `test_${randomUUID().replaceAll('-', '').slice(0, 20)}`;

afterAll(async () => {
  rmSync(dataDir, { recursive: true, force: true });
  const connection = await mongoose.createConnection(uri, { dbName: database }).asPromise();
  await connection.dropDatabase();
  await connection.close();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('It ends without a word as soon as it is told to, whatever it was doing', async () => {
  const port = await freePort();
  const child = spawn(process.execPath, [PROGRAM, 'start', '--no-sandbox'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      DATA_DIR: dataDir,
      MONGODB_URI: uri,
      MONGODB_DATABASE: database,
      AUTH: 'none',
      PORT: String(port),
      LOG_LEVEL: 'silent',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => void (said += String(chunk)));
  const ended = once(child, 'exit') as Promise<[number | null]>;
  // The port is open before the rooms are: whatever it answers, it has begun.
  const begun = async (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/fhir/R4/metadata`).then(
      () => true,
      () => false,
    );
  while (child.exitCode === null && !(await begun())) await pause(10);
  child.kill('SIGTERM');
  expect([await ended, said]).toEqual([[0, null], '']);
});
