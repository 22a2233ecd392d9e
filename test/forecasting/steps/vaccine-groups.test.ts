/** Chapter 9: from series of antigens to the forecasts of a vaccine group. */
import { describe, expect, test } from '@jest/globals';
import type { SeriesStatus } from '../../../src/forecasting/result.ts';
import { multipleAntigenStatus } from '../../../src/forecasting/steps/vaccine-group-status.ts';
import { ask, given, onlyForecast, scheduleOf, seriesSchedule, type DoseSpec } from '../small-schedule.ts';

describe('status of a group of several antigens (Table 9-4)', () => {
  const cases: [SeriesStatus[], SeriesStatus][] = [
    [['Complete', 'Contraindicated', 'Aged Out'], 'Contraindicated'],
    [['Not Complete', 'Aged Out', 'Not Recommended'], 'Aged Out'],
    [['Not Complete', 'Not Recommended'], 'Not Recommended'],
    [['Complete', 'Not Complete', 'Immune'], 'Not Complete'],
    [['Immune', 'Immune'], 'Immune'],
    [['Complete', 'Immune'], 'Complete'],
    [['Complete', 'Complete'], 'Complete'],
  ];
  test.each(cases)('%j is %s', (statuses, status) => {
    expect(multipleAntigenStatus(statuses)).toBe(status);
  });
});

const AB = {
  930: { name: 'A and B', antigens: [{ antigen: 'A' }, { antigen: 'B' }] },
  931: { name: 'A', antigens: [{ antigen: 'A' }] },
  932: { name: 'B', antigens: [{ antigen: 'B' }] },
};

function pair(a: readonly DoseSpec[], b: readonly DoseSpec[], full = false) {
  const series = (name: string, doses: readonly DoseSpec[]) => [
    {
      name: `${name} series`,
      defaultSeries: true as const,
      doses: doses.map((dose) => ({ preferable: [{ cvx: '930' }, { cvx: '931' }], ...dose })),
    },
  ];
  return scheduleOf({
    vaccines: AB,
    administerFullVaccineGroup: full,
    antigens: [
      { name: 'A', vaccineGroup: 'AB', series: series('A', a) },
      { name: 'B', vaccineGroup: 'AB', series: series('B', b) },
    ],
  });
}

describe('dates of a group of several antigens', () => {
  const at = (y: number, latestRec?: number): DoseSpec => ({
    age: [{ minAge: { y }, earliestRecAge: { y }, ...(latestRec && { latestRecAge: { y: latestRec } }) }],
  });

  test('earliest is the latest of the antigens, recommended and past due the earliest but not before it', () => {
    expect(onlyForecast(ask(pair([at(3, 4)], [at(5, 6)]), []))).toMatchObject({
      earliestDate: '2025-01-15',
      recommendedDate: '2025-01-15',
      pastDueDate: '2025-01-15',
      unadjustedRecommendedDate: '2023-01-15',
      unadjustedPastDueDate: '2024-01-14',
      recommendedAntigens: ['A', 'B'],
    });
  });

  test('with a priority forecast it is the earliest, but not before the last dose of the group (MULTIANTVG-1)', () => {
    const priority: DoseSpec = { interval: [{ from: 'previous', minInt: { d: 28 }, priority: true }] };
    const schedule = pair([{}, priority], [{}, at(5)]);
    expect(onlyForecast(ask(schedule, [given('2021-12-31', { cvx: '930' })])).earliestDate).toBe(
      '2022-01-28',
    );
  });

  test('the floor of the last dose counts vaccines of any antigen of the group', () => {
    const priority: DoseSpec = { interval: [{ from: { targetDose: 1 }, minInt: { d: 28 }, priority: true }] };
    const schedule = pair([{}, priority], [{}, { allowable: [{ cvx: ['932'] }] }, at(5)]);
    const doses = [given('2021-01-01', { cvx: '930' }), given('2021-12-01', { cvx: '932' })];
    expect(onlyForecast(ask(schedule, doses)).earliestDate).toBe('2021-12-01');
    expect(onlyForecast(ask(schedule, doses.slice(0, 1))).earliestDate).toBe('2021-01-01');
  });

  test('the dates of each antigen are adjusted before they are blended (FORECASTDT-5, -6)', () => {
    const priority: DoseSpec = { interval: [{ from: 'previous', minInt: { d: 28 }, priority: true }] };
    const a: DoseSpec = { ...priority, age: [{ earliestRecAge: { y: 9 }, latestRecAge: { y: 10 } }] };
    const b: DoseSpec = { age: [{ minAge: { y: 5 }, earliestRecAge: { y: 4 }, latestRecAge: { y: 4 } }] };
    expect(onlyForecast(ask(pair([{}, a], [{}, b]), [given('2021-12-31', { cvx: '930' })]))).toMatchObject({
      earliestDate: '2022-01-28',
      recommendedDate: '2025-01-15',
      pastDueDate: '2025-01-15',
    });
  });

  test('only antigens that are due count, and only they are recommended (FORECASTVG-8)', () => {
    const schedule = pair([{}], [{}, at(5)]);
    expect(onlyForecast(ask(schedule, [given('2021-01-01', { cvx: '930' })]))).toMatchObject({
      status: 'Not Complete',
      earliestDate: '2025-01-15',
      recommendedAntigens: ['B'],
      reasons: ['series-complete'],
    });
  });

  test('the dose number is the smallest where the full group is administered, else the greatest (FORECASTDN-2)', () => {
    const doses = [given('2021-01-01', { cvx: '930' }), given('2021-02-01', { cvx: '931' })];
    expect(onlyForecast(ask(pair([{}, {}, {}], [{}, {}], true), doses)).doseNumber).toBe(2);
    expect(onlyForecast(ask(pair([{}, {}, {}], [{}, {}]), doses)).doseNumber).toBe(3);
  });

  test('latest is the earliest of the latest dates (FORECASTVG-4)', () => {
    const until = (y: number): DoseSpec => ({ age: [{ maxAge: { y } }] });
    expect(onlyForecast(ask(pair([until(6)], [until(5)]), [])).latestDate).toBe('2025-01-14');
  });
});

describe('several forecasts of one group', () => {
  const risk = {
    type: 'Risk',
    name: 'risk',
    seriesGroup: '2',
    seriesGroupName: 'Increased Risk',
    indications: [{ observation: '001' }],
    doses: [{}, {}],
  } as const;
  const observations = [{ code: '001' }];

  test('standard and risk forecasts are both given and labelled (FORECASTVG-1)', () => {
    const result = ask(seriesSchedule({ defaultSeries: true, doses: [{}] }, risk), [], { observations });
    expect(result.forecasts.map(({ seriesType, seriesGroup }) => [seriesType, seriesGroup])).toEqual([
      ['Standard', 'Standard'],
      ['Risk', 'Increased Risk'],
    ]);
  });

  test('what is aged out is left out where another forecast remains', () => {
    const old = { defaultSeries: true, doses: [{ age: [{ maxAge: { y: 1 } }] }] } as const;
    expect(
      ask(seriesSchedule(old, risk), [], { observations }).forecasts.map(({ seriesType }) => seriesType),
    ).toEqual(['Risk']);
    expect(ask(seriesSchedule(old), []).forecasts.map(({ status }) => status)).toEqual(['Aged Out']);
  });

  test('only a Not Complete forecast has dates', () => {
    const [forecast] = ask(
      seriesSchedule({ defaultSeries: true, doses: [{ age: [{ maxAge: { y: 1 } }] }] }),
      [],
    ).forecasts;
    expect(Object.keys(forecast!).filter((name) => name.endsWith('Date'))).toEqual([]);
  });
});
