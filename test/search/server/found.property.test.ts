/** What the server finds over HTTP, on every page, is what a plain reading of the specification finds in memory. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Resource } from '@medplum/fhirtypes';
import { world, type World } from '../../world/world.ts';
import { finds, type Kept } from '../specification/finds.ts';
import type { Searchset } from './bodies.ts';
import { keep } from './kept.ts';
import { population } from './people.ts';
import { asked, type Asked } from './queries.ts';

let w: World;
let resources: readonly Kept[];

beforeAll(async () => {
  w = await world();
  const kept: Kept[] = [];
  for (const resource of population(20_261_122))
    kept.push(JSON.parse((await keep(w, resource)).json) as Kept);
  resources = kept;
}, 60_000);
afterAll(() => w.end());

const pathOf = ({ type, criteria, sort, count, isNarrow }: Asked): string => {
  const ids = resources.filter(({ resourceType }) => resourceType === type).map(({ id }) => id);
  const pairs: [string, string][] = criteria.map(({ name, value }) => [name, value]);
  if (isNarrow) pairs.push(['_id', ids.join(',')]);
  if (sort !== undefined) pairs.push(['_sort', sort]);
  pairs.push(['_count', String(count)]);
  return `/${type}?${new URLSearchParams(pairs).toString()}`;
};

interface Walked {
  readonly status: number;
  readonly pages: readonly (readonly string[])[];
  readonly last?: Searchset;
}

const idsOf = ({ entry = [] }: Searchset): readonly string[] =>
  entry.map(({ resource }) => (resource as Resource).id ?? '');
const linkOf = ({ link }: Searchset, relation: string): string | undefined =>
  link.find((each) => each.relation === relation)?.url.slice(w.url.length);

/** Every page from a path on, by one of the links. */
async function walk(from: string, relation: 'next' | 'previous'): Promise<Walked> {
  const pages: (readonly string[])[] = [];
  let last: Searchset | undefined;
  for (let path: string | undefined = from; path !== undefined;) {
    const { status, body } = (await w.fhir.get(path)) as { status: number; body: Searchset };
    if (status !== 200) return { status, pages };
    pages.push(idsOf(body));
    last = body;
    path = linkOf(body, relation);
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
      const { status, pages, last } = await walk(pathOf(search), 'next');
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
        const back = await walk(previous, 'previous');
        expect(back.pages.toReversed()).toEqual(pages.slice(0, -1));
      }
      answered += 1;
      found += expected.length;
    }),
    { numRuns: 400 },
  );
  expect(answered).toBeGreaterThan(200);
  expect(found).toBeGreaterThan(500);
}, 240_000);

test('the total is the number of matches on all pages', async () => {
  await fc.assert(
    fc.asyncProperty(asked, async (search) => {
      const expected = finds(search, { base: w.url, now: w.clock.now(), resources });
      const { body, status } = (await w.fhir.get(
        `${pathOf({ ...search, isNarrow: true })}&_total=accurate`,
      )) as {
        body: Searchset;
        status: number;
      };
      expect([status, body.total]).toEqual([200, expected.length]);
    }),
    { numRuns: 60 },
  );
}, 60_000);
