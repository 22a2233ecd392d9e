/**
 * The server shows what the model allows, no more and no less, through every way in. Some cases of each jurisdiction from
 * a fixed seed; `npm run test:privacy` runs as many as one likes.
 */
import { describe, expect, test } from '@jest/globals';
import { LAWS } from './law.ts';
import { run } from './run.ts';

const SEED = 20_261_122;
const CASES = 4;

describe(`generated worlds (seed ${SEED})`, () => {
  test.each(Object.keys(LAWS))('of %s', async (state) => {
    const sequences = state === 'sandbox';
    expect((await run({ state, seed: SEED, cases: CASES, sequences })).faults).toEqual([]);
  });
});
