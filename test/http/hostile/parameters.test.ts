/** URLs, parameters and headers that nobody should send: each is refused with the right status and leaves nothing. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { request } from 'node:http';
import { call, made, type Seen } from '../../world/requests.ts';
import { patient, patientWith } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';
import { refuses, SECRET, tellsNothing } from './refusal.ts';

let w: World;
let ana: Seen;
beforeAll(async () => {
  w = await world();
  ana = await made(w, patientWith('ana'));
});
afterAll(async () => {
  expect((await call(w, 'GET', `/Patient/${ana.id}`)).body).toEqual(ana);
  await w.end();
});

const PROTOTYPE = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
];

describe('paths', () => {
  test.each(PROTOTYPE)('%s is no type, no id of anything and no operation', async (name) => {
    await refuses(w, [404], ['GET', `/${name}`]);
    await refuses(w, [404], ['GET', `/${name}/x`]);
    await refuses(w, [404], ['POST', `/${name}`, { body: patient() }]);
    await refuses(w, [400, 404], ['GET', `/Patient/${name}`]);
    await refuses(w, [400, 404], ['GET', `/Patient/${ana.id}/_history/${name}`]);
    await refuses(w, [404], ['GET', `/Patient/${ana.id}/$${name}`]);
    await refuses(w, [404], ['GET', `/$${name}`]);
    await refuses(w, [404], ['GET', `/Patient/${ana.id}/${name}`]);
  });

  /** Paths as they are, which fetch would tidy up. */
  const raw = (path: string): Promise<{ status: number; text: string }> =>
    new Promise((done, failed) => {
      const { hostname, port } = new URL(w.url);
      request({ hostname, port, path, method: 'GET' }, (response) => {
        let text = '';
        response.on('data', (part: Buffer) => (text += part.toString()));
        response.on('end', () => {
          done({ status: response.statusCode ?? 0, text });
        });
      })
        .on('error', failed)
        .end();
    });

  test.each([
    '/fhir/R4/../../../../etc/passwd',
    '/fhir/R4/Patient/../../../metrics/../etc/passwd',
    '/fhir/R4/Patient/..',
    '/fhir/R4/Patient/.',
    '/fhir/R4/Patient/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '/fhir/R4/Patient/..%5c..%5cwindows',
    '/fhir/R4/%2e%2e/Patient',
    '/fhir/R4//etc/passwd',
    '/fhir/R4/Patient//x',
    '/fhir/R4/Patient/%00',
    '/fhir/R4/Patient/a%0d%0aSet-Cookie:%20x=1',
    '/fhir/R4/Patient/%E0%A4%A',
    '/fhir/R4/Patient/%',
    '/fhir/R4/%25%2570',
    '/fhir/R5/Patient/x',
    '/.env',
    '//evil.example.org/fhir/R4/Patient',
    `/fhir/R4/Patient/${'a'.repeat(5000)}`,
    `/fhir/R4/${'Patient/'.repeat(500)}`,
    '/fhir/R4/Patient/x/_history/1/x/y/z',
    '/fhir/R4/Patient;jsessionid=1/x',
    '/fhir/R4/Patient/$%7Bjndi:ldap:%2F%2Fevil%7D',
  ])('the path %s leads nowhere', async (path) => {
    const { status, text } = await raw(path);
    expect([400, 404]).toContain(status);
    expect(text).toContain('"resourceType":"OperationOutcome"');
    tellsNothing(text, w.logged);
  });

  test.each(['TRACE', 'PROPFIND', 'LOCK', 'REPORT', 'PURGE'])(
    'the method %s is not offered',
    async (method) => {
      const { hostname, port } = new URL(w.url);
      const status = await new Promise((done, failed) => {
        request({ hostname, port, path: '/fhir/R4/Patient/x', method }, (response) => {
          response.resume();
          done(response.statusCode);
        })
          .on('error', failed)
          .end();
      });
      expect(status).toBe(405);
    },
  );
});

