/** The links of a searchset: what was used, and pages that hold the whole search (R4 search.html#conformance, http.html#paging). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { world, type World } from '../../world/world.ts';
import type { Searchset } from './bodies.ts';
import { keep } from './kept.ts';

let w: World;
beforeAll(async () => {
  w = await world();
  for (let n = 0; n < 6; n += 1) {
    await keep(w, {
      resourceType: 'Patient',
      id: `p${n}`,
      name: [{ family: 'Nguyen' }],
      gender: 'female',
    });
  }
});
afterAll(() => w.end());

const linkOf = ({ link }: Searchset, relation: string): string =>
  link.find((each) => each.relation === relation)?.url.slice(w.url.length) ?? '';
const idsOf = ({ entry = [] }: Searchset): readonly string[] =>
  entry.filter(({ search }) => search.mode === 'match').map(({ resource }) => resource.id);

test('a page link needs no header: what a lenient search left out is not in it', async () => {
  const { body } = (await w.fhir
    .get('/Patient?family=nguyen&colour=red&_count=4')
    .set('Prefer', 'handling=lenient')
    .expect(200)) as { body: Searchset };
  expect(idsOf(body)).toEqual(['p0', 'p1', 'p2', 'p3']);
  const next = linkOf(body, 'next');
  expect(next).not.toMatch(/colour|nguyen/);
  const { body: second } = (await w.fhir.get(next).expect(200)) as { body: Searchset };
  expect(idsOf(second)).toEqual(['p4', 'p5']);
  expect(decodeURIComponent(linkOf(second, 'self'))).toBe('/Patient?family=nguyen&_count=4');
});

test('the links of a posted search are followed with GET', async () => {
  const { body } = (await w.fhir
    .post('/Patient/_search')
    .set('Content-Type', 'application/x-www-form-urlencoded')
    .send('family=nguyen&_count=5')
    .expect(200)) as { body: Searchset };
  const { body: second } = (await w.fhir.get(linkOf(body, 'next')).expect(200)) as { body: Searchset };
  expect(idsOf(second)).toEqual(['p5']);
  const { body: first } = (await w.fhir.get(linkOf(second, 'first')).expect(200)) as { body: Searchset };
  expect(idsOf(first)).toEqual(idsOf(body));
});

test('a total beyond what is counted is left out where it was to be estimated, and refused where it was to be exact', async () => {
  const { limits } = w.rooms;
  Object.assign(w.rooms, { limits: { ...limits, total: 3 } });
  const { body } = (await w.fhir.get('/Patient?family=nguyen&_count=2&_total=estimate').expect(200)) as {
    body: Searchset;
  };
  expect(body.total).toBeUndefined();
  await w.fhir.get('/Patient?family=nguyen&_count=2&_total=accurate').expect(422);
  await w.fhir.get('/Patient?family=nguyen&_summary=count').expect(422);
  Object.assign(w.rooms, { limits });
});
