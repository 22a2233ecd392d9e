/** FHIR R4 REST, rules 89 to 93: histories (https://hl7.org/fhir/R4/http.html#history). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, linkOf, made, type Reply, type Seen } from '../../world/requests.ts';
import { dose, patient } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
let ana: Seen;
const T = (minute: number): string => `2026-11-22T12:0${minute}:00.000Z`;
beforeAll(async () => {
  w = await world();
  // Version 1 at 12:00, 2 at 12:01, deleted as 3 at 12:02, 4 at 12:03.
  ana = await made(w, patient());
  w.clock.set(T(1));
  await put({ gender: 'female' });
  w.clock.set(T(2));
  await call(w, 'DELETE', `/Patient/${ana.id}`);
  w.clock.set(T(3));
  await put({ gender: 'other' });
  w.clock.set(T(4));
});
afterAll(() => w.end());

const put = (more: object): Promise<Reply> =>
  call(w, 'PUT', `/Patient/${ana.id}`, { body: { ...patient(more), id: ana.id } });
const history = (query = ''): Promise<Reply> => call(w, 'GET', `/Patient/${ana.id}/_history${query}`);
/** Versions in a history, in its order. */
const versions = ({ body }: Reply): number[] =>
  (body.entry ?? []).map(({ response }) => Number(/"(\d+)"/.exec(response?.etag ?? '')?.[1]));

describe('one resource', () => {
  test('rule 89: a history is newest first, each entry with request and response', async () => {
    const reply = await history();
    expect([reply.status, reply.body.type, reply.body.total]).toEqual([200, 'history', 4]);
    expect(versions(reply)).toEqual([4, 3, 2, 1]);
    expect(reply.body.entry?.map(({ request }) => [request?.method, request?.url])).toEqual([
      ['PUT', `Patient/${ana.id}`],
      ['DELETE', `Patient/${ana.id}`],
      ['PUT', `Patient/${ana.id}`],
      ['POST', 'Patient'],
    ]);
    expect(reply.body.entry?.map(({ response }) => response?.lastModified)).toEqual([T(3), T(2), T(1), T(0)]);
    expect(reply.body.entry?.[3]?.response).toMatchObject({
      status: '201',
      location: `${w.url}/Patient/${ana.id}/_history/1`,
    });
    // Statuses stand beside the current version alone (decision 15).
    const { extension: _statuses, ...reported } = ana;
    expect(reply.body.entry?.[3]?.resource).toEqual(reported);
  });

  test('rule 90: a deletion is an entry without a resource', async () => {
    const { body } = await history();
    const shown = body.entry?.map(({ request, resource }) => [request?.method, resource === undefined]);
    expect(shown).toEqual([
      ['PUT', false],
      ['DELETE', true],
      ['PUT', false],
      ['POST', false],
    ]);
  });

  test.each([
    [`_since=${T(1)}`, [4, 3, 2]],
    ['_since=2026-11-22T12:01:00.001Z', [4, 3]],
    ['_since=2026-11-22T13:01:00%2B01:00', [4, 3, 2]],
    ['_since=2026-11-23T00:00:00Z', []],
    ['_since=2026-11-22', [4, 3, 2, 1]],
  ])('rule 91: %s includes its instant', async (query, expected) => {
    const reply = await history(`?${query}`);
    expect([reply.status, versions(reply), reply.body.total]).toEqual([200, expected, expected.length]);
  });

  test.each([
    ['2026-11-22T12:00:30Z', [1]],
    [T(1), [2]],
    ['2026-11-22T12:02:30Z', []],
    ['2026-11-22T12:03:59Z', [4]],
    ['2027', [4]],
    ['2025', []],
    ['2026-11-22', [4, 3, 2, 1]],
    ['2026-11-22T12:01', [2]],
    ['2026-11-22T12:02', [3]],
  ])('rule 91: _at=%s shows what was current then', async (at, expected) => {
    const reply = await history(`?_at=${at}`);
    expect([reply.status, versions(reply)]).toEqual([200, expected]);
  });

  test.each([
    '_since=yesterday',
    '_at=x',
    '_count=x',
    '_count=0',
    '_count=-1',
    'name=x',
    '_since=2026&_since=2027',
  ])('rule 91: %s is refused', async (query) => {
    expect((await history(`?${query}`)).status).toBe(400);
  });

  test('rule 91: pages follow each other, and keep what was asked', async () => {
    const first = await history(`?_count=2&_since=${T(1)}`);
    expect([versions(first), first.body.total]).toEqual([[4, 3], undefined]);
    const second = await call(w, 'GET', linkOf(first.body, 'next') ?? '');
    expect([versions(second), linkOf(second.body, 'next')]).toEqual([[2], undefined]);
    const changed = (linkOf(first.body, 'next') ?? '').replace(ana.id, 'other');
    expect((await call(w, 'GET', changed)).status).toBe(400);
  });

  test('rule 92: of an id that never was it is 404; of a deleted one its versions', async () => {
    expect((await call(w, 'GET', '/Patient/never/_history')).status).toBe(404);
    const gone = await made(w, patient());
    await call(w, 'DELETE', `/Patient/${gone.id}`);
    const reply = await call(w, 'GET', `/Patient/${gone.id}/_history`);
    expect([reply.status, versions(reply)]).toEqual([200, [2, 1]]);
  });

  test('rule 93: only a history repeats a fullUrl', async () => {
    const { body } = await history();
    expect(new Set(body.entry?.map(({ fullUrl }) => fullUrl))).toEqual(
      new Set([`${w.url}/Patient/${ana.id}`]),
    );
    const found = await call(w, 'GET', '/Patient?_lastUpdated=ge2026-11-22&_id:missing=false');
    const urls = (found.body.entry ?? []).map(({ fullUrl }) => fullUrl);
    expect(new Set(urls).size).toBe(urls.length);
  });
});

