/** Bodies that are too much, or not the archive they say they are. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { request } from 'node:http';
import { call, countsOf, made, type Seen } from '../../world/requests.ts';
import { patient } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';
import { refuses } from './refusal.ts';

const LIMIT = 1_000_000;
const good = JSON.stringify(patient());
let w: World;
let ana: Seen;
beforeAll(async () => {
  w = await world({ bodyLimit: LIMIT });
  ana = await made(w, patient());
});
afterAll(async () => {
  // After all of it the server serves.
  expect((await call(w, 'GET', `/Patient/${ana.id}`)).body).toEqual(ana);
  await w.end();
});

test('a body of one byte more than the limit is 413', async () => {
  const body = good + ' '.repeat(LIMIT + 1 - good.length);
  await refuses(w, [413], ['POST', '/Patient', { body }]);
});

/** Writes until the server has had enough, with or without saying beforehand how much it will be. */
function pour(size: number, headers: Readonly<Record<string, string | number>>): Promise<number> {
  const chunk = Buffer.alloc(65_536, ' ');
  return new Promise((done) => {
    const sending = request(`${w.url}/Patient`, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json', ...headers },
    });
    let isAnswered = false;
    sending.on('response', (response) => {
      isAnswered = true;
      response.resume();
      done(response.statusCode ?? 0);
    });
    // The server may cut the line once it has said so.
    sending.on('error', () => {
      if (!isAnswered) done(0);
    });
    let left = size;
    const write = (): void => {
      while (left > 0 && !isAnswered) {
        left -= chunk.length;
        if (!sending.write(chunk)) {
          sending.once('drain', write);
          return;
        }
      }
      sending.end();
    };
    write();
  });
}

test('a body of a hundred megabytes is 413, announced or not', async () => {
  const before = await countsOf(w);
  const size = 1600 * 65_536;
  expect([413, 0]).toContain(await pour(size, { 'content-length': size }));
  expect([413, 0]).toContain(await pour(size, { 'transfer-encoding': 'chunked' }));
  expect(await countsOf(w)).toEqual(before);
  expect(w.logged).toEqual([]);
});

test('a small archive of a large body is 413', async () => {
  const bomb = Buffer.alloc(64_000_000, ' ');
  const gzip = { 'content-type': 'application/fhir+json', 'content-encoding': 'gzip' };
  await refuses(w, [413], ['POST', '/Patient', { body: new Uint8Array(gzipSync(bomb)), headers: gzip }]);
  const brotli = { ...gzip, 'content-encoding': 'br' };
  await refuses(
    w,
    [413],
    [
      'POST',
      '/Patient',
      { body: new Uint8Array(brotliCompressSync(bomb.subarray(0, 8_000_000))), headers: brotli },
    ],
  );
});

test('an archive that is none is 400, one of an unknown kind 415; a good one is read', async () => {
  const headers = (encoding: string): Record<string, string> => ({
    'content-type': 'application/fhir+json',
    'content-encoding': encoding,
  });
  const archive = new Uint8Array(gzipSync(good));
  await refuses(w, [400], ['POST', '/Patient', { body: good, headers: headers('gzip') }]);
  await refuses(w, [400], ['POST', '/Patient', { body: archive.slice(0, -9), headers: headers('gzip') }]);
  await refuses(w, [400], ['POST', '/Patient', { body: good, headers: headers('deflate') }]);
  await refuses(w, [400], ['POST', '/Patient', { body: good, headers: headers('br') }]);
  await refuses(w, [415], ['POST', '/Patient', { body: good, headers: headers('zip') }]);
  await refuses(w, [415], ['POST', '/Patient', { body: archive, headers: headers('gzip, gzip') }]);
  const body = new Uint8Array(gzipSync(JSON.stringify(patient())));
  expect((await call(w, 'POST', '/Patient', { body, headers: headers('gzip') })).status).toBe(201);
});
