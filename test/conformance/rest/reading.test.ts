/** FHIR R4 REST, rules 8 to 21: reading and its headers (https://hl7.org/fhir/R4/http.html). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, made, type Reply, type Seen } from '../../world/requests.ts';
import { patient } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
let ana: Seen;
let path: string;
beforeAll(async () => {
  w = await world();
  ana = await made(w, patient({ gender: 'female', text: { status: 'generated', div: DIV } }));
  path = `/Patient/${ana.id}`;
});
afterAll(() => w.end());

const DIV = '<div xmlns="http://www.w3.org/1999/xhtml">Ana</div>';
const get = (url: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> =>
  call(w, 'GET', url, { headers });

describe('parts of a resource', () => {
  const SUBSETTED = 'SUBSETTED';
  const tags = ({ body }: Reply): (string | undefined)[] => (body.meta.tag ?? []).map(({ code }) => code);

  test('rule 8: _summary=true leaves out what is no summary, and says so', async () => {
    const reply = await get(`${path}?_summary=true`);
    expect(reply.body['text']).toBeUndefined();
    expect(reply.body['birthDate']).toBe('2015-03-01');
    expect(tags(reply)).toContain(SUBSETTED);
  });

  test('rule 8: _summary=text and _summary=data are each other’s rest', async () => {
    const text = await get(`${path}?_summary=text`);
    expect([text.body['text'] === undefined, text.body['birthDate']]).toEqual([false, undefined]);
    const data = await get(`${path}?_summary=data`);
    expect([data.body['text'], data.body['birthDate']]).toEqual([undefined, '2015-03-01']);
  });

  test('rule 8: _elements keeps what is asked for, mandatory or a modifier', async () => {
    const dose = await made(w, {
      resourceType: 'Immunization',
      status: 'completed',
      vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '08' }] },
      patient: { reference: `Patient/${ana.id}` },
      occurrenceDateTime: '2015-03-01',
      lotNumber: 'A1',
      isSubpotent: false,
      note: [{ text: 'A note' }],
    });
    for (const url of [`/Immunization/${dose.id}`, `/Immunization/${dose.id}/_history/1`]) {
      const reply = await get(`${url}?_elements=lotNumber`);
      expect(Object.keys(reply.body).sort()).toEqual(
        [
          'id',
          'isSubpotent',
          'lotNumber',
          'meta',
          'occurrenceDateTime',
          'patient',
          'resourceType',
          'status',
          'vaccineCode',
        ].sort(),
      );
      expect(tags(reply)).toContain(SUBSETTED);
    }
  });

  test('rule 8: the same hold in searches and histories', async () => {
    for (const url of [`/Patient?_id=${ana.id}`, `${path}/_history?`]) {
      const { body } = await get(`${url}&_elements=birthDate`);
      const shown = body.entry?.[0]?.resource;
      expect([shown?.['gender'], shown?.['birthDate']]).toEqual([undefined, '2015-03-01']);
      expect(shown?.meta.tag?.map(({ code }) => code)).toEqual([SUBSETTED]);
    }
  });

  test('rule 8: what is marked as a part is not taken for the whole', async () => {
    const { text } = await get(`${path}?_elements=birthDate,name`);
    const { status, body } = await call(w, 'PUT', path, { body: text });
    expect([status, body.issue?.[0]?.code]).toEqual([422, 'business-rule']);
    expect((await get(path)).body['gender']).toBe('female');
  });

  test('rule 8: a read has no other parameter, and no count', async () => {
    expect((await get(`${path}?_summary=count`)).status).toBe(400);
    expect((await get(`${path}?name=x`)).status).toBe(400);
    expect((await get(`${path}?name=x`, { prefer: 'handling=lenient' })).status).toBe(200);
  });
});

describe('versions and dates', () => {
  test('rule 9: a read has the weak ETag of its version', async () => {
    const { headers, body } = await get(path);
    expect(headers.get('etag')).toBe(`W/"${body.meta.versionId}"`);
  });

  test('rule 10: a read has the Last-Modified of its resource, as an HTTP date', async () => {
    const { headers, body } = await get(path);
    const modified = headers.get('last-modified') ?? '';
    expect(modified).toMatch(/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/);
    expect(new Date(modified).toISOString().slice(0, 19)).toBe(body.meta.lastUpdated.slice(0, 19));
  });

  test.each([
    ['if-none-match', 'W/"1"', 304],
    ['if-none-match', '"1"', 304],
    ['if-none-match', 'W/"7", W/"1"', 304],
    ['if-none-match', '*', 304],
    ['if-none-match', 'W/"2"', 200],
    ['if-modified-since', 'Sun, 22 Nov 2026 12:00:00 GMT', 304],
    ['if-modified-since', 'Sun, 22 Nov 2026 11:59:59 GMT', 200],
    ['if-modified-since', 'sometime 9999', 200],
    ['if-modified-since', '9999', 200],
  ])('rule 11: %s: %s is answered %i', async (name, value, status) => {
    const reply = await get(path, { [name]: value });
    expect([reply.status, reply.text === '']).toEqual([status, status === 304]);
    expect(reply.headers.get('etag')).toBe('W/"1"');
  });

  test('rule 11: If-None-Match decides over If-Modified-Since', async () => {
    const headers = { 'if-none-match': 'W/"9"', 'if-modified-since': 'Mon, 23 Nov 2026 12:00:00 GMT' };
    expect((await get(path, headers)).status).toBe(200);
  });

  test.each(['/Patient?_count=1', '/Patient/none', '/_history?_count=1', '/Nothing'])(
    'rule 12: %s, which has no version, has no ETag',
    async (url) => {
      expect((await get(url)).headers.get('etag')).toBeNull();
    },
  );

  test.each(['/Patient?_count=1', '/Patient/none', '/metadata', '/Nothing'])(
    'rule 13: HEAD %s has the status and headers of GET, and no body',
    async (url) => {
      const [head, whole] = [await call(w, 'HEAD', url), await get(url)];
      expect([head.status, head.text]).toEqual([whole.status, '']);
      expect(head.headers.get('content-type')).toBe(whole.headers.get('content-type'));
      expect(head.headers.get('etag')).toBe(whole.headers.get('etag'));
    },
  );

  test('rule 13: HEAD of a resource has its version', async () => {
    const { status, text, headers } = await call(w, 'HEAD', path);
    expect([status, text, headers.get('etag')]).toEqual([200, '', 'W/"1"']);
    expect((await call(w, 'HEAD', path, { headers: { 'if-none-match': 'W/"1"' } })).status).toBe(304);
  });
});

describe('what is not there', () => {
  test('rule 14: an unknown id is 404, a deleted one 410, both with an outcome', async () => {
    const unknown = await get('/Patient/no-such');
    expect([unknown.status, unknown.body.issue?.[0]?.code]).toEqual([404, 'not-found']);
    const gone = await made(w, patient());
    await call(w, 'DELETE', `/Patient/${gone.id}`);
    const deleted = await get(`/Patient/${gone.id}`);
    expect([deleted.status, deleted.body.issue?.[0]?.code]).toEqual([410, 'deleted']);
  });

  test.each(['/Patients', '/Nothing/1', '/patient', '/Nothing/1/_history', '/constructor', '/__proto__/1'])(
    'rule 15: %s, of no type, is 404',
    async (url) => {
      const { status, body } = await get(url);
      expect([status, body.issue?.[0]?.code]).toEqual([404, 'not-supported']);
    },
  );

  test.each(['a_b', 'a%20b', 'x'.repeat(65), '%00', '$where', '%7B%22%24gt%22:%22%22%7D', 'é'])(
    'rule 16: the id %s is refused by 400 or 404',
    async (id) => {
      const { status, body } = await get(`/Patient/${id}`);
      expect([400, 404]).toContain(status);
      expect(body.resourceType).toBe('OperationOutcome');
      expect(w.logged).toEqual([]);
    },
  );

  test('rule 17: ids are compared with case', async () => {
    expect((await get(`/Patient/${ana.id.toUpperCase()}`)).status).toBe(404);
  });

  test('rule 18: the body has the id of the path and its resourceType', async () => {
    const { body } = await get(path);
    expect([body.resourceType, body.id]).toEqual(['Patient', ana.id]);
  });

  test('rule 19: vread answers each version with its content and ETag, 404 and 410', async () => {
    const bo = await made(w, patient({ gender: 'male' }));
    const url = `/Patient/${bo.id}`;
    await call(w, 'PUT', url, { body: { ...patient({ gender: 'other' }), id: bo.id } });
    await call(w, 'DELETE', url);
    const replies = await Promise.all([1, 2, 3, 4].map((version) => get(`${url}/_history/${version}`)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 410, 404]);
    expect(replies.slice(0, 2).map(({ body }) => body['gender'])).toEqual(['male', 'other']);
    expect(replies.slice(0, 2).map(({ headers }) => headers.get('etag'))).toEqual(['W/"1"', 'W/"2"']);
    for (const version of ['0', '-1', 'abc', '1.0', '99999999999']) {
      expect([version, (await get(`${url}/_history/${version}`)).status]).toEqual([version, 404]);
    }
  });
});

describe('errors and requests', () => {
  test.each([
    ['GET', '/Nothing'],
    ['GET', '/Patient/none'],
    ['GET', '/Patient?nonsense=1'],
    ['GET', ''],
    ['PUT', '/Patient/none'],
    ['DELETE', '/metadata'],
    ['GET', '/a/b/c/d/e'],
    ['GET', '/Patient/1/$nothing'],
    ['GET', '/%E0%A4%A'],
  ])('rule 20: %s %s is told as an outcome with severity and code', async (method, url) => {
    const { status, body } = await call(w, method, url);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.resourceType).toBe('OperationOutcome');
    for (const issue of body.issue ?? []) {
      expect([issue.severity, ISSUE_TYPES.has(issue.code)]).toEqual(['error', true]);
    }
    expect(body.issue?.length).toBeGreaterThan(0);
  });

  test('rule 20: outside of the endpoint there is an outcome too', async () => {
    const { status, body } = await call(w, 'GET', new URL('/elsewhere', w.url).href);
    expect([status, body.resourceType]).toEqual([404, 'OperationOutcome']);
  });

  test.each(['/Patient/none', '/metadata', '/Patient?_count=0'])(
    'rule 21: the X-Request-Id of %s is echoed or made',
    async (url) => {
      expect((await get(url, { 'x-request-id': 'abc-1' })).headers.get('x-request-id')).toBe('abc-1');
      expect((await get(url)).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect((await get(url, { 'x-request-id': '<script>' })).headers.get('x-request-id')).toMatch(
        /^[0-9a-f-]{36}$/,
      );
    },
  );
});

/** https://hl7.org/fhir/R4/valueset-issue-type.html */
const ISSUE_TYPES: ReadonlySet<string> = new Set(
  (
    'invalid structure required value invariant security login unknown expired forbidden suppressed processing ' +
    'not-supported duplicate multiple-matches not-found deleted too-long code-invalid extension too-costly ' +
    'business-rule conflict transient lock-error no-store exception timeout incomplete throttled informational'
  ).split(' '),
);
