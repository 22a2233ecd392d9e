/** FHIR R4 REST, rules 57 to 69 and 88: how a search is asked and answered (https://hl7.org/fhir/R4/search.html). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, idsIn, linkOf, made, type Reply, type Seen } from '../../world/requests.ts';
import { dose, MRN, organization, patient, patientWith } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
let ana: Seen;
let doses: Seen[];
beforeAll(async () => {
  w = await world();
  ana = await made(w, patientWith('ana', { gender: 'female' }));
  const org = await made(w, organization());
  const performer = [{ actor: { reference: `Organization/${org.id}` } }];
  doses = [];
  for (let month = 1; month <= 7; month += 1) {
    doses.push(await made(w, dose(ana.id, { occurrenceDateTime: `2024-0${month}-01`, performer })));
  }
});
afterAll(() => w.end());

const get = (url: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> =>
  call(w, 'GET', url, { headers });
const post = (url: string, body: string): Promise<Reply> =>
  call(w, 'POST', url, { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
const LENIENT = { prefer: 'handling=lenient' };
const ofAna = (more = ''): string => `/Immunization?patient=${ana.id}${more}`;

describe('the answer', () => {
  test('rule 57: no match is 200 and a searchset without entries, its total 0', async () => {
    const { status, body } = await get('/Patient?identifier=nobody');
    expect([status, body.type, body.total, 'entry' in body]).toEqual([200, 'searchset', 0, false]);
  });

  test('rule 58: the self link lists the parameters that were used', async () => {
    const self = async (url: string, headers = {}): Promise<string | undefined> =>
      linkOf((await get(url, headers)).body, 'self');
    expect(await self('/Patient?identifier=ana&_count=5')).toBe(`${w.url}/Patient?identifier=ana&_count=5`);
    expect(await self('/Patient?identifier=ana&nonsense=1', LENIENT)).toBe(`${w.url}/Patient?identifier=ana`);
    expect(await self('/Patient?identifier=ana&_sort=nonsense', LENIENT)).not.toContain('nonsense');
    expect(await self('/Patient?identifier=ana&name=')).toBe(`${w.url}/Patient?identifier=ana`);
    expect(await self(`/Patient?identifier=${encodeURIComponent(`${MRN}|a,b&c`)}`)).toBe(
      `${w.url}/Patient?${new URLSearchParams({ identifier: `${MRN}|a,b&c` }).toString()}`,
    );
  });

  test('rule 59: our decision: an unknown parameter is 400, strict or not said', async () => {
    for (const headers of [{}, { prefer: 'handling=strict' }]) {
      const { status, body } = await get('/Patient?nonsense=1', headers);
      expect([status, body.issue?.[0]?.code]).toEqual([400, 'not-supported']);
    }
  });

  test('rule 59: lenient leaves it out, warns of it, and goes on so on the next page', async () => {
    const first = await get(ofAna('&nonsense=1&_count=5'), LENIENT);
    const outcome = first.body.entry?.find(({ search }) => search?.mode === 'outcome')?.resource;
    expect([outcome?.resourceType, outcome?.issue?.[0]?.severity]).toEqual(['OperationOutcome', 'warning']);
    const next = await get(linkOf(first.body, 'next') ?? '');
    expect([next.status, idsIn(next.body).length]).toEqual([200, 2]);
  });

  test.each([
    ['/Patient?birthdate=abc', 'value'],
    ['/Patient?birthdate=2021-02-30', 'value'],
    ['/Patient?birthdate=xx2021', 'value'],
    ['/Patient?identifier=ana&_count=x', 'value'],
    ['/Patient?identifier=ana&_count=-1', 'value'],
    ['/Patient?identifier=ana&_summary=some', 'value'],
    ['/Patient?identifier=ana&_total=all', 'value'],
    ['/Patient?identifier=a%7Cb%7Cc', 'value'],
    ['/Patient?active:missing=maybe', 'value'],
    ['/Immunization?patient=a%20b', 'value'],
  ])('rule 60: %s is 400 with code %s, lenient or not', async (url, code) => {
    for (const headers of [{}, LENIENT]) {
      const { status, body } = await get(url, headers);
      expect([status, body.issue?.[0]?.code]).toEqual([400, code]);
    }
  });

  test.each([
    'name:foo=x',
    'birthdate:exact=2020',
    'identifier:contains=x',
    'gender:exact=male',
    'name:exact:exact=x',
  ])('rule 61: the modifier of %s is refused, lenient or not', async (query) => {
    for (const headers of [{}, LENIENT]) expect((await get(`/Patient?${query}`, headers)).status).toBe(400);
  });

  test('rule 62: a parameter without a value is as if it were absent', async () => {
    const { status, body } = await get('/Patient?identifier=ana&name=&birthdate=&_count=');
    expect([status, idsIn(body)]).toEqual([200, [ana.id]]);
  });

  test('rule 63: a reference to what is not there finds nothing, and is no fault', async () => {
    const { status, body } = await get('/Immunization?patient=nobody');
    expect([status, body.total]).toEqual([200, 0]);
  });

  test('rule 64: POST _search gives what GET gives; URL and body are one query', async () => {
    const got = await get(ofAna('&date=ge2024-03-01&_sort=date'));
    const posted = await post('/Immunization/_search', `patient=${ana.id}&date=ge2024-03-01&_sort=date`);
    const merged = await post('/Immunization/_search?date=ge2024-03-01&_sort=date', `patient=${ana.id}`);
    const inUrl = await post(`/Immunization/_search?patient=${ana.id}&date=ge2024-03-01&_sort=date`, '');
    for (const { body } of [posted, merged, inUrl]) expect(body.entry).toEqual(got.body.entry);
    expect(got.body.total).toBe(5);
    const wrong = await call(w, 'POST', '/Immunization/_search', { body: '{"patient":"1"}' });
    expect(wrong.status).toBe(415);
  });

  test('rule 65: every entry has an absolute fullUrl of its id, without a version', async () => {
    const { body } = await get(ofAna('&_include=Immunization:patient'));
    expect(body.entry?.length).toBe(8);
    for (const { fullUrl, resource } of body.entry ?? []) {
      expect(fullUrl).toBe(`${w.url}/${resource?.resourceType ?? ''}/${resource?.id ?? ''}`);
    }
  });

  test('rule 66: the mode tells matches from what was brought along, which no total counts', async () => {
    const { body } = await get(ofAna('&_include=Immunization:patient&_total=accurate'));
    const modes = body.entry?.map(
      ({ search, resource }) => `${search?.mode ?? ''} ${resource?.resourceType ?? ''}`,
    );
    expect(modes).toEqual([...Array<string>(7).fill('match Immunization'), 'include Patient']);
    expect(body.total).toBe(7);
  });

  test('rule 67: the total is that of all pages, or is not given', async () => {
    const accurate = await get(ofAna('&_count=2&_total=accurate'));
    expect([idsIn(accurate.body).length, accurate.body.total]).toEqual([2, 7]);
    const next = await get(linkOf(accurate.body, 'next') ?? '');
    expect(next.body.total).toBe(7);
    expect((await get(ofAna('&_count=2&_total=estimate'))).body.total).toBe(7);
    expect((await get(ofAna('&_count=2&_total=none'))).body.total).toBeUndefined();
    expect((await get(ofAna('&_count=2'))).body.total).toBeUndefined();
    expect((await get(ofAna('&_count=20'))).body.total).toBe(7);
  });

  test('rule 68: _count bounds the matches of a page; 0 asks for the total only', async () => {
    const { body } = await get(ofAna('&_count=3&_include=Immunization:patient'));
    const matches = body.entry?.filter(({ search }) => search?.mode === 'match');
    expect(matches?.length).toBe(3);
    for (const more of ['&_count=0', '&_summary=count']) {
      const counted = await get(ofAna(more));
      expect([counted.body.total, 'entry' in counted.body]).toEqual([7, false]);
    }
  });

  test('rule 88: a count beyond the limit is the limit, and the self link says so', async () => {
    const { body } = await get(ofAna('&_count=100000'));
    expect(linkOf(body, 'self')).toContain('_count=500');
    expect(body.total).toBe(7);
  });

  test('rule 88: what no index serves is refused as too costly, not cut', async () => {
    const { status, body } = await get('/Patient?name:contains=ana');
    expect([status, body.issue?.[0]?.code]).toEqual([422, 'too-costly']);
  });
});

describe('pages', () => {
  async function walk(
    from: string,
    relation = 'next',
    between = async (): Promise<void> => {},
  ): Promise<string[]> {
    const ids: string[] = [];
    for (let url: string | undefined = from; url !== undefined;) {
      const { status, body }: Reply = await get(url);
      expect(status).toBe(200);
      ids.push(...idsIn(body));
      url = linkOf(body, relation);
      await between();
    }
    return ids;
  }
  const byDate = (): string[] => doses.map(({ id }) => id);

  test('rule 69: next leads through everything once, in order', async () => {
    expect(await walk(ofAna('&_sort=date&_count=2'))).toEqual(byDate());
    expect(await walk(ofAna('&_sort=-date&_count=3'))).toEqual(byDate().reverse());
    expect((await walk(ofAna('&_count=1'))).sort()).toEqual(byDate().sort());
  });

  test('rule 69: previous leads back, first to the beginning', async () => {
    const pages: Seen[] = [];
    for (let url: string | undefined = ofAna('&_sort=date&_count=3'); url !== undefined;) {
      pages.push((await get(url)).body);
      url = linkOf(pages.at(-1)!, 'next');
    }
    expect(pages.length).toBe(3);
    const back = await get(linkOf(pages[2]!, 'previous') ?? '');
    expect(idsIn(back.body)).toEqual(idsIn(pages[1]!));
    const backAgain = await get(linkOf(back.body, 'previous') ?? '');
    expect(idsIn(backAgain.body)).toEqual(idsIn(pages[0]!));
    expect(idsIn((await get(linkOf(pages[2]!, 'first') ?? '')).body)).toEqual(idsIn(pages[0]!));
  });

  test('rule 69: writes between pages make nothing appear twice and nothing be lost', async () => {
    const bo = await made(w, patientWith('bo'));
    const all: Seen[] = [];
    for (let day = 1; day <= 9; day += 1) {
      all.push(await made(w, dose(bo.id, { occurrenceDateTime: `2024-05-0${day}` })));
    }
    let n = 0;
    const seen = await walk(`/Immunization?patient=${bo.id}&_sort=date&_count=2`, 'next', async () => {
      n += 1;
      const changed = all[n % 3]!;
      await call(w, 'PUT', `/Immunization/${changed.id}`, { body: { ...changed, lotNumber: `L${n}` } });
      await made(w, dose(bo.id, { occurrenceDateTime: '2024-01-01' }));
      await call(w, 'DELETE', `/Immunization/${all[8]!.id}`);
    });
    expect(seen).toEqual(all.slice(0, 8).map(({ id }) => id));
  });

  test('rule 69: links of a POST search are asked by GET, and say nothing of it', async () => {
    const first = await post('/Immunization/_search', `patient=${ana.id}&_sort=date&_count=4`);
    const url = linkOf(first.body, 'next') ?? '';
    expect(url).not.toContain(ana.id);
    expect([...idsIn(first.body), ...(await walk(url))]).toEqual(byDate());
  });

  test('rule 69: links of a compartment search stay in it', async () => {
    expect(await walk(`/Patient/${ana.id}/Immunization?_sort=date&_count=2`)).toEqual(byDate());
  });

  test('rule 69: a link that was changed, or that belongs elsewhere, is 400', async () => {
    const url = linkOf((await get(ofAna('&_count=2'))).body, 'next') ?? '';
    for (const wrong of [
      url.slice(0, -3),
      `${url}A`,
      `${url}&patient=x`,
      url.replace('Immunization', 'Patient'),
    ]) {
      expect((await get(wrong)).status).toBe(400);
    }
    expect((await get(`${url}&_format=json`)).status).toBe(200);
  });

  test('rule 69: patients of one name and birth date are paged without loss', async () => {
    const same = await Promise.all(
      Array.from({ length: 7 }, () =>
        made(w, patient({ name: [{ family: 'Samename' }], birthDate: '2000-01-01' })),
      ),
    );
    const ids = await walk('/Patient?family=Samename&_sort=birthdate,family&_count=2');
    expect([...ids].sort()).toEqual(same.map(({ id }) => id).sort());
    const back = await walk('/Patient?family=Samename&_sort=-family&_count=3');
    expect([...back].sort()).toEqual(same.map(({ id }) => id).sort());
  });
});
