/**
 * Chance that comes out the same each time: every draw is decided by the seeds, so that one person of a
 * sandbox can be made alone and is the same as in a whole world. Generator: sfc32 (PractRand, public domain).
 */
export interface Dice {
  /** A number from 0 up to, not including, 1. */
  next(): number;
  /** Whether something of this probability happens. */
  chance(probability: number): boolean;
  /** A whole number; both ends can come. */
  between(low: number, high: number): number;
  /** One of the list, each as likely. Throws RangeError for an empty list. */
  pick<T>(list: readonly T[]): T;
  /** One of the list, the earlier ones likelier, as common names are. Throws RangeError for an empty list. */
  favor<T>(list: readonly T[]): T;
  /** One of the options, each as likely as its weight says. Throws RangeError for an empty list. */
  weigh<T>(options: readonly Weighted<T>[]): T;
  /** A version 4 UUID (RFC 9562) in text. */
  uuid(): string;
}

export type Weighted<T> = readonly [value: T, weight: number];

/** Spreads a seed over 32 bits (finalizer of MurmurHash3, public domain). */
function scatter(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function generatorOf(seeds: readonly number[]): () => number {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (const seed of seeds) {
    a ^= scatter(seed);
    b ^= scatter(Math.floor(seed / 0x100000000) + 0x51ed270b);
    next();
    next();
  }
  for (let round = 0; round < 10; round += 1) next();
  return next;
}

function picked<T>(list: readonly T[], at: number): T {
  if (at >= list.length) throw new RangeError('There is nothing to pick from');
  return list[at] as T;
}

function weighed<T>(options: readonly Weighted<T>[], share: number): T {
  let left = share * options.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [value, weight] of options) {
    left -= weight;
    if (left < 0) return value;
  }
  return picked(options, options.length - 1)[0];
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');

function uuidOf(word: () => number): string {
  const [time, mid, node, last] = [hex(word()), hex(word()), hex(word()), hex(word())];
  const variant = '89ab'.charAt(parseInt(node.charAt(0), 16) & 3);
  return `${time}-${mid.slice(0, 4)}-4${mid.slice(5)}-${variant}${node.slice(1, 4)}-${node.slice(4)}${last}`;
}

/** Dice that fall as the seeds say: first what the world is, then what they are thrown for, then for whom. */
export function dice(...seeds: readonly number[]): Dice {
  const word = generatorOf(seeds);
  const next = (): number => word() / 0x100000000;
  return {
    next,
    chance: (probability) => next() < probability,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (list) => picked(list, Math.floor(next() * list.length)),
    favor: (list) => picked(list, Math.floor(next() ** 1.7 * list.length)),
    weigh: (options) => weighed(options, next()),
    uuid: () => uuidOf(word),
  };
}

/** What dice are thrown for: each purpose has its own, so that a change in one leaves the others as they fell. */
export const PURPOSE = {
  district: 1,
  organization: 2,
  household: 3,
  person: 4,
  history: 5,
  report: 6,
  secondRecord: 7,
  lot: 8,
} as const;
