/**
 * Decides which season of the schedule an assessment falls into. A release carries the dates of one season only;
 * read literally (as CDC's test cases are), everybody is past the season once it has ended and the next release is
 * late. Projected, a season moves by whole years to the assessment date.
 */
import { addMonthsAndDays, civilDate, type CivilDate } from './civil-date.ts';
import type { SeasonReading } from './patient.ts';
import type { Calendar, SeasonWindow } from './schedule/schedule.ts';

export interface SeasonDates {
  /** Day numbers by DateId. */
  readonly days: readonly number[];
  /** Years by which each season was moved. */
  readonly shifts: readonly number[];
}

/** The dates of the calendar as they count on the assessment date. */
export function seasonDates(calendar: Calendar, today: CivilDate, reading: SeasonReading): SeasonDates {
  const shifts = calendar.windows.map((window) => (reading === 'literal' ? 0 : yearsToMove(window, today)));
  if (shifts.every((years) => years === 0)) return { days: calendar.days, shifts };
  const days = calendar.days.map((day, date) => addYears(day, shifts[calendar.windowOf[date] ?? -1] ?? 0));
  return { days, shifts };
}

/** The day a number of years later; 29 February becomes 1 March where there is none (CALCDT-5). */
export function addYears(day: number, years: number): number {
  return years === 0 ? day : addMonthsAndDays(civilDate(day), years * 12, 0);
}

/**
 * A season that ends moves to the first occurrence that has not ended on the assessment date: the present season or,
 * between seasons, the next one. A season without an end moves to the latest start that is not after that date.
 */
function yearsToMove({ start, end }: SeasonWindow, today: CivilDate): number {
  if (end !== undefined) {
    const years = today.year - civilDate(end).year;
    return addYears(end, years) >= today.day ? years : years + 1;
  }
  if (start === undefined) return 0;
  const years = today.year - civilDate(start).year;
  return addYears(start, years) <= today.day ? years : years - 1;
}
