/** Pairs of records that share a blocking key, and how good each key is at it. */
import { BLOCKING_KEY_NAMES, keysOf, type BlockingKey } from '../../matching/blocking.ts';
import type { Known } from './sandbox-people.ts';

export interface Pair {
  readonly one: Known;
  readonly other: Known;
  readonly isTrue: boolean;
}

/** How much of the truth a key leads to, at what cost. */
export interface KeyFigures {
  readonly key: BlockingKey | 'all';
  /** Share of the true pairs that share it. */
  readonly completeness: number;
  /** Candidates that a record has by it, on average and at most. */
  readonly mean: number;
  readonly most: number;
}

export interface Candidates {
  readonly pairs: readonly Pair[];
  readonly truePairs: number;
  readonly keys: readonly KeyFigures[];
  readonly keysPerRecord: number;
}

const linked = (one: Known, other: Known): boolean => one.file === undefined || one.file !== other.file;

function countTrue(records: readonly Known[]): number {
  let pairs = 0;
  for (const of of Map.groupBy(records, ({ entity }) => entity).values())
    for (const [at, one] of of.entries())
      pairs += of.slice(at + 1).filter((other) => linked(one, other)).length;
  return pairs;
}

function blocksOf(records: readonly Known[]): ReadonlyMap<string, readonly number[]> {
  const blocks = new Map<string, number[]>();
  for (const [at, { person }] of records.entries())
    for (const key of keysOf(person)) {
      const block = blocks.get(key);
      if (block === undefined) blocks.set(key, [at]);
      else block.push(at);
    }
  return blocks;
}

/** Pairs of a block, as one number each. */
function* pairsIn(block: readonly number[], total: number): Generator<number> {
  for (const [at, one] of block.entries())
    for (let next = at + 1; next < block.length; next += 1) yield one * total + (block[next] ?? 0);
}

interface Found {
  readonly pairs: ReadonlyMap<number, Pair>;
  /** Of each pair, the keys that lead to it, a bit each. */
  readonly by: ReadonlyMap<number, number>;
}

function find(records: readonly Known[]): Found {
  const pairs = new Map<number, Pair>();
  const by = new Map<number, number>();
  for (const [key, block] of blocksOf(records)) {
    const bit = 1 << BLOCKING_KEY_NAMES.indexOf(key.charAt(0) as BlockingKey);
    for (const pair of pairsIn(block, records.length)) {
      const [one, other] = [records[Math.floor(pair / records.length)], records[pair % records.length]];
      if (one === undefined || other === undefined || !linked(one, other)) continue;
      if (!pairs.has(pair)) pairs.set(pair, { one, other, isTrue: one.entity === other.entity });
      by.set(pair, (by.get(pair) ?? 0) | bit);
    }
  }
  return { pairs, by };
}

function figuresOf(
  { pairs, by }: Found,
  key: KeyFigures['key'],
  records: number,
  truePairs: number,
): KeyFigures {
  const bit = key === 'all' ? -1 : 1 << BLOCKING_KEY_NAMES.indexOf(key);
  const each = new Uint32Array(records);
  let [found, total] = [0, 0];
  for (const [number, { isTrue }] of pairs) {
    if (((by.get(number) ?? 0) & bit) === 0) continue;
    total += 1;
    if (isTrue) found += 1;
    for (const record of [Math.floor(number / records), number % records])
      each[record] = (each[record] ?? 0) + 1;
  }
  return {
    key,
    completeness: found / truePairs,
    mean: (2 * total) / records,
    most: each.reduce((a, b) => Math.max(a, b), 0),
  };
}

/** The candidate pairs of records. */
export function candidatesOf(records: readonly Known[]): Candidates {
  const found = find(records);
  const truePairs = countTrue(records);
  const names = [...BLOCKING_KEY_NAMES, 'all'] as const;
  return {
    pairs: [...found.pairs.values()],
    truePairs,
    keys: names.map((key) => figuresOf(found, key, records.length, truePairs)),
    keysPerRecord: records.reduce((sum, { person }) => sum + keysOf(person).length, 0) / records.length,
  };
}
