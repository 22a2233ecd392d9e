/** FHIR R4 REST, rules 1 to 7: formats (https://hl7.org/fhir/R4/http.html). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { request } from 'node:http';
import { call, FHIR_JSON, made, type Reply, type Seen } from '../../world/requests.ts';
import { patient } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
let ana: Seen;
let path: string;
beforeAll(async () => {
  w = await world();
  ana = await made(w, patient());
  path = `/Patient/${ana.id}`;
});
afterAll(() => w.end());

const get = (url: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> =>
  call(w, 'GET', url, { headers });
const typeOf = ({ headers }: Reply): string => headers.get('content-type')?.split(';')[0] ?? '';

/** A read without an Accept header, which fetch always sends. */
function withoutAccept(): Promise<{ status: number; type: string }> {
  return new Promise((done, failed) => {
    request(`${w.url}${path}`, (response) => {
      response.resume();
      done({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '' });
    })
      .on('error', failed)
      .end();
  });
}

test('rule 1: answers and errors are application/fhir+json', async () => {
  for (const url of [path, '/Patient?_count=1', '/Patient/none', '/Nothing', '/metadata']) {
    expect([url, typeOf(await get(url))]).toEqual([url, FHIR_JSON]);
  }
});

test('rule 1: plain application/json comes only to a client that asks for it by name', async () => {
  expect(typeOf(await get(path, { accept: 'application/json' }))).toBe('application/json');
  expect(typeOf(await get('/Patient/none', { accept: 'application/json' }))).toBe('application/json');
  expect(typeOf(await get(path, { accept: 'application/json;q=0.5, application/fhir+json' }))).toBe(
    FHIR_JSON,
  );
  expect(typeOf(await get(`${path}?_format=application/json`))).toBe(FHIR_JSON);
});

test.each([
  'application/json',
  'text/json',
  'application/json+fhir',
  'application/xml, application/json;q=0.1',
])('rule 2: Accept: %s is served as FHIR JSON', async (accept) => {
  const { status, body } = await get(path, { accept });
  expect([status, body.id]).toEqual([200, ana.id]);
});

test.each([
  'json',
  'application/json',
  'application/fhir+json',
  'application/fhir%2Bjson',
  'application%2Ffhir%20json',
  'text/json',
  '',
])('rule 3: _format=%s goes before Accept and means JSON', async (format) => {
  const { status, body } = await get(`${path}?_format=${format}`, {
    accept: format === '' ? FHIR_JSON : 'application/xml',
  });
  expect([status, body.id]).toEqual([200, ana.id]);
});

test('rule 3: _format counts in the body of a POST _search too', async () => {
  const { status } = await call(w, 'POST', '/Patient/_search', {
    body: '_format=xml',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect(status).toBe(406);
});

test.each(['application/fhir+xml', 'text/html', 'text/turtle'])(
  'rule 4: Accept: %s is answered 406 with an outcome in JSON',
  async (accept) => {
    const reply = await get(path, { accept });
    expect([reply.status, typeOf(reply), reply.body.resourceType]).toEqual([
      406,
      FHIR_JSON,
      'OperationOutcome',
    ]);
  },
);

test('rule 4: a missing Accept and */* get JSON', async () => {
  expect((await get(path, { accept: '*/*' })).body.id).toBe(ana.id);
  const { status, type } = await withoutAccept();
  expect([status, type]).toEqual([200, 'application/fhir+json; charset=utf-8']);
});

test.each([
  ['of a type that is not read', 'text/plain'],
  ['of XML', 'application/fhir+xml'],
  ['in another character set', 'application/fhir+json; charset=iso-8859-1'],
  ['without a Content-Type', ''],
])('rule 5: a body %s is answered 415 and not stored', async (_which, type) => {
  const before = await call(w, 'GET', '/Patient?_summary=count');
  const sent = new TextEncoder().encode(JSON.stringify(patient()));
  const { status, body } = await call(w, 'POST', '/Patient', {
    body: sent,
    headers: { 'content-type': type },
  });
  expect([status, body.resourceType]).toEqual([415, 'OperationOutcome']);
  const after = await call(w, 'GET', '/Patient?_summary=count');
  expect(after.body.total).toBe(before.body.total);
});

test.each([
  ['4.0', 200],
  ['4.0.1', 200],
  ['3.0', 406],
  ['5.0', 406],
])('rule 6: Accept with fhirVersion=%s is answered %i', async (version, status) => {
  const accept = `application/fhir+json; fhirVersion=${version}`;
  expect((await get(path, { accept })).status).toBe(status);
});

test('rule 6: a body of another FHIR version is answered 415', async () => {
  const headers = { 'content-type': 'application/fhir+json; fhirVersion=3.0' };
  expect((await call(w, 'POST', '/Patient', { body: patient(), headers })).status).toBe(415);
});

test('rule 7: _pretty=true changes whitespace only', async () => {
  const plain = await get(path);
  const pretty = await get(`${path}?_pretty=true`);
  expect(pretty.text).not.toBe(plain.text);
  expect(pretty.body).toEqual(plain.body);
  const error = await get('/Patient/none?_pretty=true');
  expect(error.text).toContain('\n  "issue"');
});