describe('a type and the system', () => {
  test('rule 89: the history of a type has its resources only, that of the system all', async () => {
    const given = await made(w, dose(ana.id));
    const typed = await call(w, 'GET', '/Immunization/_history');
    expect(typed.body.entry?.map(({ fullUrl }) => fullUrl)).toEqual([`${w.url}/Immunization/${given.id}`]);
    const { body } = await call(w, 'GET', '/_history?_count=200');
    const types = new Set(body.entry?.map(({ fullUrl }) => fullUrl?.split('/').at(-2)));
    expect([...types].sort()).toEqual(expect.arrayContaining(['Immunization', 'Patient']));
    const times = body.entry?.map(({ response }) => response?.lastModified ?? '') ?? [];
    expect(times).toEqual([...times].sort().reverse());
  });

  test('rule 91: pages lead through versions of one instant once each', async () => {
    const doses = [];
    for (let n = 0; n < 5; n += 1) doses.push(await made(w, dose(ana.id, { lotNumber: `L${n}` })));
    for (const each of doses) {
      await call(w, 'PUT', `/Immunization/${each.id}`, { body: { ...each, lotNumber: 'changed' } });
    }
    const seen: string[] = [];
    for (let url: string | undefined = '/Immunization/_history?_count=3'; url !== undefined;) {
      const { body }: Reply = await call(w, 'GET', url);
      seen.push(...(body.entry ?? []).map(({ response }) => response?.location ?? ''));
      url = linkOf(body, 'next');
    }
    const whole = await call(w, 'GET', '/Immunization/_history?_count=100');
    expect(seen).toEqual(whole.body.entry?.map(({ response }) => response?.location));
    expect(new Set(seen).size).toBe(11);
  });

  test('rule 91: _at holds for a type too', async () => {
    const { body } = await call(w, 'GET', `/Patient/_history?_at=2026-11-22T12:01:30Z`);
    const shown = body.entry?.map(({ response }) => response?.location);
    expect(shown).toEqual([`${w.url}/Patient/${ana.id}/_history/2`]);
  });

  test('rule 91: what is written while pages are read neither repeats nor hides a version', async () => {
    const first = await call(w, 'GET', '/Immunization/_history?_count=4');
    const all = await call(w, 'GET', '/Immunization/_history?_count=100');
    const [newest] = first.body.entry ?? [];
    const resource = newest?.resource;
    w.clock.advance(1);
    await call(w, 'PUT', `/Immunization/${resource?.id ?? ''}`, {
      body: { ...resource, lotNumber: 'again' },
    });
    const seen = [...(first.body.entry ?? [])];
    for (let url = linkOf(first.body, 'next'); url !== undefined;) {
      const { body }: Reply = await call(w, 'GET', url);
      seen.push(...(body.entry ?? []));
      url = linkOf(body, 'next');
    }
    expect(seen.map(({ response }) => response?.location)).toEqual(
      all.body.entry?.map(({ response }) => response?.location),
    );
  });
});
