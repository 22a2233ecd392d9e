/** Generated worlds of one state: some cases each, from a seed. */
import { world } from '../world/world.ts';
import { runCase, type Fault } from './cases.ts';
import { diceOf } from './dice.ts';
import { generate } from './generate.ts';
import { doorOf } from './server.ts';

export interface Run {
  readonly state: string;
  readonly seed: number;
  readonly cases: number;
}

/** The day on which the callers ask. */
const DAY = '2026-11-22';

/** Runs the cases; what went wrong is told with the seed that brings it back. */
export async function run({ state, seed, cases }: Run): Promise<Fault[]> {
  // Noon is the same day in every time zone of the packs.
  const w = await world({ at: `${DAY}T17:00:00.000Z`, jurisdiction: state });
  const door = await doorOf(w);
  try {
    const dice = diceOf(seed);
    const place = { w, door, world: await generate(w, state, dice), day: DAY };
    const faults = await Promise.all(Array.from({ length: cases }, () => runCase(place, dice)));
    return faults.flat().map((fault) => `${state}, seed ${seed}: ${fault}`);
  } finally {
    await door.end();
    await w.end();
  }
}
