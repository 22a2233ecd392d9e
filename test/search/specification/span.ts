/**
 * Stretches of time and of numbers, and how prefixes compare them, as the specification words it
 * (https://hl7.org/fhir/R4/search.html#prefix). A stretch begins at `from` and ends before `to`.
 */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const contains = (outer: Span, inner: Span): boolean => outer.from <= inner.from && inner.to <= outer.to;
const overlap = (a: Span, b: Span): boolean => a.from < b.to && b.from < a.to;

type Comparison = (value: Span, asked: Span, near: Span) => boolean;
const above = ({ to }: Span): Span => ({ from: to, to: Infinity });
const below = ({ from }: Span): Span => ({ from: -Infinity, to: from });

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  eq: (value, asked) => contains(asked, value),
  ne: (value, asked) => !contains(asked, value),
  gt: (value, asked) => overlap(above(asked), value),
  lt: (value, asked) => overlap(below(asked), value),
  ge: (value, asked) => overlap(above(asked), value) || contains(asked, value),
  le: (value, asked) => overlap(below(asked), value) || contains(asked, value),
  sa: (value, asked) => value.from >= asked.to,
  eb: (value, asked) => value.to <= asked.from,
  ap: (value, _asked, near) => overlap(near, value),
};

/** Whether a value compares so to what is asked. `near` is the asked stretch widened for `ap`. */
export function compares(prefix: string, value: Span, asked: Span, near: Span): boolean {
  const comparison = COMPARISONS[prefix];
  if (comparison === undefined) throw new Error(`No prefix ${prefix}`);
  return comparison(value, asked, near);
}

/** The prefix of a search value, and the rest. */
export function cutPrefix(text: string): readonly [prefix: string, rest: string] {
  const [, prefix = 'eq', rest = ''] = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?(.*)$/.exec(text) ?? [];
  return [prefix, rest];
}

const DAY = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/;
const TIME = /^(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(?:Z|([+-])(\d\d):(\d\d))?$/;
const MINUTE = 60_000;

/** Of a year, a month or a day. */
function spanOfDay(text: string): Span {
  const [, year, month, day] = (DAY.exec(text) ?? []).map(Number) as (number | undefined)[];
  const y = year ?? NaN;
  if (!text.includes('-')) return { from: Date.UTC(y, 0), to: Date.UTC(y + 1, 0) };
  const m = (month ?? NaN) - 1;
  if (text.length === 7) return { from: Date.UTC(y, m), to: Date.UTC(y, m + 1) };
  return { from: Date.UTC(y, m, day), to: Date.UTC(y, m, (day ?? NaN) + 1) };
}

/** The stretch that a date or time covers by its precision. */
export function spanOfDate(text: string): Span {
  const [day = '', time] = text.split('T');
  const { from } = spanOfDay(day);
  if (time === undefined) return spanOfDay(day);
  const [, hour, minute, second, fraction = '', sign, ...zone] = TIME.exec(time) ?? [];
  const east = Number(`${sign ?? ''}1`) * (Number(zone[0] ?? 0) * 60 + Number(zone[1] ?? 0));
  const start = from + (Number(hour) * 60 + Number(minute) - east) * MINUTE;
  if (second === undefined) return { from: start, to: start + MINUTE };
  const exactly = start + (Number(second) + Number(`0${fraction}`)) * 1000;
  return { from: exactly, to: exactly + (fraction === '' ? 1000 : 1) };
}

/** A tenth of the way from today widens what is asked approximately. */
export function nearDate({ from, to }: Span, now: Date): Span {
  const margin = Math.abs(now.getTime() - (from + to) / 2) * 0.1;
  return { from: from - margin, to: to + margin };
}

/** The numbers that a number in a search stands for, by its digits. */
export function spanOfNumber(text: string): Span {
  const [mantissa = '', power] = text.toLowerCase().split('e');
  const decimals = mantissa.split('.')[1]?.length ?? (power === undefined ? 0 : 1);
  const half = 10 ** (Number(power ?? 0) - decimals) / 2;
  const value = Number(text);
  return { from: value - half, to: value + half };
}
