/** What other servers learned the hard way: search and paging. Names of threads are where it was learned. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { catalog } from '../../../src/catalog/index.ts';
import { handle } from '../../../src/interactions/handle.ts';
import { searches } from '../../world/asks.ts';
import { call, idsIn, linkOf, made, type Reply, type Seen } from '../../world/requests.ts';
import { dose, patient, patientWith } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
let ana: Seen;
let doses: Seen[];
beforeAll(async () => {
  w = await world();
  ana = await made(w, patientWith('ana'));
  doses = [];
  for (let n = 1; n <= 9; n += 1) {
    doses.push(await made(w, dose(ana.id, { occurrenceDateTime: `2024-01-0${n}` })));
  }
});
afterAll(() => w.end());

const get = (url: string): Promise<Reply> => call(w, 'GET', url);
const ofAna = (more: string): string => `/Immunization?patient=${ana.id}${more}`;

describe('pages', () => {
  test('lesson 12: _total does not change what a page holds (hapi-fhir #5454, #4190, #3608)', async () => {
    const plain = await get(ofAna('&_sort=date&_count=4'));
    const counted = await get(ofAna('&_sort=date&_count=4&_total=accurate'));
    expect(idsIn(counted.body)).toEqual(idsIn(plain.body));
    const next = await get(linkOf(counted.body, 'next') ?? '');
    expect(idsIn(next.body)).toEqual(doses.slice(4, 8).map(({ id }) => id));
  });

  const SORTS = [...catalog.values()]
    .filter(({ interactions, source }) => interactions.includes('search-type') && source !== 'files')
    .flatMap(({ type, sort = [] }) => [...sort, '_id', '_lastUpdated'].map((name) => [type, name] as const));

  test('lesson 13: every order that is offered can be paged, both ways (medplum paginated-search)', async () => {
    for (const [type, name] of SORTS) {
      for (const sort of [name, `-${name}`]) {
        const { status } = await get(`/${type}?_lastUpdated=2020-01-01&_sort=${sort}&_count=1`);
        expect([type, sort, status]).toEqual([type, sort, 200]);
      }
    }
    for (const sort of ['date', '-date', '_id', '-_id', '_lastUpdated', '-_lastUpdated']) {
      const seen: string[] = [];
      for (let url: string | undefined = ofAna(`&_sort=${sort}&_count=2`); url !== undefined;) {
        const { body }: Reply = await get(url);
        seen.push(...idsIn(body));
        url = linkOf(body, 'next');
      }
      expect([sort, [...seen].sort()]).toEqual([sort, doses.map(({ id }) => id).sort()]);
    }
  });

  test('lesson 13: links to pages are of bounded length and hold nothing readable (blaze)', async () => {
    const ids = Array.from(
      { length: 150 },
      (_, n) => `01a20320-a200-70${String(n).padStart(2, '0')}-a000-000000000000`,
    );
    const { body } = await get(ofAna('&_count=2&_sort=date'));
    const url = linkOf(body, 'next') ?? '';
    expect(url.length).toBeLessThan(8000);
    expect(decodeURIComponent(url)).not.toContain(ana.id);
    const many = await get(`/Immunization?patient=${[ana.id, ...ids].join(',')}&_count=2`);
    expect([200, 422]).toContain(many.status);
    expect((linkOf(many.body, 'next') ?? '').length).toBeLessThan(8000);
  });

  test('lesson 15: a total is not counted unless it is asked for (medplum #338, LinuxForHealth #264)', async () => {
    let counted = 0;
    const store = {
      ...w.rooms.store,
      count: (...args: Parameters<typeof w.rooms.store.count>) => {
        counted += 1;
        return w.rooms.store.count(...args);
      },
    };
    const rooms = { ...w.rooms, store };
    await handle(rooms, searches('Immunization', ['patient', ana.id], ['_count', '2']));
    expect(counted).toBe(0);
    await handle(rooms, searches('Immunization', ['patient', ana.id], ['_total', 'accurate']));
    expect(counted).toBe(1);
  });

  test('lesson 15: beyond its limit a count is refused and not guessed', async () => {
    const rooms = { ...w.rooms, limits: { ...w.rooms.limits, total: 5 } };
    const asked = searches('Immunization', ['patient', ana.id], ['_summary', 'count']);
    await expect(handle(rooms, asked)).rejects.toMatchObject({ kind: 'too-costly' });
  });

  test('lesson 16: a count reads no resources (FirelyTeam/spark #948)', async () => {
    const store = { ...w.rooms.store, find: () => Promise.reject(new Error('A count reads nothing.')) };
    const asked = searches('Immunization', ['patient', ana.id], ['_summary', 'count']);
    const answer = await handle({ ...w.rooms, store }, asked);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ total: 9 });
  });
});

describe('includes', () => {
  test('lesson 20: they are bounded, and what is left out is said (microsoft #4902, LinuxForHealth #1665)', async () => {
    const rooms = { ...w.rooms, limits: { ...w.rooms.limits, included: 3 } };
    const asked = searches('Patient', ['identifier', 'ana'], ['_revinclude', 'Immunization:patient']);
    const { body = '' } = await handle(rooms, asked);
    const { entry = [] } = JSON.parse(body) as Seen;
    const modes = entry.map(({ search }) => search?.mode);
    expect(modes).toEqual(['match', 'include', 'include', 'include', 'outcome']);
    expect(entry.at(-1)?.resource?.issue?.[0]?.code).toBe('too-costly');
  });

  test('lesson 20: references in a circle come to an end (microsoft #5297)', async () => {
    const one = await made(w, patientWith('circle'));
    const link = [{ other: { reference: `Patient/${one.id}` }, type: 'seealso' }];
    const two = await made(w, patientWith('circle-2', { link }));
    const back = [{ other: { reference: `Patient/${two.id}` }, type: 'seealso' }];
    await call(w, 'PUT', `/Patient/${one.id}`, { body: { ...one, link: back } });
    const { status, body } = await get(
      '/Patient?identifier=circle&_include:iterate=Patient:link&_revinclude:iterate=Patient:link',
    );
    expect([status, idsIn(body)]).toEqual([200, [one.id, two.id]]);
  });
});

test('lesson 21: days stay days: no time zone moves a birth or a dose (hapi-fhir #1334, #6749, blaze #1498)', async () => {
  const bo = await made(w, patientWith('bo', { birthDate: '2015-03-01' }));
  expect(bo['birthDate']).toBe('2015-03-01');
  const found = async (query: string): Promise<number> =>
    (await get(`/Patient?identifier=bo&${query}`)).body.total ?? -1;
  expect(await found('birthdate=2015-03-01')).toBe(1);
  expect(await found('birthdate=2015-02-28')).toBe(0);
  expect(await found('birthdate=2015-03-02')).toBe(0);
  const given = await made(w, dose(bo.id, { occurrenceDateTime: '2024-03-01T23:30:00-08:00' }));
  expect(given['occurrenceDateTime']).toBe('2024-03-01T23:30:00-08:00');
});

test('lesson 22: many identifiers in one search are found (hapi-fhir #6457)', async () => {
  const values = Array.from({ length: 300 }, (_, n) => `many-${n}`);
  const last = await made(w, patientWith('many-299'));
  const body = `identifier=${values.join(',')}`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const { status, body: seen } = await call(w, 'POST', '/Patient/_search', { body, headers });
  expect([status, idsIn(seen)]).toEqual([200, [last.id]]);
});

test('lesson 23: an unknown parameter never finds everything (icanbwell)', async () => {
  for (const query of [
    'nonsense=1',
    'Identifier=ana',
    'identifer=ana',
    '_explain=1',
    '_debug=true',
    '_hint=x',
  ]) {
    expect([query, (await get(`/Patient?${query}`)).status]).toEqual([query, 400]);
  }
});

test('lesson 25: a write that changes nothing leaves _lastUpdated; inequality is strict (blaze #3710, #3367)', async () => {
  const cy = await made(w, patientWith('cy'));
  w.clock.advance(60_000);
  await call(w, 'PUT', `/Patient/${cy.id}`, { body: cy });
  expect((await get(`/Patient/${cy.id}`)).body.meta.lastUpdated).toBe(cy.meta.lastUpdated);
  const found = async (prefix: string): Promise<number> =>
    (await get(`/Patient?identifier=cy&_lastUpdated=${prefix}${cy.meta.lastUpdated}`)).body.total ?? -1;
  expect([
    await found('gt'),
    await found('lt'),
    await found('ge'),
    await found('le'),
    await found('ne'),
  ]).toEqual([0, 0, 1, 1, 0]);
});

test('lesson 17: what is asked most is served by an index (spark #476, #564)', async () => {
  const asked = [
    '/Patient?identifier=ana',
    `/Immunization?patient=${ana.id}`,
    '/Patient?family=M&birthdate=2015-03-01',
  ];
  for (const url of asked) expect([url, (await get(url)).status]).toEqual([url, 200]);
  const { db } = w.services.connection;
  const plan = await db?.collection('Patient').find({ tokens: 'identifier=ana' }).explain('queryPlanner');
  expect(JSON.stringify(plan)).toContain('IXSCAN');
  expect(JSON.stringify(plan)).not.toContain('COLLSCAN');
});

test('lesson 50: every resource has an id of its own (CDCgov/dibbs-query-connector #1025)', async () => {
  const many = await Promise.all(Array.from({ length: 50 }, () => made(w, patient())));
  expect(new Set(many.map(({ id }) => id)).size).toBe(50);
});
