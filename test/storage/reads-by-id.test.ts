/** Reads by id that are asked together are one command to the database for each collection, and as fresh as any. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { insert } from '../../src/storage/write.ts';
import { grant, sentBy, stored, watchedPlace, type Place } from './place.ts';

let p: Place;
const IDS = ['one', 'two', 'three'];
beforeAll(async () => {
  p = await watchedPlace();
  for (const id of IDS) {
    await p.store.commit(insert('Basic', stored(id)));
    await p.store.commit([{ do: 'insert', in: 'reservations', doc: { _id: id, holder: id } }]);
  }
});
afterAll(() => p.end());

test('Notes of one collection are one command, and each asker gets its own.', async () => {
  let found: unknown;
  const ask = async (): Promise<void> => {
    found = await Promise.all([...IDS, 'none'].map((id) => p.store.note('reservations', id)));
  };
  expect(await sentBy(p, 'find', ask)).toBe(1);
  expect(found).toEqual([...IDS.map((id) => ({ _id: id, holder: id })), undefined]);
});

test('Notes of two collections are two.', async () => {
  const ask = (): Promise<unknown> =>
    Promise.all(['reservations', 'placements'].map((name) => p.store.note(name, 'one')));
  expect(await sentBy(p, 'find', ask)).toBe(2);
});

test('Reads of one resource and of several of its type are one, and no resource comes twice.', async () => {
  let several: readonly { readonly _id: string }[] = [];
  const ask = async (): Promise<void> => {
    const [one, many] = await Promise.all([
      p.store.read(grant, 'read', 'Basic', 'one'),
      p.store.readMany(grant, 'Basic', ['one', 'two', 'one', 'none']),
    ]);
    expect(one?._id).toBe('one');
    several = many;
  };
  expect(await sentBy(p, 'find', ask)).toBe(1);
  expect(several.map(({ _id }) => _id).sort()).toEqual(['one', 'two']);
});

test('Whole resources have their keys, and those that are shown have none.', async () => {
  const [[whole], [shown]] = await Promise.all([
    p.store.whole('Basic', ['one']),
    p.store.readMany(grant, 'Basic', ['one']),
  ]);
  expect(whole).toEqual(stored('one'));
  expect(shown).not.toHaveProperty('tokens');
});

test('What is written between two reads is in the second.', async () => {
  expect(await p.store.note('placements', 'late')).toBeUndefined();
  await p.store.commit([{ do: 'insert', in: 'placements', doc: { _id: 'late', state: 'new' } }]);
  expect(await p.store.note('placements', 'late')).toEqual({ _id: 'late', state: 'new' });
});

test('Of a type that there is none of nothing is found.', async () => {
  expect(await p.store.readMany(grant, 'Nothing', ['one'])).toEqual([]);
});
