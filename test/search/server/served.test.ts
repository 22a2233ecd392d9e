/** That no search is a scan: every parameter of every type, explained by MongoDB on documents that have them all. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { catalog } from '../../../src/catalog/index.ts';
import { reachOf } from '../../../src/search/reach.ts';
import { world, type World } from '../../world/world.ts';
import { ask, refusalOf } from '../asking.ts';
import { planOf, type Plan } from './plans.ts';
import { documentOf, samplesOf, SIZE } from './population.ts';

const searched = [...catalog.values()].filter(({ interactions }) => interactions.includes('search-type'));

let w: World;
beforeAll(async () => {
  w = await world();
  for (const entry of searched) {
    const documents = Array.from({ length: SIZE }, (_, n) => documentOf(entry, n));
    await w.services.connection.collection(entry.type).deleteMany({});
    await w.services.connection.collection<(typeof documents)[0]>(entry.type).insertMany(documents);
  }
}, 120_000);
afterAll(() => w.end());

const isScan = ({ stages }: Plan): boolean => stages.includes('COLLSCAN');

describe.each(searched.map((entry) => ({ entry, type: entry.type })))('$type', ({ entry, type }) => {
  const samples = samplesOf(entry).filter(
    ([name, value]) => refusalOf(() => ask(type, `${name}=${value}`)) === undefined,
  );

  test('is searched by an index of each of its parameters, or not at all', async () => {
    for (const [name, value] of samples) {
      const request = ask(type, `${name}=${value}`);
      const plan = await planOf(w, request);
      expect([name, isScan(plan)]).toEqual([name, false]);
      const few = request.clauses.some((clause) => reachOf(entry, clause) === 'few');
      if (few) expect([name, plan.examined < SIZE / 4]).toEqual([name, true]);
    }
    expect(samples.length).toBeGreaterThan(5);
  });

  test('is asked for what no index serves among few resources only', async () => {
    const ids = Array.from({ length: 5 }, (_, n) => `d000${n}`).join(',');
    for (const [name, value] of samplesOf(entry)) {
      const asked = [
        `${name}:missing=true`,
        `${name}:not=${value}`,
        `${name}:contains=${value}`,
        `${name}=ne${value}`,
      ];
      for (const each of asked) {
        const kind = refusalOf(() => ask(type, `_id=${ids}&${each}`));
        if (kind !== undefined) continue;
        const plan = await planOf(w, ask(type, `_id=${ids}&${each}`));
        expect([each, isScan(plan), plan.examined <= 10]).toEqual([each, false, true]);
      }
    }
  }, 60_000);

  test('is sorted by an index, in both directions and without any criterion', async () => {
    for (const name of ['_id', '_lastUpdated', ...(entry.sort ?? [])]) {
      for (const sort of [name, `-${name}`]) {
        const plan = await planOf(w, ask(type, `_sort=${sort}&_count=5`));
        expect([sort, isScan(plan), plan.stages.includes('SORT')]).toEqual([sort, false, false]);
        expect(plan.examined).toBeLessThan(20);
      }
    }
  });

  test('is read page by page by an index, wherever the page begins', async () => {
    for (const name of ['_id', '_lastUpdated', ...(entry.sort ?? [])]) {
      for (const sort of [name, `-${name}`]) {
        const request = ask(type, `_sort=${sort}&_count=5`);
        const middle = documentOf(entry, SIZE / 2);
        const place = request.order.map(({ field }) =>
          field === '_id'
            ? middle._id
            : field === 'lastUpdated'
              ? middle.lastUpdated
              : middle.sort[field.slice(5)],
        );
        const plan = await planOf(w, request, [{ op: 'after', keys: request.order, place }]);
        expect([sort, isScan(plan), plan.stages.includes('SORT'), plan.examined < 30]).toEqual([
          sort,
          false,
          false,
          true,
        ]);
      }
    }
  });

  if (entry.patient.length > 0 && 'patient' in entry.search) {
    test('is read by patient in the order of the type without sorting', async () => {
      const plan = await planOf(w, ask(type, 'patient=v7'));
      expect([isScan(plan), plan.stages.includes('SORT')]).toEqual([false, false]);
    });
  }
});

describe('the hot paths', () => {
  test.each([
    ['Patient', 'family=nam&birthdate=2020-03-01', 'sort.birthdate,index.family,_id', 3],
    ['Patient', 'identifier=urn:s|v7', 'tokens,_id', 3],
    ['Immunization', 'patient=v7&date=ge2020-01-01', 'patients,sort.date,_id', 5],
    ['Immunization', 'patient=v7&date=ge2020-01-01&date=le2021-12-31', 'patients,sort.date,_id', 5],
    ['Immunization', 'date=ge2020-03-01&date=le2020-03-09', 'sort.date,_id', 15],
    ['Immunization', 'identifier=urn:s|v7', 'tokens,_id', 3],
  ])('%s?%s is read by the index %s', async (type, text, index, most) => {
    const plan = await planOf(w, ask(type, text));
    expect([plan.stages.includes('COLLSCAN'), plan.indexes]).toEqual([
      false,
      expect.arrayContaining([index]),
    ]);
    expect(plan.examined).toBeLessThanOrEqual(most);
  });
});
