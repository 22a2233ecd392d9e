/** Searches that share a query: what is in a person's record, and what has an identifier. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Clause } from '../../src/search/clause.ts';
import { joinedFinder, type FindJoined } from '../../src/storage/joined-finds.ts';
import type { Stored } from '../../src/storage/store.ts';
import { sentBy, stored, watchedPlace, type Place } from './place.ts';

let p: Place;
let find: FindJoined;
beforeAll(async () => {
  p = await watchedPlace();
  find = joinedFinder(p.db);
  const dose = (n: number, patient: string, more: Partial<Stored> = {}): Stored =>
    stored(`dose-${String(n).padStart(4, '0')}`, 1, { patients: [patient], visibility: [], ...more });
  await p.db.collection<Stored>('Immunization').insertMany([
    dose(3, 'ann'),
    dose(1, 'ann', { tokens: ['identifier=a|1', 'status=completed'] }),
    dose(2, 'ben', { tokens: ['identifier=a|1', 'identifier=b|2'], custodians: ['clinic'] }),
    dose(4, 'ben', {
      visibility: [{ of: 'ben', from: '2000-01-01', to: '9999-12-31', hits: ['*'], spares: [] }],
    }),
    dose(5, 'eva', { sort: { date: 10 } }),
    dose(6, 'eva', { sort: { date: 20 } }),
    dose(7, 'eva', { sort: { date: 20 } }),
    dose(8, 'eva'),
    ...Array.from({ length: 501 }, (_, n) => dose(1000 + n, 'mia')),
  ]);
});
afterAll(() => p.end());

const BY_ID = [{ field: '_id', descending: false }];
const of = (...keys: string[]): Clause => ({ op: 'in', field: 'patients', keys });
const numbered = (...keys: string[]): Clause => ({ op: 'in', field: 'tokens', keys });
const idsOf = async (where: readonly Clause[], limit = 50): Promise<readonly string[] | undefined> =>
  (await find('Immunization', { where, order: BY_ID, limit }))?.map(({ _id }) => _id);

test('those of several people are one query, and each gets its own, in order, as many as it asked for', async () => {
  let found: readonly unknown[] = [];
  const sent = await sentBy(p, 'find', async () => {
    found = await Promise.all([
      idsOf([of('ann')]),
      idsOf([of('ben')]),
      idsOf([of('ann', 'ben')], 3),
      idsOf([of('zoe')]),
    ]);
  });
  expect(found).toEqual([
    ['dose-0001', 'dose-0003'],
    ['dose-0002', 'dose-0004'],
    ['dose-0001', 'dose-0002', 'dose-0003'],
    [],
  ]);
  expect(sent).toBe(1);
});

test('what else is asked, and what directives leave, is judged of each', async () => {
  const clinic: Clause = { op: 'in', field: 'custodians', keys: ['clinic'] };
  const sighted: Clause = { op: 'sighted', keys: ['*', 'provider'], day: '2026-11-22' };
  expect(
    await Promise.all([idsOf([of('ben'), clinic]), idsOf([of('ben'), sighted]), idsOf([of('ben')])]),
  ).toEqual([['dose-0002'], ['dose-0002'], ['dose-0002', 'dose-0004']]);
});

test('by identifier, also within a record', async () => {
  expect(await idsOf([numbered('identifier=a|1')])).toEqual(['dose-0001', 'dose-0002']);
  expect(await idsOf([numbered('identifier=a|1', 'identifier=b|2'), of('ben')])).toEqual(['dose-0002']);
});

test('by identifier, with other tokens that it must have', async () => {
  const both = [numbered('identifier=a|1'), numbered('status=completed')];
  expect(await idsOf(both)).toEqual(['dose-0001']);
});

test('what finds too much, or by what is no identifier, has to be asked by itself', async () => {
  expect(await idsOf([of('mia')])).toBeUndefined();
  expect(await idsOf([numbered('status=completed')])).toBeUndefined();
  expect(await idsOf([of('ann'), numbered('status=completed')])).toBeUndefined();
});

test('in the order that is asked, from a place in it', async () => {
  const order = ['sort.date', '_id'].map((field) => ({ field, descending: true }));
  const asked = async (...more: Clause[]): Promise<readonly string[] | undefined> =>
    (await find('Immunization', { where: [of('eva'), ...more], order, limit: 2 }))?.map(({ _id }) => _id);
  expect(await asked()).toEqual(['dose-0007', 'dose-0006']);
  expect(await asked({ op: 'after', keys: order, place: [20, 'dose-0006'] })).toEqual([
    'dose-0005',
    'dose-0008',
  ]);
});