describe('parameters', () => {
  test.each(PROTOTYPE)('%s is no parameter, modifier, include, sort or element', async (name) => {
    for (const query of [
      `${name}=x`,
      `identifier=ana&${name}=x`,
      `identifier:${name}=x`,
      `identifier=ana&_sort=${name}`,
      `identifier=ana&_include=Patient:${name}`,
      `identifier=ana&_include=${name}:patient`,
      `identifier=ana&_revinclude=${name}:patient`,
      `_has:${name}:patient:date=2020`,
      `organization.${name}=x`,
      `identifier=ana&_summary=${name}`,
      `identifier=ana&_total=${name}`,
      `_page=${name}`,
    ]) {
      await refuses(w, [400, 404], ['GET', `/Patient?${query}`]);
    }
    await refuses(w, [400], ['GET', `/Patient/${ana.id}?${name}=x`]);
    await refuses(w, [400], ['GET', `/Patient/${ana.id}/_history?${name}=x`]);
    await refuses(w, [400], ['GET', `/Patient/${ana.id}/$everything?${name}=x`]);
    await refuses(w, [406], ['GET', `/Patient/${ana.id}?_format=${name}`]);
  });

  test.each([
    'identifier=%00',
    'family=%00',
    'birthdate=0000-00-00',
    'birthdate=99999-01-01',
    'birthdate=-1',
    'birthdate=2020-01-01T00:00:00%00Z',
    '_lastUpdated=gt',
    '_count=1e9',
    '_count=99999999999999999999',
    '_count=0x10',
    '_count=%D9%A1',
    '_count=1&_count=2',
    '_id=a&_sort=a,b,c,d,e,f,g',
    '_page=AAAA',
    `_page=${'A'.repeat(5000)}`,
    '_page=%00',
    '_page=x&_page=y',
    'identifier=a%7Cb%7Cc%7Cd',
    'active=maybe&identifier:missing=7',
    'organization=%3Cscript%3E',
    `family=${'x'.repeat(500)}`,
    '_elements=%3Cscript%3E',
    '_elements=..%2F..',
    '_has:x=y',
    '_filter=1',
    '_query=x',
    '_list=x',
    '_content=x',
    '_text=x',
  ])('?%s is refused, or finds nothing', async (query) => {
    const { status, body, text } = await call(w, 'GET', `/Patient?${query}`);
    if (status === 200) expect([query, body.total]).toEqual([query, 0]);
    else
      expect([query, [400, 403, 422].includes(status), body.resourceType]).toEqual([
        query,
        true,
        'OperationOutcome',
      ]);
    tellsNothing(text, w.logged);
    expect(w.logged).toEqual([]);
  });

  test('thousands of parameters and of values are refused', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const times = (n: number, text: string): string =>
      Array.from({ length: n }, (_, at) => `${text}${at}`).join('&');
    for (const body of [
      times(5000, 'identifier=x'),
      times(5000, 'nonsense=x'),
      `identifier=${Array.from({ length: 50_000 }, (_, n) => n).join(',')}`,
      times(2000, '_include=Patient:link&x='),
      `identifier=ana&${'_sort=birthdate&'.repeat(100)}`,
      `family=${'\\\\'.repeat(10_000)}`,
      `_has:${'Immunization:patient:_has:'.repeat(500)}date=2020`,
      `${'organization.'.repeat(500)}name=x`,
    ]) {
      await refuses(w, [400, 422], ['POST', '/Patient/_search', { body, headers }]);
    }
    await refuses(w, [400, 422], ['GET', `/Patient?${times(900, 'identifier=')}`]);
    await refuses(w, [400], ['GET', `/Patient/${ana.id}/_history?${times(900, 'x=')}`]);
  });

  test('a huge _count is the limit', async () => {
    expect((await call(w, 'GET', '/Patient?identifier=ana&_count=999999999')).body.total).toBe(1);
    expect((await call(w, 'GET', `/Patient/${ana.id}/_history?_count=999999999`)).body.total).toBe(1);
    expect((await call(w, 'GET', `/Patient/${ana.id}/$everything?_count=999999999`)).status).toBe(200);
  });

  test('a value that could be a person’s is repeated by no refusal', async () => {
    for (const query of [
      `birthdate=${SECRET}`,
      `_count=${SECRET}`,
      `_sort=${SECRET}`,
      `_include=${SECRET}`,
      `_summary=${SECRET}`,
      `_page=${SECRET}`,
      `gender:missing=${SECRET}`,
      `organization=${SECRET}%20x`,
      `${SECRET}%20x=1`,
      `name:${SECRET}%20x=1`,
      `_elements=${SECRET}%20x`,
    ]) {
      await refuses(w, [400], ['GET', `/Patient?${query}`]);
    }
  });
});

describe('headers', () => {
  test.each([
    ['if-match', '{"$gt":""}', 412],
    ['if-match', 'W/"1', 412],
    ['if-match', ','.repeat(5000), 412],
    ['if-match', `W/"${'9'.repeat(400)}"`, 412],
    ['idempotency-key', 'a key with blanks', 400],
    ['idempotency-key', 'x'.repeat(256), 400],
    ['idempotency-key', 'é', 400],
  ])('an update with %s: %s is %i', async (name, value, status) => {
    await refuses(
      w,
      [status],
      ['PUT', `/Patient/${ana.id}`, { body: { ...ana, gender: 'male' }, headers: { [name]: value } }],
    );
  });

  test.each([
    ['prefer', 'return=everything; handling=; =; ;;,'],
    ['prefer', `return=${'x'.repeat(5000)}`],
    ['x-request-id', '<script>'],
    ['x-request-id', 'x'.repeat(5000)],
    ['if-none-match', '"'.repeat(5000)],
    ['if-modified-since', 'x'.repeat(5000)],
    ['accept-language', 'x'.repeat(5000)],
    ['forwarded', 'host=evil'],
    ['range', 'bytes=0-1'],
    ['expect', 'x'],
    ['content-length', '0'],
  ])('a read with %s: %s is answered as without', async (name, value) => {
    const { hostname, port, pathname } = new URL(`${w.url}/Patient/${ana.id}`);
    const status = await new Promise((done, failed) => {
      request({ hostname, port, path: pathname, headers: { [name]: value } }, (response) => {
        response.resume();
        done(response.statusCode);
      })
        .on('error', failed)
        .end();
    });
    expect(name === 'expect' ? [200, 417] : [200]).toContain(status);
  });

  test.each([
    ['_format', 'x'.repeat(2000)],
    ['accept', `${'a/b,'.repeat(3000)}x`],
    ['accept', 'application/fhir+json;q=0'],
    ['accept', 'application/fhir+json;fhirVersion=99'],
  ])('%s: %s is 406', async (name, value) => {
    const path = `/Patient/${ana.id}`;
    if (name === '_format') await refuses(w, [406], ['GET', `${path}?_format=${value}`]);
    else await refuses(w, [406], ['GET', path, { headers: { [name]: value } }]);
  });
});
