import { expect, test } from '@jest/globals';
import { memoryOf } from '../../../src/cli/bench/batch.ts';

const MB = 1024 * 1024;
const sample = (written: number, megabytes: number) => ({ written, rssBytes: megabytes * MB, atMs: 0 });

test('memory is read where a tenth of the answers was written, at the end, and where it was most', () => {
  const samples = [
    sample(50, 100),
    sample(99, 110),
    sample(101, 120),
    sample(600, 150),
    sample(1000, 130),
    sample(1000, 40),
  ];
  expect(memoryOf(samples)).toEqual({ tenth: 120, end: 130, most: 150 });
});

test('a process of which nothing was seen has no memory to tell of', () => {
  expect(() => memoryOf([])).toThrow(RangeError);
});
