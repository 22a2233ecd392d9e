/**
 * How the registry compares dates: those of births and doses are civil dates, whatever zone a time of day names, and
 * one that is known in part refuses nothing that could be right.
 */
import { intervalOf, type Interval } from '../../fhir/date.ts';

const HOUR = 3_600_000;
/** Where the day begins first on earth. */
const EARLIEST_ZONE = 14 * HOUR;
/** How wrong a sender's clock may be. */
const SKEW = HOUR / 6;
const DATE_LENGTH = 10;

/** The days that a date or dateTime may be; undefined for what is none. */
function daysOf(value: unknown): Interval | undefined {
  return typeof value === 'string' ? intervalOf(value.slice(0, DATE_LENGTH)) : undefined;
}

/** Whether every day that the one may be comes before every day that the other may be. */
export function isCertainlyBefore(one: unknown, other: unknown): boolean {
  const [first, last] = [daysOf(one), daysOf(other)];
  return first !== undefined && last !== undefined && first.hi < last.lo;
}

/** Whether a date has begun nowhere on earth yet, or a time is later than a wrong clock could explain. */
export function isInFuture(value: unknown, now: Date): boolean {
  if (typeof value !== 'string') return false;
  const begins = intervalOf(value)?.lo;
  if (begins === undefined) return false;
  return begins - (value.length <= DATE_LENGTH ? EARLIEST_ZONE : SKEW) > now.getTime();
}
