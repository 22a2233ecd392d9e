/**
 * Civil dates without time or zone, as day numbers, and CDC's date arithmetic
 * (CDSi Logic Specification 4.6, §3.4, CALCDT-1 to CALCDT-6).
 */

/** A length of time as the schedule writes it: years and months move the calendar, days (weeks × 7) are counted. */
export interface Duration {
  readonly y?: number;
  readonly m?: number;
  readonly d?: number;
}

/** One day: its number (1970-01-01 is 0) and its place in the calendar, so that months can be added without a search. */
export interface CivilDate {
  readonly day: number;
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly date: number;
}

/** What stands for an empty begin, minimum or start (Logic Specification, "assumed value if empty"). */
export const NO_BEGIN = -25_567; // 1900-01-01
/** What stands for an empty end, maximum or cessation. */
export const NO_END = 376_199; // 2999-12-31

const DAYS_BEFORE_1970 = 719_468;
const DAYS_IN_ERA = 146_097;

/** Day number of a date of the proleptic Gregorian calendar; years begin in March so that leap days come last. */
export function dayNumber(year: number, month: number, date: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + date - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_IN_ERA + dayOfEra - DAYS_BEFORE_1970;
}

/** The calendar date of a day number: the inverse of `dayNumber`. */
export function civilDate(day: number): CivilDate {
  const z = day + DAYS_BEFORE_1970;
  const era = Math.floor(z / DAYS_IN_ERA);
  const dayOfEra = z - era * DAYS_IN_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const date = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  return { day, year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, date };
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Number of days of a month (1 to 12). */
function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * The day number of `from` plus `months`, then plus `days`.
 * CALCDT-5: a day that the month reached does not have becomes the first of the next month, never the last of
 * this one. It is applied once, after years and months together and before days (CALCDT-6).
 */
export function addMonthsAndDays(from: CivilDate, months: number, days: number): number {
  if (months === 0) return from.day + days;
  const total = from.year * 12 + from.month - 1 + months;
  const year = Math.floor(total / 12);
  const month = total - year * 12 + 1;
  if (from.date <= 28 || from.date <= daysInMonth(year, month))
    return dayNumber(year, month, from.date) + days;
  return (month === 12 ? dayNumber(year + 1, 1, 1) : dayNumber(year, month + 1, 1)) + days;
}

/** The day number of `from` plus a duration. */
export function addDuration(from: CivilDate, { y = 0, m = 0, d = 0 }: Duration): number {
  return addMonthsAndDays(from, y * 12 + m, d);
}

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

/** ISO 8601 text (YYYY-MM-DD) of a day number. */
export function isoDate(day: number): string {
  const { year, month, date } = civilDate(day);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}`;
}

/** A date as somebody wrote it: its first and last possible day; they are the same when the day is known. */
export interface WrittenDate {
  readonly first: CivilDate;
  readonly last: CivilDate;
}

const WRITTEN = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?$/;

/** Reads YYYY, YYYY-MM, YYYY-MM-DD or a date with a time (whose date counts as written); undefined if it is no date. */
export function readDate(text: string): WrittenDate | undefined {
  const parts = WRITTEN.exec(text.trim());
  if (parts === null) return undefined;
  const year = Number(parts[1]);
  const month = parts[2] === undefined ? undefined : Number(parts[2]);
  const date = parts[3] === undefined ? undefined : Number(parts[3]);
  return rangeOf(year, month, date);
}

function rangeOf(year: number, month: number | undefined, date: number | undefined): WrittenDate | undefined {
  if (month === undefined) return { first: dateOf(year, 1, 1), last: dateOf(year, 12, 31) };
  if (month < 1 || month > 12) return undefined;
  const length = daysInMonth(year, month);
  if (date === undefined) return { first: dateOf(year, month, 1), last: dateOf(year, month, length) };
  if (date < 1 || date > length) return undefined;
  const only = dateOf(year, month, date);
  return { first: only, last: only };
}

function dateOf(year: number, month: number, date: number): CivilDate {
  return { day: dayNumber(year, month, date), year, month, date };
}
