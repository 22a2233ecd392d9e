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

/** Whether a value compares so to what is asked. `near` is the asked stretch widened for `ap`. */
export function compares(prefix: string, value: Span, asked: Span, near: Span): boolean {
  const above = { from: asked.to, to: Infinity };
  const below = { from: -Infinity, to: asked.from };
  switch (prefix) {
    case 'eq':
      return contains(asked, value);
    case 'ne':
      return !contains(asked, value);
    case 'gt':
      return overlap(above, value);
    case 'lt':
      return overlap(below, value);
    case 'ge':
      return overlap(above, value) || contains(asked, value);
    case 'le':
      return overlap(below, value) || contains(asked, value);
    case 'sa':
      return value.from >= asked.to;
    case 'eb':
      return value.to <= asked.from;
    case 'ap':
      return overlap(near, value);
    default:
      throw new Error(`No prefix ${prefix}`);
  }
}

/** The prefix of a search value, and the rest. */
export function cutPrefix(text: string): readonly [prefix: string, rest: string] {
  const [, prefix = 'eq', rest = ''] = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?(.*)$/.exec(text) ?? [];
  return [prefix, rest];
}

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/** The stretch that a date or time covers by its precision. */
export function spanOfDate(text: string): Span {
  const [, year, month, day, hour, minute, second, fraction, zone = 'Z'] = DATE.exec(text) ?? [];
  const at = (y: number, m: number, d = 1): number => Date.UTC(y, m, d);
  const [y, m, d] = [Number(year), Number(month ?? 1) - 1, Number(day ?? 1)];
  if (month === undefined) return { from: at(y, 0), to: at(y + 1, 0) };
  if (day === undefined) return { from: at(y, m), to: at(y, m + 1) };
  if (hour === undefined) return { from: at(y, m, d), to: at(y, m, d + 1) };
  const east =
    zone === 'Z' ? 0 : Number(`${zone[0] ?? ''}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)));
  const from = at(y, m, d) + (Number(hour) * 60 + Number(minute) - east) * 60_000;
  if (second === undefined) return { from, to: from + 60_000 };
  const start = from + Number(second) * 1000 + Number(`0${fraction ?? ''}`) * 1000;
  return { from: start, to: start + (fraction === undefined ? 1000 : 1) };
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
