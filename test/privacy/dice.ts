/** Chance from a seed: the same seed makes the same world (mulberry32). */
export interface Dice {
  /** From 0 up to but not including 1. */
  roll(): number;
  oneOf<T>(some: readonly T[]): T;
  chance(probability: number): boolean;
}

export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  const roll = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const oneOf = <T>(some: readonly T[]): T => some[Math.floor(roll() * some.length)] as T;
  return { roll, oneOf, chance: (probability) => roll() < probability };
}
