/** That no lesson on concurrency, integrity, search and paging is left out in silence. */
import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LATER } from './later.ts';

const LAST_LESSON = 25;

test('every lesson from 1 to 25 has a test or a reason', () => {
  const texts = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'));
  const tested = new Set(
    texts.flatMap((text) => [...text.matchAll(/'lesson (\d+): /g)].map(([, n]) => Number(n))),
  );
  const missing = Array.from({ length: LAST_LESSON }, (_, at) => at + 1).filter(
    (n) => !tested.has(n) && LATER[n] === undefined,
  );
  expect(missing).toEqual([]);
});
