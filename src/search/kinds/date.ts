/**
 * Date search: a value and a target are both stretches of time by their precision, and a prefix says how they
 * must lie to each other. https://hl7.org/fhir/R4/search.html#date and #prefix
 */
import type { DateParameter } from '../../catalog/define.ts';
import { intervalOf, intervalOfValue } from '../../fhir/date.ts';
import { refuseModifier, refuseValue, type Asked, type Written } from '../asked.ts';
import { allOf, anyOf, type Bounds, type Clause } from '../clause.ts';
import { unescaped } from '../escape.ts';
import type { Interval } from '../keys.ts';
import { clauseOfLead, isLong, keysOfStretch, leadOf, met, type Ends } from '../lead.ts';

const PREFIX = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?(\d.*)$/;
/** R4 advises that `ap` widens by a tenth of the distance between the date and now. */
const APPROXIMATION = 0.1;

export function index(
  { name, parameter, sortable }: { name: string; parameter: DateParameter; sortable: boolean },
  values: readonly unknown[],
): Written {
  const intervals = values.map(intervalOfValue).filter((each) => each !== undefined);
  const [first] = intervals;
  if (first === undefined) return {};
  return {
    index: { [name]: parameter.many ? intervals : { lo: first.lo, hi: first.hi } },
    tokens: sortable ? [] : intervals.flatMap((each) => keysOfStretch(name, each)),
    ...(sortable && { sort: first.lo, isLong: isLong(first) }),
  };
}

const COMPARISONS: Readonly<Record<string, (asked: Interval) => Ends>> = {
  eq: ({ lo, hi }) => [{ lo: { gte: lo }, hi: { lte: hi } }],
  ne: ({ lo, hi }) => [{ lo: { lt: lo } }, { hi: { gt: hi } }],
  gt: ({ hi }) => [{ hi: { gt: hi } }],
  lt: ({ lo }) => [{ lo: { lt: lo } }],
  // Greater, or inside the asked stretch; what begins inside it and reaches further is greater too.
  ge: ({ lo, hi }) => [{ hi: { gt: hi } }, { lo: { gte: lo } }],
  le: ({ lo, hi }) => [{ lo: { lt: lo } }, { hi: { lte: hi } }],
  sa: ({ hi }) => [{ lo: { gt: hi } }],
  eb: ({ lo }) => [{ hi: { lt: lo } }],
  ap: ({ lo, hi }) => [{ lo: { lte: hi }, hi: { gte: lo } }],
};

/** How the ends of a target must lie for one alternative. */
export function endsOf(asked: Asked<DateParameter>, value: string): Ends {
  const [, prefix = 'eq', text = ''] = PREFIX.exec(unescaped(value)) ?? [];
  const interval = intervalOf(text);
  const compare = COMPARISONS[prefix];
  if (interval === undefined || compare === undefined) {
    return refuseValue(
      asked,
      'a date is YYYY, YYYY-MM, YYYY-MM-DD or a date with time and zone (its + sent as %2B), after eq, ne, gt, lt, ge, le, sa, eb or ap',
    );
  }
  return compare(prefix === 'ap' ? widened(interval, asked.setting.now) : interval);
}

function widened({ lo, hi }: Interval, now: Date): Interval {
  const margin = Math.abs(now.getTime() - (lo + hi) / 2) * APPROXIMATION;
  return { lo: lo - margin, hi: hi + margin };
}

const exactly = ({ name, parameter }: Asked<DateParameter>, ends: Ends): Clause =>
  anyOf(ends.map((each) => ({ op: 'interval', field: `index.${name}`, many: parameter.many, ...each })));

/** What an index leads to, and what decides. */
function clauseOf(all: readonly { readonly asked: Asked<DateParameter>; readonly ends: Ends }[]): Clause {
  const [first] = all;
  const lead = first && clauseOfLead(first.asked, met(all.map(({ asked, ends }) => leadOf(asked, ends))));
  return allOf([
    ...(lead === undefined ? [] : [lead]),
    ...all.map(({ asked, ends }) => exactly(asked, ends)),
  ]);
}

/** Whether repeated criteria are about one and the same stretch of time. */
const isOne = (asked: Asked<DateParameter>): boolean => asked.values.length === 1 && !asked.parameter.many;

/** What several criteria of one parameter mean: of one date, the beginning and the end of a stretch go together. */
export function compile(all: readonly Asked<DateParameter>[]): readonly Clause[] {
  const read = all.map((asked) => {
    if (asked.modifier !== undefined) return refuseModifier(asked);
    return asked.values.map((value) => ({ asked, ends: endsOf(asked, value) }));
  });
  if (all.every(isOne)) return [clauseOf(read.flat())];
  return read.map((alternatives) => anyOf(alternatives.map((each) => clauseOf([each]))));
}

const asDates = (bounds: Bounds): Bounds<Date> =>
  Object.fromEntries(Object.entries(bounds).map(([end, instant]) => [end, new Date(instant as number)]));

/** The same of `_lastUpdated`, which is one instant and no stretch. */
export function compileInstant(all: readonly Asked<DateParameter>[]): readonly Clause[] {
  const read = all.map((asked) => {
    if (asked.modifier !== undefined) return refuseModifier(asked);
    return asked.values.flatMap((value) => endsOf(asked, value)).map(({ lo, hi }) => ({ ...lo, ...hi }));
  });
  const range = (within: Bounds): Clause => ({ op: 'range', field: 'lastUpdated', within: asDates(within) });
  if (read.every((ranges) => ranges.length === 1)) return [range(narrowed(read.flat()))];
  return read.map((ranges) => anyOf(ranges.map(range)));
}

/** Instants are whole milliseconds. */
function narrowed(all: readonly Bounds[]): Bounds {
  const lower = all.flatMap(({ gt, gte }) => [
    ...(gt === undefined ? [] : [gt + 1]),
    ...(gte === undefined ? [] : [gte]),
  ]);
  const upper = all.flatMap(({ lt, lte }) => [
    ...(lt === undefined ? [] : [lt - 1]),
    ...(lte === undefined ? [] : [lte]),
  ]);
  return {
    ...(lower.length > 0 && { gte: Math.max(...lower) }),
    ...(upper.length > 0 && { lte: Math.min(...upper) }),
  };
}
