/**
 * The server shows what the model allows, no more and no less, through every way in. Some cases of each state from a
 * fixed seed; `npm run test:privacy` runs as many as one likes.
 */
import { describe, expect, test } from '@jest/globals';
import { LAWS } from './model.ts';
import { run } from './run.ts';

const SEED = 20_261_122;
const CASES = 5;

describe(`generated worlds (seed ${SEED})`, () => {
  test.each(Object.keys(LAWS))('of %s', async (state) => {
    expect(await run({ state, seed: SEED, cases: CASES })).toEqual([]);
  });
});
