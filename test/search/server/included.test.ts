/** What a page brings along is bounded, and says where it was cut (R4 search.html#include). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { world, type World } from '../../world/world.ts';
import type { Kept } from '../specification/finds.ts';
import type { Searchset } from './bodies.ts';
import { keep } from './kept.ts';

let w: World;
beforeAll(async () => {
  w = await world();
  for (let n = 0; n < 9; n += 1) {
    const partOf = n === 8 ? {} : { partOf: { reference: `Location/l${n + 1}` } };
    await keep(w, { resourceType: 'Location', id: `l${n}`, name: `Room ${n}`, ...partOf });
  }
  const circle = { resourceType: 'Location', id: 'c', name: 'Circle', partOf: { reference: 'Location/c' } };
  await keep(w, circle as Kept);
});
afterAll(() => w.end());

async function modes(query: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const { body } = (await w.fhir.get(`/Location?${query}`).expect(200)) as { body: Searchset };
  const all = Map.groupBy(body.entry ?? [], ({ search }) => search.mode);
  return Object.fromEntries(
    [...all].map(([mode, entries]) => [
      mode,
      entries.map(({ resource }) => (mode === 'outcome' ? resource.resourceType : resource.id)),
    ]),
  );
}

test('one step, once each', async () => {
  expect(await modes('_id=l0,l1&_include=Location:partof')).toEqual({ match: ['l0', 'l1'], include: ['l2'] });
});

test(':iterate goes on from what was brought along', async () => {
  expect(await modes('_id=l4&_include=Location:partof&_include:iterate=Location:partof')).toEqual({
    match: ['l4'],
    include: ['l5', 'l6', 'l7', 'l8'],
  });
});

test(':iterate ends after five steps, and says so where there is more', async () => {
  expect(await modes('_id=l3&_include:iterate=Location:partof')).toEqual({
    match: ['l3'],
    include: ['l4', 'l5', 'l6', 'l7', 'l8'],
  });
  expect(await modes('_id=l1&_include:iterate=Location:partof')).toEqual({
    match: ['l1'],
    include: ['l2', 'l3', 'l4', 'l5', 'l6'],
    outcome: ['OperationOutcome'],
  });
});

test('what leads back to itself is shown once', async () => {
  expect(await modes('_id=c&_include:iterate=Location:partof&_revinclude:iterate=Location:partof')).toEqual({
    match: ['c'],
  });
});

test('more than a page may bring along is cut, and it says so', async () => {
  const { limits } = w.rooms;
  Object.assign(w.rooms, { limits: { ...limits, included: 2 } });
  expect(await modes('_id=l0,l2,l4&_include=Location:partof')).toEqual({
    match: ['l0', 'l2', 'l4'],
    include: ['l1', 'l3'],
    outcome: ['OperationOutcome'],
  });
  Object.assign(w.rooms, { limits });
});
