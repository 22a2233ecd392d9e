/**
 * Date search: a value and a target are both stretches of time by their precision, and a prefix says how they
 * must lie to each other. https://hl7.org/fhir/R4/search.html#date and #prefix
 */
import type { DateParameter } from '../../catalog/define.ts';
import { intervalOf, intervalOfValue } from '../../fhir/date.ts';
import { refuseModifier, refuseValue, type Asked, type Written } from '../asked.ts';
import { anyOf, type Bounds, type Clause } from '../clause.ts';
import { unescaped } from '../escape.ts';
import type { Interval } from '../keys.ts';

const PREFIX = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?(\d.*)$/;
/** A date that is no Period covers at most a leap year. */
const LONGEST_DATE = 366 * 86_400_000;
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
    ...(sortable && { sort: first.lo }),
  };
}

/** How the ends of the target must lie: one of these pairs of bounds. */
type Ends = readonly { readonly lo?: Bounds; readonly hi?: Bounds }[];

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

function endsOf(asked: Asked<DateParameter>, value: string): Ends {
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

const least = (...values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter((each) => each !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
};
const greatest = (...values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter((each) => each !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
};

/**
 * Where the beginning of the target must lie for its ends to lie so. Only beginnings have an index; an end
 * bounds the beginning as well, because a date is never longer than a year.
 */
function beginnings(all: Ends, isPeriod: boolean): Bounds | undefined {
  const uppers = all.map(({ lo, hi }) => least(lo?.lt, lo?.lte, hi?.lt, hi?.lte));
  const lowers = all.map(({ lo, hi }) => {
    const fromEnd = isPeriod ? undefined : greatest(hi?.gt, hi?.gte);
    return greatest(lo?.gt, lo?.gte, fromEnd === undefined ? undefined : fromEnd - LONGEST_DATE);
  });
  const gte = lowers.includes(undefined) ? undefined : least(...lowers);
  const lte = uppers.includes(undefined) ? undefined : greatest(...uppers);
  if (gte === undefined && lte === undefined) return undefined;
  return { ...(gte !== undefined && { gte }), ...(lte !== undefined && { lte }) };
}

function clauseOf({ name, parameter, sortable }: Asked<DateParameter>, ends: Ends): Clause {
  const field = `index.${name}`;
  const exact = anyOf(ends.map((each) => ({ op: 'interval', field, many: parameter.many, ...each })));
  const within = sortable ? beginnings(ends, parameter.period) : undefined;
  return within === undefined
    ? exact
    : { op: 'and', of: [{ op: 'range', field: `sort.${name}`, within }, exact] };
}

export function compile(asked: Asked<DateParameter>): Clause {
  if (asked.modifier !== undefined) return refuseModifier(asked);
  return anyOf(asked.values.map((value) => clauseOf(asked, endsOf(asked, value))));
}

const asDates = (bounds: Bounds): Bounds<Date> =>
  Object.fromEntries(Object.entries(bounds).map(([end, instant]) => [end, new Date(instant as number)]));

/** The same of `_lastUpdated`, which is one instant and no stretch. */
export function compileInstant(asked: Asked<DateParameter>): Clause {
  if (asked.modifier !== undefined) return refuseModifier(asked);
  const ends = asked.values.flatMap((value) => endsOf(asked, value));
  return anyOf(
    ends.map(({ lo, hi }) => ({ op: 'range', field: 'lastUpdated', within: asDates({ ...lo, ...hi }) })),
  );
}
