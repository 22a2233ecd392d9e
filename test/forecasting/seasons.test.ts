/** Seasons: read literally for CDC's cases, projected to the assessment date for patients. */
import { describe, expect, test } from '@jest/globals';
import { loadSchedule } from '../../src/forecasting/schedule/load-schedule.ts';
import { ask, dosesSchedule, given, onlyForecast } from './small-schedule.ts';

const closed = { startDate: '2025-07-01', endDate: '2026-06-30' };
const flu = dosesSchedule({
  season: closed,
  recurringDose: true,
  conditionalSkip: [
    {
      context: 'Both',
      logic: 'AND',
      sets: [
        {
          logic: 'AND',
          conditions: [
            {
              type: 'Vaccine Count',
              startDate: closed.startDate,
              endDate: closed.endDate,
              doseCount: 0,
              doseType: 'Valid',
              doseCountLogic: 'greater than',
              vaccineTypes: [],
            },
          ],
        },
      ],
    },
  ],
});

describe('a season with an end', () => {
  test('read literally it is over after its last day, and before its first day it lies ahead', () => {
    const literal = (assessmentDate: string) =>
      onlyForecast(ask(flu, [], { assessmentDate, seasons: 'literal' }));
    expect(literal('2026-06-30').status).toBe('Not Complete');
    expect(literal('2026-07-01')).toMatchObject({ status: 'Not Recommended', reasons: ['past-season'] });
    expect(literal('2024-12-01').earliestDate).toBe('2025-07-01');
    expect(literal('2026-07-01')).not.toHaveProperty('projectedSeason');
  });

  test.each([
    ['2026-06-30', '2025-07-01', 0],
    ['2026-07-01', '2026-07-01', 1],
    ['2029-01-10', '2028-07-01', 3],
    ['2024-12-01', '2024-07-01', -1],
  ])(
    'projected to %s it opens %s, and the result says that it moved %i years',
    (assessmentDate, earliestDate, years) => {
      const found = onlyForecast(ask(flu, [], { assessmentDate }));
      expect(found).toMatchObject({ status: 'Not Complete', earliestDate });
      expect(found.projectedSeason?.years ?? 0).toBe(years);
    },
  );

  test('the published and the used dates are named', () => {
    expect(onlyForecast(ask(flu, [], { assessmentDate: '2026-10-01' })).projectedSeason).toEqual({
      published: closed,
      used: { startDate: '2026-07-01', endDate: '2027-06-30' },
      years: 1,
    });
  });

  test('the dates of the skips of a seasonal dose move with it: one dose a season, in any year', () => {
    const status = (dose: string, assessmentDate: string) =>
      onlyForecast(ask(flu, [given(dose)], { assessmentDate })).status;
    expect(status('2026-09-01', '2026-10-01')).toBe('Complete');
    expect(status('2026-05-01', '2026-10-01')).toBe('Not Complete');
  });

  test('between two seasons the next one is forecast', () => {
    const rsv = dosesSchedule({ season: { startDate: '2025-10-01', endDate: '2026-03-31' } });
    expect(onlyForecast(ask(rsv, [], { assessmentDate: '2026-05-01' })).earliestDate).toBe('2026-10-01');
    expect(onlyForecast(ask(rsv, [], { assessmentDate: '2026-03-31' })).earliestDate).toBe('2025-10-01');
  });
});

describe('a season without an end', () => {
  const covid = dosesSchedule({ season: { startDate: '2025-08-27' } });

  test.each([
    ['2026-08-26', '2025-08-27'],
    ['2026-08-27', '2026-08-27'],
    ['2025-08-01', '2024-08-27'],
  ])('assessed %s it began %s', (assessmentDate, earliestDate) => {
    expect(onlyForecast(ask(covid, [], { assessmentDate })).earliestDate).toBe(earliestDate);
  });
});

test('dates of skips on a dose without a season never move', () => {
  const conditions = [
    {
      type: 'Vaccine Count',
      endDate: '2021-01-01',
      doseCount: 0,
      doseType: 'Valid',
      doseCountLogic: 'greater than',
      vaccineTypes: [],
    },
  ] as const;
  const schedule = dosesSchedule(
    {},
    { conditionalSkip: [{ context: 'Both', logic: 'AND', sets: [{ logic: 'AND', conditions }] }] },
    {},
  );
  const target = (dose: string) =>
    onlyForecast(ask(schedule, [given(dose)], { assessmentDate: '2030-01-01' })).series[0]?.targetDose;
  expect([target('2020-12-31'), target('2021-01-01')]).toEqual([3, 2]);
});

test('with the shipped schedule nobody is past season years later', () => {
  const result = ask(loadSchedule(), [], { birthDate: '1990-01-01', assessmentDate: '2031-11-01' });
  const influenza = result.forecasts.find(({ vaccineGroup }) => vaccineGroup === 'Influenza');
  expect(influenza).toMatchObject({
    status: 'Not Complete',
    earliestDate: '2031-07-01',
    projectedSeason: { years: 6 },
  });
});
