/**
 * What stretch of time a FHIR date, dateTime, instant, Period or Timing covers.
 * https://hl7.org/fhir/R4/datatypes.html#dateTime and https://hl7.org/fhir/R4/search.html#date
 */

/** A stretch of time in milliseconds since 1970 UTC, both ends included. */
export interface Interval {
  readonly lo: number;
  readonly hi: number;
}

/** Where a Period without a start begins: the earliest instant that JavaScript and BSON dates can hold. */
export const BEGINNING_OF_TIME = -8.64e15;
/** Where a Period without an end stops. */
export const END_OF_TIME = 8.64e15;

const MINUTE = 60_000;
const DAY = 86_400_000;

const TIME = /^T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?$/;

/** Days from 1970-01-01 to the first of a month (0 to 12) of the proleptic Gregorian calendar. */
function daysBefore(year: number, month: number): number {
  // Counted from March, the leap day is a year's last, so that no month needs to know of it.
  const y = month < 2 ? year - 1 : year;
  const m = month < 2 ? month + 10 : month - 2;
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return 365 * y + leaps + Math.floor((153 * m + 2) / 5) - 719_468;
}

function daysIn(year: number, month: number): number {
  if (month === 1) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 3 || month === 5 || month === 8 || month === 10 ? 30 : 31;
}

/** Minutes east of UTC, or undefined where no clock on earth is that far off. */
function zoneOf(text: string | undefined): number | undefined {
  if (text === undefined || text === 'Z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(4));
  if (minutes > 14 * 60 || Number(text.slice(4)) > 59) return undefined;
  return text.startsWith('-') ? -minutes : minutes;
}

/** The part of a day that a time names, before its zone is taken off; a leap second counts as the next minute's first. */
function timeOf(parts: RegExpExecArray): Interval | undefined {
  const hour = Number(parts[1]);
  const minute = Number(parts[2]);
  if (hour > 23 || minute > 59) return undefined;
  const start = (hour * 60 + minute) * MINUTE;
  if (parts[3] === undefined) return { lo: start, hi: start + MINUTE - 1 };
  const second = Number(parts[3]);
  if (second > 60) return undefined;
  const fraction = parts[4] ?? '';
  const lo = start + second * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
  return { lo, hi: lo + Math.max(1, 10 ** (3 - fraction.length)) - 1 };
}

function momentOf(midnight: number, text: string): Interval | undefined {
  const parts = TIME.exec(text);
  if (parts === null) return undefined;
  const time = timeOf(parts);
  const zone = zoneOf(parts[5]);
  if (time === undefined || zone === undefined) return undefined;
  return { lo: midnight + time.lo - zone * MINUTE, hi: midnight + time.hi - zone * MINUTE };
}

/** The number that two digits write, or NaN. Dates are read on each write: no regular expression, no pieces of text. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

/** The month (0 to 11) written after a year's dash, or NaN. */
function monthOf(text: string): number {
  const month = text[4] === '-' ? twoDigits(text, 5) - 1 : NaN;
  return month >= 0 && month <= 11 ? month : NaN;
}

/** Midnight of the day written after a month's dash, or NaN where the month has no such day. */
function midnightOf(text: string, year: number, month: number): number {
  const day = text[7] === '-' ? twoDigits(text, 8) : NaN;
  return day >= 1 && day <= daysIn(year, month) ? (daysBefore(year, month) + day - 1) * DAY : NaN;
}

/**
 * The stretch that a date, dateTime or instant covers by its precision: `2020-02` is the whole of February.
 * Seconds may be left out, as in searches; text without a zone is read in UTC. Undefined for text of another
 * shape and for days that no calendar has (2021-02-30).
 */
export function intervalOf(text: string): Interval | undefined {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  if (!(year > 0)) return undefined;
  if (text.length === 4) return { lo: daysBefore(year, 0) * DAY, hi: daysBefore(year + 1, 0) * DAY - 1 };
  const month = monthOf(text);
  if (Number.isNaN(month)) return undefined;
  if (text.length === 7) {
    const lo = daysBefore(year, month) * DAY;
    return { lo, hi: lo + daysIn(year, month) * DAY - 1 };
  }
  const midnight = midnightOf(text, year, month);
  if (Number.isNaN(midnight)) return undefined;
  return text.length === 10 ? { lo: midnight, hi: midnight + DAY - 1 } : momentOf(midnight, text.slice(10));
}

/** Whether the text is a date, dateTime or instant of the calendar. */
export function isRealDate(text: string): boolean {
  return intervalOf(text) !== undefined;
}

interface PeriodLike {
  readonly start?: unknown;
  readonly end?: unknown;
}
interface TimingLike {
  readonly event?: unknown;
  readonly repeat?: { readonly boundsPeriod?: unknown };
}

function periodInterval({ start, end }: PeriodLike): Interval | undefined {
  if (start === undefined && end === undefined) return undefined;
  const from = typeof start === 'string' ? intervalOf(start)?.lo : BEGINNING_OF_TIME;
  const to = typeof end === 'string' ? intervalOf(end)?.hi : END_OF_TIME;
  return from === undefined || to === undefined ? undefined : { lo: from, hi: to };
}

/** R4 search counts a Timing by its outer limits only. */
function timingInterval({ event, repeat }: TimingLike): Interval | undefined {
  if (!Array.isArray(event)) return intervalOfValue(repeat?.boundsPeriod);
  const found = event.map(intervalOfValue).filter((each) => each !== undefined);
  if (found.length === 0) return undefined;
  return { lo: Math.min(...found.map((each) => each.lo)), hi: Math.max(...found.map((each) => each.hi)) };
}

/**
 * The stretch covered by any value that a date search reads: date, dateTime, instant, Period (an end that is
 * left open reaches to `BEGINNING_OF_TIME` or `END_OF_TIME`) or Timing (events, else the bounds of its
 * repetition). Undefined for every other value, and for a Period without start and end.
 */
export function intervalOfValue(value: unknown): Interval | undefined {
  if (typeof value === 'string') return intervalOf(value);
  if (typeof value !== 'object' || value === null) return undefined;
  return 'event' in value || 'repeat' in value ? timingInterval(value as TimingLike) : periodInterval(value);
}
