/** That no rule of the suite is left out in silence. */
import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEVIATIONS } from './deviations.ts';

const LAST_RULE = 115;

const tested = new Set(
  readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
    .flatMap((text) => [...text.matchAll(/'rule (\d+): /g)].map(([, number]) => Number(number))),
);

test('every rule from 1 to 115 has a test', () => {
  const missing = Array.from({ length: LAST_RULE }, (_, at) => at + 1).filter((rule) => !tested.has(rule));
  expect(missing).toEqual([]);
});

test('every deviation is of a tested rule, and says why', () => {
  for (const { rule, decision, reason } of DEVIATIONS) {
    expect([rule, tested.has(rule)]).toEqual([rule, true]);
    expect([decision, reason]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)]);
  }
});
