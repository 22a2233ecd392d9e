/**
 * How an index leads to dates. It knows where stretches of time begin, and the few that are long (a year or a month
 * alone, a Period): what ends after an instant begins after it, or a day before at most, or is long.
 */
import type { Bounds, Clause } from './clause.ts';
import { anyOf } from './clause.ts';
import { keyOf } from './key.ts';
import type { Interval } from './keys.ts';
import { LEAD_MONTHS_MAX } from './limits.ts';

/** How the ends of the target must lie: one of these pairs of bounds. */
export type Ends = readonly { readonly lo?: Bounds; readonly hi?: Bounds }[];

/** What is not longer than this is found by its beginning alone. */
const DAY = 86_400_000;
/** A stretch of more years has one key for all of them. */
const YEARS_MAX = 5;
const EVER = 'ever';

interface Dated {
  readonly name: string;
  readonly sortable: boolean;
}

const yearOf = (instant: number): number => new Date(instant).getUTCFullYear();
/** Months since the year 0. */
const monthOf = (instant: number): number => yearOf(instant) * 12 + new Date(instant).getUTCMonth();

const keyOfLong = (name: string, year: number | typeof EVER): string => keyOf(`${name}:long`, String(year));
const keyOfMonth = (name: string, month: number): string => keyOf(`${name}:month`, String(month));

const upTo = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** The keys by which a stretch is found: its years if it is long, and its first month where no index is sorted by it. */
export function keysOfStretch({ name, sortable }: Dated, { lo, hi }: Interval): readonly string[] {
  const months = sortable ? [] : [keyOfMonth(name, monthOf(lo))];
  if (hi - lo <= DAY) return months;
  const years = yearOf(hi) - yearOf(lo) < YEARS_MAX ? upTo(yearOf(lo), yearOf(hi)) : [EVER as typeof EVER];
  return [...months, ...years.map((year) => keyOfLong(name, year))];
}

/** Where a target begins: within the bounds, or before them if it is long and has an instant in it. */
interface Lead {
  readonly gte?: number;
  readonly lte?: number;
  /** What is long and lies over one of these instants may begin earlier. */
  readonly over: readonly number[];
}

const known = (values: readonly (number | undefined)[]): readonly number[] =>
  values.filter((each) => each !== undefined);
const least = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : Math.min(...values);
const greatest = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : Math.max(...values);

const lead = (gte: number | undefined, lte: number | undefined, over: readonly number[]): Lead => ({
  ...(gte !== undefined && { gte }),
  ...(lte !== undefined && { lte }),
  over,
});

function leadOfOne({ lo = {}, hi = {} }: Ends[number]): Lead {
  const lte = least(known([lo.lt, lo.lte, hi.lt, hi.lte]));
  const beginsAfter = greatest(known([lo.gt, lo.gte]));
  const endsAfter = greatest(known([hi.gt, hi.gte]));
  if (beginsAfter !== undefined || endsAfter === undefined) return lead(beginsAfter, lte, []);
  return lead(endsAfter - DAY, lte, [endsAfter]);
}

/** Where targets begin of which one of the pairs of bounds is true. */
export function leadOf(ends: Ends): Lead {
  const leads = ends.map(leadOfOne);
  const lowers = known(leads.map(({ gte }) => gte));
  const uppers = known(leads.map(({ lte }) => lte));
  return lead(
    lowers.length < leads.length ? undefined : least(lowers),
    uppers.length < leads.length ? undefined : greatest(uppers),
    leads.flatMap(({ over }) => over),
  );
}

/** Where one target begins that all the leads are true of. */
export const met = (leads: readonly Lead[]): Lead =>
  lead(
    greatest(known(leads.map(({ gte }) => gte))),
    least(known(leads.map(({ lte }) => lte))),
    leads.flatMap(({ over }) => over),
  );

const keysOver = (name: string, over: readonly number[]): readonly string[] =>
  over.length === 0
    ? []
    : [...new Set(over.map(yearOf).map((year) => keyOfLong(name, year))), keyOfLong(name, EVER)];

/** The clause by which an index finds them; undefined where none does. */
export function clauseOfLead({ name, sortable }: Dated, { gte, lte, over }: Lead): Clause | undefined {
  const long = keysOver(name, over);
  if (sortable) return clauseOfOrder(name, { gte, lte }, long);
  if (gte === undefined || lte === undefined) return undefined;
  const [first, last] = [monthOf(gte), monthOf(lte)];
  if (last - first >= LEAD_MONTHS_MAX) return undefined;
  const months = upTo(first, Math.max(first, last)).map((month) => keyOfMonth(name, month));
  return { op: 'in', field: 'tokens', keys: [...months, ...long] };
}

function clauseOfOrder(
  name: string,
  { gte, lte }: { readonly gte: number | undefined; readonly lte: number | undefined },
  long: readonly string[],
): Clause | undefined {
  if (gte === undefined && lte === undefined) return undefined;
  const range = (within: Bounds): Clause => ({ op: 'range', field: `sort.${name}`, within });
  const upper = lte === undefined ? {} : { lte };
  const begins = range({ ...(gte !== undefined && { gte }), ...upper });
  if (long.length === 0 || gte === undefined) return begins;
  const isLong: Clause = { op: 'in', field: 'tokens', keys: long };
  const earlier: Clause = lte === undefined ? isLong : { op: 'and', of: [isLong, range(upper)] };
  return anyOf([begins, earlier]);
}
