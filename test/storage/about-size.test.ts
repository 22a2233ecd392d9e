import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { aboutSizeIn } from '../../src/storage/about-size.ts';
import { insert } from '../../src/storage/write.ts';
import { sentBy, stored, watchedPlace, type Place } from './place.ts';

let p: Place;
let time = 0;
beforeAll(async () => {
  p = await watchedPlace();
  await p.store.commit(insert('Basic', stored('one')));
});
afterAll(() => p.end());

test('About how large a collection is is asked once in ten seconds, by all who wait together.', async () => {
  const sizeOf = aboutSizeIn(p.db, () => time);
  const asked = async (): Promise<readonly number[]> => Promise.all([sizeOf('Basic'), sizeOf('Basic')]);
  expect(await sentBy(p, 'count', asked)).toBe(1);
  await p.store.commit(insert('Basic', stored('two')));
  time += 9_999;
  expect(await asked()).toEqual([1, 1]);
  time += 1;
  expect(await asked()).toEqual([2, 2]);
});

test('Another collection has a size of its own.', async () => {
  const sizeOf = aboutSizeIn(p.db, () => time);
  expect([await sizeOf('Basic'), await sizeOf('Patient')]).toEqual([2, 0]);
});

test('A fault is nobody’s answer but of who waited for it.', async () => {
  const sizeOf = aboutSizeIn(p.db, () => time);
  await expect(sizeOf('no\0collection')).rejects.toThrow();
  await expect(sizeOf('no\0collection')).rejects.toThrow();
  expect(await sizeOf('Basic')).toBe(2);
});
