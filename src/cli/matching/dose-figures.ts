/** How good the consolidated histories of the generator's people are, all records of a person put together, and how fast they are made. */
import { consolidate } from '../../matching/history.ts';
import type { KnownDose, SandboxRecord } from './sandbox-people.ts';

export interface DoseFigures {
  readonly reports: number;
  readonly truePairs: number;
  readonly precision: number;
  readonly recall: number;
  /** Pairs left to a person, for each true pair, and recall with them. */
  readonly reviewRate: number;
  readonly recallWithReview: number;
  /** Milliseconds for a history of 60 reports: median and 99th percentile. */
  readonly median: number;
  readonly p99: number;
}

type Counts = Record<'truePairs' | 'answered' | 'right' | 'review' | 'found', number>;

function pairsOf<T>(list: readonly T[]): readonly (readonly [T, T])[] {
  return list.flatMap((one, at) => list.slice(at + 1).map((other) => [one, other] as const));
}

function countHistory(doses: readonly KnownDose[], counts: Counts): void {
  const truthOf = new Map(doses.map(({ report, truth }) => [report.id, truth]));
  const same = ([one, other]: readonly [string, string]): boolean => truthOf.get(one) === truthOf.get(other);
  const history = consolidate(doses.map(({ report }) => report));
  const answered = history.flatMap(({ sources }) => pairsOf(sources));
  const review = new Map(
    history.flatMap(({ uncertain }) => uncertain.map(({ reports }) => [reports.join(' '), reports] as const)),
  );
  const right = answered.filter(same).length;
  counts.truePairs += pairsOf(doses).filter(([one, other]) => one.truth === other.truth).length;
  counts.answered += answered.length;
  counts.right += right;
  counts.review += review.size;
  counts.found += right + [...review.values()].filter(same).length;
}

const LARGE = 60;
const ROUNDS = 400;

/** Times histories of 60 reports: the doses of a person, reported as often as makes 60. */
function times(histories: readonly (readonly KnownDose[])[]): readonly number[] {
  const large = histories.filter(({ length }) => length >= LARGE / 4).slice(0, ROUNDS);
  return large
    .map((doses) => {
      const reports = Array.from({ length: LARGE }, (_, at) => doses[at % doses.length]?.report).flatMap(
        (report, at) => (report === undefined ? [] : [{ ...report, id: String(at), number: String(at) }]),
      );
      const before = performance.now();
      consolidate(reports);
      return performance.now() - before;
    })
    .sort((one, other) => one - other);
}

const historiesOf = (records: readonly SandboxRecord[]): readonly (readonly KnownDose[])[] =>
  [...Map.groupBy(records, ({ entity }) => entity).values()].map((of) => of.flatMap(({ doses }) => doses));

/** Milliseconds of histories of 60 reports each. */
export const doseTimes = (records: readonly SandboxRecord[]): readonly number[] =>
  times(historiesOf(records));

/** Measures the de-duplication of doses on people whose records are known to be theirs. */
export function doseFigures(records: readonly SandboxRecord[]): DoseFigures {
  const histories = historiesOf(records);
  const counts: Counts = { truePairs: 0, answered: 0, right: 0, review: 0, found: 0 };
  for (const doses of histories) countHistory(doses, counts);
  const took = times(histories);
  return {
    reports: histories.reduce((sum, { length }) => sum + length, 0),
    truePairs: counts.truePairs,
    precision: counts.right / counts.answered,
    recall: counts.right / counts.truePairs,
    reviewRate: counts.review / counts.truePairs,
    recallWithReview: counts.found / counts.truePairs,
    median: took[Math.floor(took.length / 2)] ?? 0,
    p99: took[Math.floor(took.length * 0.99)] ?? 0,
  };
}
