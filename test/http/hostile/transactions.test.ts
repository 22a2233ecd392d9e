/** Transactions that nobody should send: each is refused with the right status and leaves nothing. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call, made, type Seen } from '../../world/requests.ts';
import { dose, patient } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';
import { refuses } from './refusal.ts';

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
