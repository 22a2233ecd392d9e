/**
 * Walking the pages while others write: what was there throughout and kept its place is shown exactly once
 * (https://hl7.org/fhir/R4/http.html#paging).
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Stored } from '../../../src/storage/store.ts';
import { world, type World } from '../../world/world.ts';
import type { Kept } from '../specification/finds.ts';
import type { Searchset } from './bodies.ts';
import { change, drop, keep } from './kept.ts';

const STAY = 40;
const OTHERS = 30;
const COUNT = 4;

let w: World;
let stays: Map<string, Stored>;
let others: Map<string, Stored>;
let made = 0;

beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());
beforeEach(async () => {
  await w.services.connection.collection('Patient').deleteMany({});
  await w.services.connection.collection('Patient_history').deleteMany({});
  stays = new Map();
  others = new Map();
  for (let n = 0; n < STAY; n += 1) stays.set(`s${n}`, await keep(w, body(`s${n}`, n)));
  for (let n = 0; n < OTHERS; n += 1) others.set(`o${n}`, await keep(w, body(`o${n}`, n * 7)));
});

/** Keys repeat, and every fifth person has none. */
function body(id: string, n: number, gender = 'female'): Kept {
  const name = [{ family: `Fam${String.fromCharCode(97 + (n % 9))}` }];
  const birthDate = `20${String(10 + (n % 7))}-0${1 + (n % 9)}-1${n % 9}`;
  const keys = n % 5 === 0 ? {} : { name, birthDate };
  return { resourceType: 'Patient', id, gender, ...keys } as Kept;
}

/** One thing that somebody else does: somebody comes, goes, or moves to another place in the order. */
async function meddle(touchesStaying: boolean): Promise<void> {
  made += 1;
  const [first] = [...others];
  if (first === undefined || made % 4 === 0) {
    others.set(`n${made}`, await keep(w, body(`n${made}`, made * 13)));
    return;
  }
  const [id, was] = first;
  others.delete(id);
  if (made % 4 === 1) return drop(w, 'Patient', was);
  others.set(id, await change(w, was, body(id, made * 11)));
  const [staying] = [...stays].slice(made % STAY);
  if (!touchesStaying || staying === undefined) return;
  const [kept, version] = staying;
  stays.set(
    kept,
    await change(w, version, body(kept, Number(kept.slice(1)), made % 2 === 0 ? 'male' : 'female')),
  );
}

const linkOf = ({ link }: Searchset, relation: string): string | undefined =>
  link.find((each) => each.relation === relation)?.url.slice(w.url.length);

async function page(path: string): Promise<Searchset> {
  const { body: answer } = (await w.fhir.get(path).expect(200)) as { body: Searchset };
  return answer;
}

/** Walks in one direction, while somebody writes without a pause. */
async function walk(from: string, relation: string, touchesStaying: boolean): Promise<readonly Searchset[]> {
  const over = new AbortController();
  const writing = (async () => {
    while (!over.signal.aborted) await meddle(touchesStaying);
  })();
  const pages: Searchset[] = [];
  for (
    let path: string | undefined = from;
    path !== undefined;
    path = linkOf(pages.at(-1) as Searchset, relation)
  ) {
    pages.push(await page(path));
    if (pages.length > 200) break;
  }
  over.abort();
  await writing;
  return pages;
}

const idsOf = (pages: readonly Searchset[]): readonly string[] =>
  pages.flatMap(({ entry = [] }) => entry.map(({ resource }) => resource.id));

const times = (ids: readonly string[]): readonly (readonly [string, number])[] =>
  [...stays.keys()].map((id) => [id, ids.filter((each) => each === id).length] as const);
const once = () => [...stays.keys()].map((id) => [id, 1] as const);

describe.each(['birthdate', '-birthdate', 'family', '-family', '_id', '-_id'])(
  'in the order of %s',
  (sort) => {
    test('forward', async () => {
      const pages = await walk(`/Patient?_sort=${sort}&_count=${COUNT}`, 'next', true);
      expect(times(idsOf(pages))).toEqual(once());
    });

    test('and back', async () => {
      let last = await page(`/Patient?_sort=${sort}&_count=${COUNT}`);
      const shown = idsOf([last]);
      for (let next = linkOf(last, 'next'); next !== undefined; next = linkOf(last, 'next'))
        last = await page(next);
      const end = idsOf([last]);
      const previous = linkOf(last, 'previous');
      if (previous === undefined) throw new Error('one page only');
      const pages = await walk(previous, 'previous', true);
      expect(times([...idsOf(pages), ...end])).toEqual(once());
      expect(idsOf([pages.at(-1) as Searchset]).filter((id) => stays.has(id)).length).toBeLessThanOrEqual(
        COUNT,
      );
      expect(shown).toHaveLength(COUNT);
    });
  },
);

describe.each(['_lastUpdated', '-_lastUpdated', 'family,-_lastUpdated'])('in the order of %s', (sort) => {
  test('what changes during the walk is no longer part of it, so that it ends', async () => {
    const ids = [...stays.keys(), ...others.keys()].join(',');
    const query = sort.includes(',') ? `&_id=${ids}` : '';
    const began = w.clock.now();
    const pages = await walk(`/Patient?_sort=${sort}&_count=${COUNT}${query}`, 'next', false);
    expect(times(idsOf(pages))).toEqual(once());
    expect(pages.length).toBeLessThan((STAY + OTHERS) / COUNT + 3);
    const later = pages
      .slice(1)
      .flatMap(({ entry = [] }) => entry.map(({ resource }) => resource['meta'] as { lastUpdated: string }));
    // The first page may have been asked for a moment after the walk was timed.
    const slack = 60_000;
    for (const { lastUpdated } of later)
      expect(Date.parse(lastUpdated)).toBeLessThan(began.getTime() + slack);
  });
});

test('the first page that a later page links to begins a walk of its own', async () => {
  const start = await page(`/Patient?_sort=-_lastUpdated&_count=${COUNT}`);
  const second = await page(linkOf(start, 'next') ?? '');
  others.set('newest', await keep(w, body('newest', 1)));
  expect(idsOf([await page(linkOf(second, 'first') ?? '')])).toContain('newest');
});
