import { expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { fewAtOnce } from '../../src/interactions/at-once.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

test('results stand in the order of the items, whichever is done first', async () => {
  const results = await fewAtOnce(numbers(30), async (n) => {
    await pause((30 - n) % 7);
    return n * 2;
  });
  expect(results).toEqual(numbers(30).map((n) => n * 2));
});

test('no more than eight are under way at a time', async () => {
  let now = 0;
  let most = 0;
  await fewAtOnce(numbers(40), async () => {
    now += 1;
    most = Math.max(most, now);
    await pause(1);
    now -= 1;
  });
  expect(most).toBe(8);
});

test('the fault told is that of the first item that failed, and no new work begins after it', async () => {
  const begun: number[] = [];
  const work = fewAtOnce(numbers(100), async (n) => {
    begun.push(n);
    await pause(n === 3 ? 5 : 1);
    if (n === 3 || n === 5) throw new Error(`Number ${n} failed.`);
  });
  await expect(work).rejects.toThrow('Number 3 failed.');
  expect(begun.length).toBeLessThan(100);
});

test('work that never waits lets others have their turn', async () => {
  // By a clock on which every piece of work takes a millisecond, whatever this machine makes of it.
  let ms = 0;
  let turns = 0;
  let isDone = false;
  const others = (): void => {
    turns += 1;
    if (!isDone) setImmediate(others);
  };
  setImmediate(others);
  const work = (): Promise<void> => {
    ms += 1;
    return Promise.resolve();
  };
  await fewAtOnce(numbers(200), work, () => ms);
  isDone = true;
  expect(turns).toBeGreaterThanOrEqual(10);
});

test('of nothing there is nothing', async () => {
  expect(await fewAtOnce([], () => Promise.resolve(1))).toEqual([]);
});
