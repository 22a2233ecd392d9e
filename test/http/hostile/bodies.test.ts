/** Bodies that nobody should send: each is refused with the right status and leaves nothing. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { request } from 'node:http';
import { call, countsOf, made, type Seen } from '../../world/requests.ts';
import { dose, patient } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';
import { refuses, SECRET } from './refusal.ts';

const LIMIT = 1_000_000;
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

const good = JSON.stringify(patient({ name: [{ family: SECRET }] }));
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
/** The good body with some of its bytes in place of the letters XX. */
const withBytes = (...some: number[]): Uint8Array<ArrayBuffer> => {
  const [before = '', after = ''] = good.replace(SECRET, 'XX').split('XX');
  return Uint8Array.from([...bytes(before), ...some, ...bytes(after)]);
};
const nested = (open: string, close: string, times: number): string =>
  open.repeat(times) + close.repeat(times);

const NO_JSON: readonly (readonly [string, string | Uint8Array<ArrayBuffer>])[] = [
  ['nothing', ''],
  ['blanks', '   \n'],
  ['half an object', good.slice(0, -1)],
  ['two objects', good + good],
  ['a comma too many', good.replace(/\}$/, ',}')],
  ['single quotes', good.replaceAll('"', "'")],
  ['a comment', `/* x */${good}`],
  ['NaN', good.replace('"unknown"', 'NaN')],
  ['a bare word', 'undefined'],
  ['a number with a leading zero', good.replace('"unknown"', '007')],
  ['a tab inside a text', good.replace(SECRET, `${SECRET}\t`)],
  ['a NUL inside a text', good.replace(SECRET, `${SECRET}\u0000`)],
  ['an escaped NUL', good.replace(SECRET, `${SECRET}\\u0000`)],
  ['an escape that is none', good.replace(SECRET, '\\x41')],
  ['half a surrogate pair', good.replace(SECRET, '\\ud800')],
  ['surrogates in the wrong order', good.replace(SECRET, '\\udc00\\ud800')],
  ['a byte-order mark', `\ufeff${good}`],
  ['bytes that are no UTF-8', withBytes(0xff, 0xfe)],
  ['a surrogate in UTF-8', withBytes(0xed, 0xa0, 0x80)],
  ['an overlong slash', withBytes(0xc0, 0xaf)],
  ['UTF-16', Uint8Array.from(Buffer.from(good, 'utf16le'))],
  ['a name twice', good.replace('"name"', '"name":[],"name"')],
  ['a name twice, deep inside', good.replace('"family"', '"family":"x","family"')],
  ['a name twice, spelt differently', good.replace('"name"', '"n\\u0061me":[],"name"')],
  ['__proto__', good.replace('"name"', '"__proto__":{"admin":true},"name"')],
  ['__proto__, escaped', good.replace('"name"', '"\\u005f_proto__":{"admin":true},"name"')],
  ['__proto__, deep inside', good.replace('"family"', '"__proto__":{"text":"x"},"family"')],
  ['ten thousand lists', nested('[', ']', 10_000)],
  ['ten thousand objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ['ten thousand levels in a resource', good.replace('"unknown"', nested('[', ']', 10_000))],
  ['levels that never close', '['.repeat(100_000)],
];

const NO_RESOURCE: readonly (readonly [string, string])[] = [
  ['null', 'null'],
  ['true', 'true'],
  ['a number', '42'],
  ['a text', '"Patient"'],
  ['a list', `[${good}]`],
  ['an object without a type', '{"name":[]}'],
  ['a type that is no text', '{"resourceType":{"$ne":"x"}}'],
  ['a type of the prototype', '{"resourceType":"constructor"}'],
  ['a type of toString', '{"resourceType":"toString"}'],
  ['a type that FHIR does not have', '{"resourceType":"Patients"}'],
  [
    'the constructor as a property',
    good.replace('"name"', '"constructor":{"prototype":{"admin":true}},"name"'),
  ],
  ['a number beyond all numbers', good.replace('"unknown"', '1e999')],
  [
    'a hundred thousand names',
    good.replace(/\}$/, `,${Array.from({ length: 50_000 }, (_, n) => `"a${n}":1`).join(',')}}`),
  ],
  ['a hundred thousand list items', good.replace('"unknown"', `[${'1,'.repeat(99_999)}1]`)],
  ['an operator', good.replace('"unknown"', '{"$gt":""}')],
  ['Binary of an extended JSON', good.replace('"unknown"', '{"$oid":"5f5f5f5f5f5f5f5f5f5f5f5f"}')],
];

describe('what is no JSON', () => {
  test.each(NO_JSON)('%s: as a new resource, an update, a Bundle and a patch', async (_what, body) => {
    const patch = { 'content-type': 'application/json-patch+json' };
    await refuses(w, [400], ['POST', '/Patient', { body }]);
    await refuses(w, [400], ['PUT', `/Patient/${ana.id}`, { body }]);
    await refuses(w, [400], ['POST', '', { body }]);
    await refuses(w, [400], ['PATCH', `/Patient/${ana.id}`, { body, headers: patch }]);
    await refuses(w, [400, 404], ['POST', `/Patient/${ana.id}/$nothing`, { body }]);
  });
});

