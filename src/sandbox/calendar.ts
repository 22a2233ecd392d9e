/** Civil days as numbers (days since 1970-01-01), so that a life can be reckoned with; no time zone ever shifts them. */

const MILLISECONDS = 86_400_000;
export const YEAR = 365.2425;

const written = new Map<number, string>();
const read = new Map<string, number>();

/** The number of a day written `YYYY-MM-DD`. Throws RangeError for anything else. */
export function dayOf(date: string): number {
  const known = read.get(date);
  if (known !== undefined) return known;
  const day = Date.parse(`${date}T00:00:00Z`) / MILLISECONDS;
  if (!Number.isInteger(day)) throw new RangeError(`Not a civil date: ${date}`);
  read.set(date, day);
  return day;
}

/** A day as it is written, `YYYY-MM-DD`. A world has some ten thousand different days, so each is worked out once. */
export function dateOf(day: number): string {
  const known = written.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * MILLISECONDS).toISOString().slice(0, 10);
  written.set(day, date);
  return date;
}

/** The year that a day is in. */
export function yearOf(day: number): number {
  return Number(dateOf(day).slice(0, 4));
}
