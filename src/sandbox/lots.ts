/** Lots: numbers in the pattern of each manufacturer, shared by all who got the product in the same weeks, invented. */
import { dateOf } from './calendar.ts';
import { dice, PURPOSE, type Dice } from './dice.ts';

export interface Lot {
  readonly number: string;
  /** `YYYY-MM-DD`, later than any dose given from it. */
  readonly expires: string;
}

/** In a pattern, `A` stands for a letter, `9` for a digit, `*` for either, anything else for itself. */
const PATTERNS: Readonly<Record<string, readonly string[]>> = {
  PMC: ['U9999AA', 'C9999AA', 'UT9999AA'],
  MSP: ['U999AAA'],
  MSD: ['R099999', 'S099999', 'T099999', 'U099999'],
  SKB: ['9A*9A', '9*9A*', 'A*AVB999AA', '9A9*9'],
  PFR: ['AA9999', 'A99999'],
  WAL: ['A99999'],
  MOD: ['099A29A', '9009999'],
  JSN: ['99999999', '29A99A'],
  NVX: ['9999MF999'],
  SEQ: ['999999', 'P1009999999', '99999A'],
  NOV: ['999999P'],
  CSL: ['P999999999'],
  MED: ['AA9999', 'BJ9999'],
  IDB: ['9A9*9'],
  DVX: ['999999'],
  BN: ['FDP00999'],
};
const OTHERS = ['A99999', '999999A'];
const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';
/** How long a lot is in use. */
const DAYS_IN_USE = 70;

function fill(chance: Dice, pattern: string): string {
  const letter = (): string => LETTERS.charAt(chance.between(0, LETTERS.length - 1));
  const digit = (): string => String(chance.between(0, 9));
  const fills: Readonly<Record<string, () => string>> = {
    A: letter,
    9: digit,
    '*': () => (chance.chance(0.5) ? letter() : digit()),
  };
  return Array.from(pattern, (sign) => fills[sign]?.() ?? sign).join('');
}

const hash = (text: string): number =>
  Array.from(text).reduce((sum, sign) => Math.imul(sum, 31) + (sign.codePointAt(0) ?? 0), 7);

function drawn(seed: number, product: string, period: number, variant: number): Lot {
  const chance = dice(seed, PURPOSE.lot, hash(product), period * 3 + variant);
  const maker = product.slice(product.indexOf(' ') + 1);
  const number = fill(chance, chance.pick(PATTERNS[maker] ?? OTHERS));
  return { number, expires: dateOf((period + 1) * DAYS_IN_USE + chance.between(120, 600)) };
}

/** The lots of a world. Each is drawn once and kept: many people share one, so there are few. */
export interface Lots {
  /** The lot that a place was using on a day; there are three of a product about at any time. */
  lotOf(product: { readonly cvx: string; readonly mvx: string }, day: number, variant: 0 | 1 | 2): Lot;
}

/** The lots of the world of a seed. */
export function lotsOf(seed: number): Lots {
  const known = new Map<string, Lot>();
  return {
    lotOf: ({ cvx, mvx }, day, variant) => {
      const period = Math.floor(day / DAYS_IN_USE);
      const key = `${cvx} ${mvx} ${period} ${variant}`;
      const lot = known.get(key) ?? drawn(seed, `${cvx} ${mvx}`, period, variant);
      known.set(key, lot);
      return lot;
    },
  };
}
