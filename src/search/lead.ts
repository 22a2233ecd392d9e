/**
 * How an index leads to dates. It knows where stretches of time begin, and the few that are long (a year or a month
 * alone, a Period): what ends after an instant begins after it, or a day before at most, or is long.
 */
import { allOf, anyOf, type Bounds, type Clause } from './clause.ts';
import { keyOf } from './key.ts';
import type { Interval } from './keys.ts';
import { LEAD_MONTHS_MAX } from './limits.ts';

/** How the ends of the target must lie: one of these pairs of bounds. */
export type Ends = readonly { readonly lo?: Bounds; readonly hi?: Bounds }[];

/** What is not longer than this is found by its beginning alone. */
const DAY = 86_400_000;
/** No date is longer than a leap year, unless it may be a Period. */
const YEAR = 366 * DAY;
/** A stretch of more years has one key for all of them. */
const YEARS_MAX = 5;
const EVER = 'ever';

/** A parameter of dates: whether an index is sorted by it, and whether it may be a Period. */
interface Dated {
  readonly name: string;
  readonly sortable: boolean;
  readonly lasting: boolean;
}

export const isLong = ({ lo, hi }: Interval): boolean => hi - lo > DAY;

/** The field that says of a sortable date that it is long; an index of its own has those alone. */
export const longField = (name: string): string => `sort.${name}:long`;
export const LONG = 'y';

const yearOf = (instant: number): number => new Date(instant).getUTCFullYear();
/** Months since the year 0. */
const monthOf = (instant: number): number => yearOf(instant) * 12 + new Date(instant).getUTCMonth();

const keyOfLong = (name: string, year: number | typeof EVER): string => keyOf(`${name}:long`, String(year));
const keyOfMonth = (name: string, month: number): string => keyOf(`${name}:month`, String(month));

const upTo = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** The keys of a stretch where no index is sorted by it: its first month, and its years if it is long. */
export function keysOfStretch(name: string, stretch: Interval): readonly string[] {
  const { lo, hi } = stretch;
  const month = keyOfMonth(name, monthOf(lo));
  if (!isLong(stretch)) return [month];
  const isShort = yearOf(hi) - yearOf(lo) < YEARS_MAX;
  const years = isShort ? upTo(yearOf(lo), yearOf(hi)) : [EVER as typeof EVER];
  return [month, ...years.map((year) => keyOfLong(name, year))];
}

/** Where a target begins. */
interface Lead {
  /** At or after this, unless it is long. */
  readonly gte?: number;
  readonly lte?: number;
  /** At or after this, even if it is long. */
  readonly from?: number;
  /** What is long and lies over one of these instants may begin earlier than `gte`. */
  readonly over: readonly number[];
}

const known = (values: readonly (number | undefined)[]): readonly number[] =>
  values.filter((each) => each !== undefined);
const least = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : Math.min(...values);
const greatest = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : Math.max(...values);
/** The least, where there is one for each. */
const leastOfAll = (values: readonly (number | undefined)[]): number | undefined =>
  values.includes(undefined) ? undefined : least(known(values));

interface Possible {
  readonly gte: number | undefined;
  readonly lte: number | undefined;
  readonly from: number | undefined;
}
const lead = (possible: Possible, over: readonly number[]): Lead => ({
  ...Object.fromEntries(Object.entries(possible).filter(([, bound]) => bound !== undefined)),
  over,
});

function leadOfOne({ lo = {}, hi = {} }: Ends[number], lasting: boolean): Lead {
  const lte = least(known([lo.lt, lo.lte, hi.lt, hi.lte]));
  const begins = greatest(known([lo.gt, lo.gte]));
  const ends = greatest(known([hi.gt, hi.gte]));
  if (begins !== undefined || ends === undefined) return lead({ gte: begins, lte, from: begins }, []);
  return lead({ gte: ends - DAY, lte, from: lasting ? undefined : ends - YEAR }, [ends]);
}

/** Where targets begin of which one of the pairs of bounds is true. */
export function leadOf({ lasting }: Pick<Dated, 'lasting'>, ends: Ends): Lead {
  const leads = ends.map((each) => leadOfOne(each, lasting));
  const uppers = leads.map(({ lte }) => lte);
  const bounds = {
    gte: leastOfAll(leads.map(({ gte }) => gte)),
    lte: uppers.includes(undefined) ? undefined : greatest(known(uppers)),
    from: leastOfAll(leads.map(({ from }) => from)),
  };
  return lead(
    bounds,
    leads.flatMap(({ over }) => over),
  );
}

/** Where one target begins that all the leads are true of. */
export const met = (leads: readonly Lead[]): Lead =>
  lead(
    {
      gte: greatest(known(leads.map(({ gte }) => gte))),
      lte: least(known(leads.map(({ lte }) => lte))),
      from: greatest(known(leads.map(({ from }) => from))),
    },
    leads.flatMap(({ over }) => over),
  );

/** The clause by which an index finds them; undefined where none does. */
export const clauseOfLead = ({ name, sortable }: Omit<Dated, 'lasting'>, found: Lead): Clause | undefined =>
  sortable ? clauseOfOrder(name, found) : clauseOfKeys(name, found);

function clauseOfKeys(name: string, { gte, lte, over }: Lead): Clause | undefined {
  if (gte === undefined || lte === undefined) return undefined;
  const [first, last] = [monthOf(gte), monthOf(lte)];
  if (last - first >= LEAD_MONTHS_MAX) return undefined;
  const months = upTo(first, Math.max(first, last)).map((month) => keyOfMonth(name, month));
  const years = [...new Set(over.map(yearOf))].map((year) => keyOfLong(name, year));
  const ever = over.length === 0 ? [] : [keyOfLong(name, EVER)];
  return { op: 'in', field: 'tokens', keys: [...months, ...years, ...ever] };
}

/**
 * The outer range is walked where matches come first in the order asked for; else the index of long ones is merged
 * with the range in which all others begin.
 */
function clauseOfOrder(name: string, { gte, lte, from, over }: Lead): Clause | undefined {
  if (gte === undefined && lte === undefined) return undefined;
  const begins = rangeOf(name, gte, lte);
  if (over.length === 0) return begins;
  const outer = from === undefined && lte === undefined ? [] : [rangeOf(name, from, lte)];
  const long: Clause = { op: 'in', field: longField(name), keys: [LONG] };
  return allOf([...outer, anyOf([begins, allOf([long, ...outer])])]);
}

function rangeOf(name: string, gte: number | undefined, lte: number | undefined): Clause {
  const within: Bounds = { ...(gte !== undefined && { gte }), ...(lte !== undefined && { lte }) };
  return { op: 'range', field: `sort.${name}`, within };
}
