/** That no rule of the suite is left out in silence. */
import { expect, test } from '@jest/globals';
import { DEVIATIONS } from './deviations.ts';
import { LAST_RULE, testedRules } from './suite.ts';

const tested = testedRules();

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
