/** Day numbers, the calendar and durations agree with the platform's own calendar. */
import { test } from '@jest/globals';
import fc from 'fast-check';
import {
  addMonthsAndDays,
  civilDate,
  dayNumber,
  isoDate,
  readDate,
} from '../../src/forecasting/civil-date.ts';

const day = fc.integer({ min: -25_567, max: 376_199 });

test('a day number and its calendar date are each other’s inverse', () => {
  fc.assert(
    fc.property(day, (number) => {
      const { year, month, date } = civilDate(number);
      return (
        dayNumber(year, month, date) === number && number * 86_400_000 === Date.UTC(year, month - 1, date)
      );
    }),
  );
});

test('an ISO text is read back as the same day', () => {
  fc.assert(fc.property(day, (number) => readDate(isoDate(number))?.first.day === number));
});

test('months added never land before the day of the month asked for', () => {
  fc.assert(
    fc.property(day, fc.integer({ min: 0, max: 1_200 }), (number, months) => {
      const from = civilDate(number);
      const to = civilDate(addMonthsAndDays(from, months, 0));
      // CALCDT-5 moves forward to the first of the next month, never back.
      return to.date === from.date || (to.date === 1 && from.date > 28);
    }),
  );
});

test('a longer time never ends earlier', () => {
  fc.assert(
    fc.property(
      day,
      fc.integer({ min: 0, max: 600 }),
      fc.integer({ min: 0, max: 60 }),
      (number, months, days) => {
        const from = civilDate(number);
        const end = addMonthsAndDays(from, months, days);
        return (
          addMonthsAndDays(from, months + 1, days) >= end &&
          addMonthsAndDays(from, months, days + 1) === end + 1
        );
      },
    ),
  );
});
