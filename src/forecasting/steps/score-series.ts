/** Awards points to the scored series of a group (Logic Specification 4.6, §8.4 to §8.6, Tables 8-7, 8-9 and 8-11). */
import { NO_END } from '../civil-date.ts';
import { validDoses, type PatientSeries, type Run } from '../patient-series.ts';
import type { Contest } from './classify-scorable-series.ts';
import { finishDate, isCompletable } from './finish-date.ts';

/** SELECTBEST-1: the sum of points of each series of the contest, in its order. */
export function scoresOf(run: Run, { table, series }: Contest): number[] {
  const points = {
    complete: completePoints,
    'in-process': inProcessPoints,
    'no-valid-doses': noValidDosesPoints,
  }[table];
  return points(run, series);
}

/** Points for a condition: true for one alone, true for two or more, not true. */
type Award = readonly [alone: number, shared: number, failed: number];

function award(holds: readonly boolean[], [alone, shared, failed]: Award): number[] {
  const many = holds.filter(Boolean).length > 1;
  return holds.map((holding) => (holding ? (many ? shared : alone) : failed));
}

function sum(...awards: readonly number[][]): number[] {
  const [first = []] = awards;
  return first.map((_, at) => awards.reduce((total, points) => total + (points[at] ?? 0), 0));
}

function most(values: readonly number[]): boolean[] {
  const greatest = Math.max(...values);
  return values.map((value) => value === greatest);
}

function least(values: readonly number[]): boolean[] {
  return most(values.map((value) => -value));
}

/** Table 8-7. */
function completePoints(_run: Run, series: readonly PatientSeries[]): number[] {
  return award(most(series.map(validDoses)), [1, 0, -1]);
}

/** Table 8-9. */
function inProcessPoints(run: Run, series: readonly PatientSeries[]): number[] {
  const completable = series.map((one) => isCompletable(run, one));
  const finishes = series.map((one, at) =>
    completable[at] === true ? (finishDate(run, one) ?? NO_END) : NO_END,
  );
  const earliest = least(finishes);
  return sum(
    award(
      series.map((one) => one.series.isProduct && hasAllValidDoses(one)),
      [2, 2, -2],
    ),
    award(completable, [3, 3, -3]),
    award(most(series.map(validDoses)), [2, 0, -2]),
    award(least(series.map(notSatisfied)), [2, 0, -2]),
    award(
      completable.map((can, at) => can && earliest[at] === true),
      [1, 0, -1],
    ),
  );
}

/** SELECTB-2: every evaluation made against a target dose is Valid, not only the one that satisfied it. */
function hasAllValidDoses({ evaluations }: PatientSeries): boolean {
  return evaluations.every(({ status, target }) => target === 0 || status === 'Valid');
}

/** SELECTB-5. */
function notSatisfied({ series, current }: PatientSeries): number {
  return series.doses.length - current;
}

/** Table 8-11. */
function noValidDosesPoints(run: Run, series: readonly PatientSeries[]): number[] {
  const starts = series.map(({ forecast }) => forecast?.earliest ?? NO_END);
  const earliest = least(starts);
  return sum(
    award(
      series.map(({ forecast }, at) => forecast?.earliest !== undefined && earliest[at] === true),
      [1, 0, -1],
    ),
    award(
      series.map((one) => isCompletable(run, one)),
      [1, 1, -1],
    ),
    award(
      series.map((one) => one.series.isProduct),
      [-1, -1, 1],
    ),
  );
}
