/** What the server finds over HTTP, on every page, is what a plain reading of the specification finds in memory. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Resource } from '@medplum/fhirtypes';
import { catalog } from '../../../src/catalog/index.ts';
import { world, type World } from '../../world/world.ts';
import { finds, type Kept } from '../specification/finds.ts';
import type { Searchset } from './bodies.ts';
import { keepAll } from './kept.ts';
import { population } from './records.ts';
import { asked, type Asked } from './queries.ts';
import { SHAPES } from './shapes-by-type.ts';

/** More are asked for with SEARCH_RUNS=5000. */
const RUNS = Number(process.env['SEARCH_RUNS'] ?? 300);

let w: World;
let resources: readonly Kept[];

beforeAll(async () => {
  w = await world();
  const kept = (await keepAll(w, population(20_261_122))).map(({ json }) => JSON.parse(json) as Kept);
  resources = [
    ...kept,
    ...(await derived('ImmunizationRecommendation')),
    ...(await derived('ImmunizationEvaluation')),
  ];
}, 300_000);
afterAll(() => w.end());

/** What the server itself computed of the doses. */
async function derived(type: string): Promise<readonly Kept[]> {
  const { body } = (await w.fhir.get(`/${type}?_count=1000`).expect(200)) as { body: Searchset };
  return (body.entry ?? []).map(({ resource }) => resource as Kept);
}

const pairsOf = ({ type, criteria, sort, count, isNarrow }: Asked): [string, string][] => {
  const ids = resources.filter(({ resourceType }) => resourceType === type).map(({ id }) => id);
  const pairs: [string, string][] = criteria.map(({ name, value }) => [name, value]);
  if (isNarrow) pairs.push(['_id', ids.join(',')]);
  if (sort !== undefined) pairs.push(['_sort', sort]);
  pairs.push(['_count', String(count)]);
  return pairs;
};

async function begin(search: Asked, ...more: [string, string][]): Promise<Page> {
  const query = new URLSearchParams([...pairsOf(search), ...more]).toString();
  const { type, isPosted } = search;
  const asking = isPosted
    ? w.fhir.post(`/${type}/_search`).type('form').send(query)
    : w.fhir.get(`/${type}?${query}`);
  return await asking;
}

interface Page {
  readonly status: number;
  readonly body: Searchset;
}

interface Walked {
  readonly status: number;
  readonly pages: readonly (readonly string[])[];
  readonly last?: Searchset;
}

const idsOf = ({ entry = [] }: Searchset): readonly string[] =>
  entry.map(({ resource }) => (resource as Resource).id ?? '');
const linkOf = ({ link }: Searchset, relation: string): string | undefined =>
  link.find((each) => each.relation === relation)?.url.slice(w.url.length);

/** Every page from one on, by one of the links. */
async function walk(from: Page, relation: 'next' | 'previous'): Promise<Walked> {
  const pages: (readonly string[])[] = [];
  let last: Searchset | undefined;
  for (let page: Page | undefined = from; page !== undefined;) {
    const { status, body }: Page = page;
    if (status !== 200) return { status, pages };
    pages.push(idsOf(body));
    last = body;
    const path = linkOf(body, relation);
    page = path === undefined ? undefined : await w.fhir.get(path);
  }
  return { status: 200, pages, ...(last && { last }) };
}

test('the server finds what the specification says, in its order, page by page, there and back', async () => {
  let answered = 0;
  let found = 0;
  await fc.assert(
    fc.asyncProperty(asked, async (search) => {
      const place = { base: w.url, now: w.clock.now(), resources };
      const expected = finds(search, place);
      const { status, pages, last } = await walk(await begin(search), 'next');
      if (status === 422) {
        // What no index serves is refused, but never where few resources are named.
        expect(search.isNarrow).toBe(false);
        return;
      }
      expect(status).toBe(200);
      expect(pages.flat()).toEqual(expected);
      expect(pages.every((page, at) => page.length === search.count || at === pages.length - 1)).toBe(true);
      const previous = last && linkOf(last, 'previous');
      if (previous !== undefined) {
        const back = await walk(await w.fhir.get(previous), 'previous');
        expect(back.pages.toReversed()).toEqual(pages.slice(0, -1));
      }
      answered += 1;
      found += expected.length;
    }),
    { numRuns: RUNS },
  );
  expect(answered).toBeGreaterThan(RUNS / 2);
  expect(found).toBeGreaterThan(RUNS);
}, 1_000_000);

test('the total is the number of matches on all pages', async () => {
  await fc.assert(
    fc.asyncProperty(asked, async (search) => {
      const expected = finds(search, { base: w.url, now: w.clock.now(), resources });
      const { body, status } = await begin({ ...search, isNarrow: true }, ['_total', 'accurate']);
      expect([status, body.total]).toEqual([200, expected.length]);
    }),
    { numRuns: 60 },
  );
}, 60_000);

// How a name sounds is the server's to decide (R4 searchparameter-registry.html); test/search/phonetic.test.ts has it.
const NOT_SPECIFIED = ['phonetic'];

test.each(Object.keys(SHAPES))('by every parameter of %s that the specification defines', (type) => {
  const asked = new Set((SHAPES[type] ?? []).flatMap(([names]) => names).map((name) => name.split(':')[0]));
  const known = Object.keys(catalog.get(type)?.search ?? {}).filter((name) => !NOT_SPECIFIED.includes(name));
  if (type !== 'Observation') expect(known.filter((name) => !asked.has(name))).toEqual([]);
});
