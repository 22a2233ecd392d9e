/** CALCDT-1 to CALCDT-6 by the specification's own examples. */
import { describe, expect, test } from '@jest/globals';
import { addDuration, civilDate, dayNumber, isoDate, readDate } from '../../src/forecasting/civil-date.ts';
import { parseDuration } from '../../src/forecasting/schedule/duration.ts';

function added(from: string, length: string): string {
  return isoDate(addDuration(readDate(from)!.first, parseDuration(length)!));
}

describe('date arithmetic', () => {
  test.each([
    ['2000-01-01', '3 years', '2003-01-01'],
    ['2000-11-01', '6 months', '2001-05-01'],
    ['2000-02-01', '5 weeks', '2000-03-07'],
    ['2001-02-01', '5 weeks', '2001-03-08'],
    ['2000-03-31', '6 months', '2000-10-01'],
    ['2001-08-31', '6 months', '2002-03-01'],
    ['2000-01-31', '6 months - 4 days', '2000-07-27'],
    ['2000-02-29', '1 year', '2001-03-01'],
    ['2020-02-29', '1 year + 1 month', '2021-03-29'],
    ['2019-10-31', '1 month', '2019-12-01'],
    ['2019-12-31', '2 months', '2020-03-01'],
    ['2000-05-10', '16 years - 4 months', '2016-01-10'],
    ['2000-01-03', '- 4 days', '1999-12-30'],
  ])('%s plus %s is %s', (from, length, to) => {
    expect(added(from, length)).toBe(to);
  });

  test('day numbers count from 1970 and agree with the Gregorian calendar', () => {
    expect(dayNumber(1970, 1, 1)).toBe(0);
    expect(dayNumber(2000, 2, 29)).toBe(Date.UTC(2000, 1, 29) / 86_400_000);
    expect(civilDate(-1)).toEqual({ day: -1, year: 1969, month: 12, date: 31 });
  });
});

describe('lengths of time in the data', () => {
  test.each([
    ['9 months', { m: 9 }],
    ['15 months - 4 days', { m: 15, d: -4 }],
    ['6 years + 4 weeks', { y: 6, d: 28 }],
    ['1 years - 4 days', { y: 1, d: -4 }],
    ['46 Years', { y: 46 }],
    ['6months+1day', { m: 6, d: 1 }],
    ['0 days', { d: 0 }],
  ])('%s is read', (text, duration) => {
    expect(parseDuration(text)).toEqual(duration);
  });

  test.each([
    '',
    'n months',
    '4',
    '4 fortnights',
    '6 months 4 days',
    '6 months -',
    '1.5 years',
    'about 2 years',
  ])('"%s" is refused', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('dates as people write them', () => {
  test.each([
    ['2024-02-29', '2024-02-29', '2024-02-29'],
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['2023', '2023-01-01', '2023-12-31'],
    ['2024-02-29T23:30:00-05:00', '2024-02-29', '2024-02-29'],
  ])('%s is a day from %s to %s', (text, first, last) => {
    const date = readDate(text);
    expect([isoDate(date!.first.day), isoDate(date!.last.day)]).toEqual([first, last]);
  });

  test.each(['', '2023-02-29', '2024-13', '24-01-01', 'yesterday', '2024-1-1'])('"%s" is no date', (text) => {
    expect(readDate(text)).toBeUndefined();
  });
});
