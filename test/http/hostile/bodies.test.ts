/** Bodies that nobody should send: each is refused with the right status and leaves nothing. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, made, type Seen } from '../../world/requests.ts';
import { patient } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';
import { refuses, SECRET } from './refusal.ts';

let w: World;
let ana: Seen;
beforeAll(async () => {
  w = await world();
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
