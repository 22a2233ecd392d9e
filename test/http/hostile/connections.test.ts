/** Connections that misbehave, against a server as it is started: each is told why, or cut, and the next one is served. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../../src/config.ts';
import type { Log } from '../../../src/core/log.ts';
import { serve, type Running } from '../../../src/main.ts';
import { call, type Reply } from '../../world/requests.ts';
import { patient } from '../../world/resources.ts';
import { tellsNothing } from './refusal.ts';

const logged: unknown[] = [];
const log: Log = {
  info: () => undefined,
  warn: (facts) => void logged.push(facts),
  error: (facts) => void logged.push(facts),
};
let folder: string;
let running: Running;
let port: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fhir-iis-hostile-'));
  const uri = process.env['TEST_MONGODB_URI'] ?? '';
  const config = readConfig({
    AUTH: 'none',
    PORT: '0',
    REQUEST_SECONDS: '1',
    MONGODB_URI: uri,
    MONGODB_DATABASE: `test_${randomUUID().slice(0, 8)}`,
    DATA_DIR: folder,
    KEYS_DIR: join(folder, 'keys'),
  });
  running = await serve(config, { uri }, log);
  port = Number(new URL(running.localUrl).port);
});
afterAll(async () => {
  await running.services.connection.dropDatabase();
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

const count = async (): Promise<number> =>
  (await running.services.connection.db?.collection('Patient').countDocuments()) ?? -1;
const post = (): Promise<Reply> => call({ url: running.localUrl }, 'POST', '/Patient', { body: patient() });

/** What comes back, byte by byte as it was sent, until the server closes or a while has passed. */
function exchange(act: (socket: Socket) => void, patience = 50_000): Promise<string> {
  return new Promise((done) => {
    const socket = connect(port, 'localhost');
    let text = '';
    const end = (): void => {
      clearTimeout(timer);
      socket.destroy();
      done(text);
    };
    const timer = setTimeout(end, patience);
    socket.on('data', (part) => (text += part.toString()));
    socket.on('close', end);
    socket.on('error', () => undefined);
    socket.on('connect', () => {
      act(socket);
    });
  });
}

const HEAD = 'POST /fhir/R4/Patient HTTP/1.1\r\nHost: x\r\nContent-Type: application/fhir+json\r\n';

/** The answer is of one of the statuses, with an outcome, and nobody learns anything from it. */
function isRefused(text: string, ...statuses: number[]): void {
  expect(statuses).toContain(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]));
  expect(text).toContain('"resourceType":"OperationOutcome"');
  tellsNothing(text, logged);
}

test('a body that never comes is 408', async () => {
  const before = await count();
  isRefused(await exchange((socket) => void socket.write(`${HEAD}Content-Length: 1000\r\n\r\n`)), 408);
  expect(await count()).toBe(before);
});

test('a body that comes drop by drop is 408', async () => {
  const before = await count();
  const text = await exchange((socket) => {
    socket.write(`${HEAD}Content-Length: 1000\r\n\r\n{`);
    const drops = setInterval(() => socket.write(' '), 100);
    socket.on('close', () => {
      clearInterval(drops);
    });
  });
  isRefused(text, 408);
  expect(await count()).toBe(before);
});

test('headers that come drop by drop are 408', async () => {
  const text = await exchange((socket) => {
    socket.write('GET /fhir/R4/Patient/x HTTP/1.1\r\n');
    const drops = setInterval(() => socket.write('X: y\r\n'), 100);
    socket.on('close', () => {
      clearInterval(drops);
    });
  });
  isRefused(text, 408);
});

test('headers and URLs beyond the limit are 431', async () => {
  isRefused(
    await exchange((socket) => void socket.write(`${HEAD}X-Large: ${'x'.repeat(40_000)}\r\n\r\n`)),
    431,
  );
  const url = `/fhir/R4/Patient?family=${'x'.repeat(40_000)}`;
  isRefused(await exchange((socket) => void socket.write(`GET ${url} HTTP/1.1\r\nHost: x\r\n\r\n`)), 431);
});

test.each([
  ['no HTTP at all', '\u0016\u0003\u0001\u0002\u0000'],
  ['a method that is none', 'FROBNICATE /fhir/R4/Patient HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a version that is none', 'GET /fhir/R4/Patient HTTP/9.9\r\nHost: x\r\n\r\n'],
  ['a length that is none', `${HEAD}Content-Length: many\r\n\r\n`],
  ['two lengths', `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
  ['a length and chunks', `${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['a chunk that is none', `${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`],
  ['a header name with a blank', 'GET /fhir/R4/Patient HTTP/1.1\r\nHost: x\r\nX Y: z\r\n\r\n'],
  ['a NUL in a header', 'GET /fhir/R4/Patient HTTP/1.1\r\nHost: x\r\nX: \u0000\r\n\r\n'],
])('%s is 400', async (_what, bytes) => {
  const before = await count();
  isRefused(await exchange((socket) => void socket.write(bytes)), 400);
  expect(await count()).toBe(before);
});

test('a caller that goes away in the middle leaves nothing', async () => {
  const before = await count();
  for (const part of [HEAD, `${HEAD}Content-Length: 500\r\n\r\n{"resourceType":"Patient",`]) {
    await exchange((socket) => {
      socket.write(part);
      setTimeout(() => socket.resetAndDestroy(), 100);
    });
  }
  expect(await count()).toBe(before);
});

test('many connections that say nothing do not keep others from being served', async () => {
  const idle = Array.from({ length: 200 }, () => connect(port, 'localhost').on('error', () => undefined));
  expect((await post()).status).toBe(201);
  for (const socket of idle) socket.destroy();
});

test('after all of it the server serves, and has nothing to report', async () => {
  expect((await post()).status).toBe(201);
  expect(logged).toEqual([]);
});
