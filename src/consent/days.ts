/** Civil days as text (YYYY-MM-DD), which sort as they follow each other, and stretches of them. */
import { dayAfter } from '../core/civil-day.ts';

/** From a day on, up to but not including another. */
export interface Stretch {
  readonly from: string;
  readonly to: string;
}

const FIRST_DAY = '0000-01-01';
const LAST_DAY = '9999-12-31';
/** All days. */
export const ALWAYS: Stretch = { from: FIRST_DAY, to: LAST_DAY };

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs more than a request may: one is kept for each zone. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  formats.set(timeZone, known);
  return known;
}

/**
 * The civil day it is somewhere.
 * @param timeZone an IANA name, such as America/New_York
 */
export const dayOf = (instant: Date, timeZone: string): string =>
  timeZone === 'UTC' ? instant.toISOString().slice(0, 10) : formatOf(timeZone).format(instant);

export const isEmpty = ({ from, to }: Stretch): boolean => from >= to;

export const isDuring = ({ from, to }: Stretch, day: string): boolean => from <= day && day < to;

/** The days that are in both. */
export const overlap = (a: Stretch, b: Stretch): Stretch => ({
  from: a.from > b.from ? a.from : b.from,
  to: a.to < b.to ? a.to : b.to,
});

/** What is left of a stretch without the days of others. */
export function without(stretch: Stretch, others: readonly Stretch[]): Stretch[] {
  return others.reduce<Stretch[]>(
    (left, other) =>
      left
        .flatMap((each) => [
          { from: each.from, to: each.to < other.from ? each.to : other.from },
          { from: each.from > other.to ? each.from : other.to, to: each.to },
        ])
        .filter((each) => !isEmpty(each)),
    isEmpty(stretch) ? [] : [stretch],
  );
}

/** A stretch in parts, cut wherever one of the others begins or ends. */
export function parts(stretch: Stretch, others: readonly Stretch[]): Stretch[] {
  const inside = others.flatMap(({ from, to }) => [from, to]).filter((day) => isDuring(stretch, day));
  const cuts = [...new Set([stretch.from, ...inside, stretch.to])].sort();
  return cuts.slice(1).map((to, at) => ({ from: cuts[at] ?? to, to }));
}

/** The first and the last day that a date covers by its precision; a moment is a day of the time zone. */
export function daysOf(text: string, timeZone: string): { first: string; last: string } {
  if (text.length > 10) {
    const day = dayOf(new Date(text), timeZone);
    return { first: day, last: day };
  }
  if (text.length === 10) return { first: text, last: text };
  if (text.length === 4) return { first: `${text}-01-01`, last: `${text}-12-31` };
  const [year = '', month = ''] = text.split('-');
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).toISOString().slice(0, 10);
  return { first: `${text}-01`, last };
}

/** The stretch of a FHIR Period: both its ends belong to it; an end that is left open never comes. */
export function stretchOf(
  { start, end }: { readonly start?: string | undefined; readonly end?: string | undefined },
  timeZone: string,
): Stretch {
  return {
    from: start === undefined ? ALWAYS.from : daysOf(start, timeZone).first,
    to: end === undefined ? ALWAYS.to : dayAfter(daysOf(end, timeZone).last, 1),
  };
}

/** The day on which somebody becomes so many years old; who was born on a leap day, on the first of March. */
export function birthday(born: string, years: number): string {
  const [year = '', month = '', day = ''] = born.split('-');
  const age = String(Number(year) + years).padStart(4, '0');
  const isLeapDay = month === '02' && day === '29' && new Date(`${age}-02-29`).getUTCDate() !== 29;
  return isLeapDay ? `${age}-03-01` : `${age}-${month}-${day}`;
}