describe('what is JSON, and no resource', () => {
  test.each(NO_RESOURCE)('%s', async (_what, body) => {
    await refuses(w, [400], ['POST', '/Patient', { body }]);
    await refuses(w, [400], ['PUT', `/Patient/${ana.id}`, { body }]);
    await refuses(w, [400], ['POST', '', { body }]);
  });

  test('nothing that was sent reaches a prototype', () => {
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });
});

describe('another type of content', () => {
  test.each([
    'text/plain',
    'text/html',
    'application/xml',
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/fhir+json; charset=utf-16',
    'application/fhir+json; fhirVersion=1.0',
    'application/',
    ';',
    'application/fhir+json, application/fhir+xml',
  ])('%s is 415', async (type) => {
    const headers = { 'content-type': type };
    for (const [method, path] of [
      ['POST', '/Patient'],
      ['PUT', `/Patient/${ana.id}`],
      ['PATCH', `/Patient/${ana.id}`],
      ['POST', ''],
    ] as const) {
      await refuses(w, [415], [method, path, { body: good, headers }]);
    }
  });

  test('a search is posted as a form of UTF-8, or not at all', async () => {
    await refuses(w, [415], ['POST', '/Patient/_search', { body: '{"identifier":"x"}' }]);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = Uint8Array.from([...bytes('identifier='), 0xff]);
    await refuses(w, [400], ['POST', '/Patient/_search', { body, headers }]);
  });
});

describe('too much', () => {
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
});

describe('transactions', () => {
  const A = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a';
  const posts = (resource: object): object => ({
    resource,
    request: { method: 'POST', url: (resource as Seen).resourceType },
  });
  const bundleOf = (...entry: unknown[]): string =>
    JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry });

  test.each<readonly [string, readonly number[], () => string]>([
    [
      'a reference to no entry',
      [400],
      () => bundleOf(posts(patient()), posts(dose('', { patient: { reference: A } }))),
    ],
    [
      'an entry that refers to itself as its patient',
      [422, 400],
      () => bundleOf({ fullUrl: A, ...posts(dose('', { patient: { reference: A } })) }),
    ],
    [
      'two entries of one fullUrl',
      [400, 422],
      () => bundleOf({ fullUrl: A, ...posts(patient()) }, { fullUrl: A, ...posts(patient()) }),
    ],
    [
      'a url that leaves the base',
      [400, 404],
      () => bundleOf({ request: { method: 'GET', url: '../../metrics' } }),
    ],
    [
      'a url of another server',
      [400, 404],
      () => bundleOf({ request: { method: 'GET', url: 'http://127.0.0.1:27017/' } }),
    ],
    ['a url of a prototype', [404], () => bundleOf({ request: { method: 'GET', url: '__proto__/x' } })],
    [
      'a method of the prototype',
      [422, 400],
      () => bundleOf({ request: { method: 'constructor', url: 'Patient/x' } }),
    ],
    [
      'a type of the prototype',
      [404, 400],
      () =>
        bundleOf({
          resource: { resourceType: 'constructor' },
          request: { method: 'POST', url: 'constructor' },
        }),
    ],
    [
      'a Bundle in a Bundle',
      [400],
      () =>
        bundleOf(posts(patient()), {
          resource: JSON.parse(bundleOf(posts(patient()))) as object,
          request: { method: 'POST', url: '/' },
        }),
    ],
    [
      'a condition with operators',
      [400],
      () =>
        bundleOf({
          resource: patient(),
          request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier[$ne]=x' },
        }),
    ],
    [
      'a condition that is no text',
      [400],
      () =>
        bundleOf({
          resource: patient(),
          request: { method: 'POST', url: 'Patient', ifNoneExist: { $ne: 1 } },
        }),
    ],
    ['an entry that is a list', [400], () => bundleOf([posts(patient())])],
    [
      'a Binary that is no patch',
      [400],
      () =>
        bundleOf({
          resource: { resourceType: 'Binary', contentType: 'application/json-patch+json', data: 'e30=' },
          request: { method: 'PATCH', url: `Patient/${ana.id}` },
        }),
    ],
    [
      'a patch with __proto__',
      [400, 422],
      () =>
        bundleOf({
          resource: {
            resourceType: 'Binary',
            contentType: 'application/json-patch+json',
            data: Buffer.from('[{"op":"add","path":"/__proto__/x","value":1}]').toString('base64'),
          },
          request: { method: 'PATCH', url: `Patient/${ana.id}` },
        }),
    ],
  ])('%s', async (_what, statuses, body) => {
    await refuses(w, statuses, ['POST', '', { body: body() }]);
  });

  test('entries that refer to each other in a circle are made', async () => {
    const B = 'urn:uuid:88f151c0-a954-468a-88bd-5ae15c08e059';
    const link = (reference: string): object => ({ link: [{ other: { reference }, type: 'seealso' }] });
    const body = bundleOf(
      { fullUrl: A, ...posts(patient(link(B))) },
      { fullUrl: B, ...posts(patient(link(A))) },
    );
    expect((await call(w, 'POST', '', { body })).status).toBe(200);
  });
});
