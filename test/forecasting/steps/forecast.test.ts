/** §7.4 and §7.5, table by table, on made-up series (born 2020-01-15, assessed 2022-01-15 unless said otherwise). */
import { describe, expect, test } from '@jest/globals';
import { ask, dosesSchedule, given, onlyForecast, scheduleOf, type AntigenSpec } from '../small-schedule.ts';

function withAntigen(antigen: Partial<AntigenSpec>) {
  return scheduleOf({ antigens: [{ series: [{ defaultSeries: true, doses: [{}] }], ...antigen }] });
}

describe('7.4 forecast need (Table 7-10)', () => {
  test('immune comes before contraindicated, contraindicated before complete', () => {
    const schedule = withAntigen({
      immunity: { observations: ['003'] },
      contraindications: [{ observation: '002' }],
    });
    const status = (...codes: string[]) =>
      onlyForecast(ask(schedule, [given('2021-01-01')], { observations: codes.map((code) => ({ code })) }))
        .status;
    expect([status('002', '003'), status('002'), status()]).toEqual([
      'Immune',
      'Contraindicated',
      'Complete',
    ]);
  });

  const age = [{ minAge: { y: 1 }, maxAge: { y: 2 } }];

  test.each([
    ['2022-01-14', 'Not Complete', []],
    ['2022-01-15', 'Aged Out', ['exceeded-maximum-age']],
  ])('assessed on %s before or after the maximum age: %s', (assessmentDate, status, reasons) => {
    expect(onlyForecast(ask(dosesSchedule({ age }), [], { assessmentDate }))).toMatchObject({
      status,
      reasons,
    });
  });

  test('a series that cannot be finished before the maximum age is Aged Out', () => {
    const schedule = dosesSchedule({}, { age, interval: [{ from: 'previous', minInt: { m: 3 } }] });
    const result = ask(schedule, [given('2021-11-01')], { assessmentDate: '2021-12-01' });
    expect(onlyForecast(result)).toMatchObject({ status: 'Aged Out', reasons: ['unable-to-finish'] });
  });

  test('an earliest date on the very day of the maximum age is too late', () => {
    const interval = [{ from: 'previous', minInt: { d: 28 } }] as const;
    const status = (last: string) =>
      onlyForecast(ask(dosesSchedule({}, { age, interval }), [given(last)], { assessmentDate: '2022-01-01' }))
        .status;
    expect([status('2021-12-17'), status('2021-12-18')]).toEqual(['Not Complete', 'Aged Out']);
  });

  test('after the end of the season nothing is recommended; the last day counts', () => {
    const schedule = dosesSchedule({ season: { startDate: '2021-07-01', endDate: '2022-01-15' } });
    const literal = { seasons: 'literal' } as const;
    expect(onlyForecast(ask(schedule, [], literal)).status).toBe('Not Complete');
    expect(onlyForecast(ask(schedule, [], { ...literal, assessmentDate: '2022-01-16' }))).toMatchObject({
      status: 'Not Recommended',
      reasons: ['past-season'],
    });
  });
});

describe('7.4 candidate earliest date (FORECASTDTCAN-1)', () => {
  test('it is the latest of minimum age, minimum intervals, season start, last dose and birth', () => {
    const earliest = (dose: object, doses: readonly string[] = []) =>
      onlyForecast(
        ask(
          dosesSchedule(...doses.map(() => ({})), dose),
          doses.map((date) => given(date)),
          { seasons: 'literal' },
        ),
      ).earliestDate;
    expect(earliest({})).toBe('2020-01-15');
    expect(earliest({ age: [{ minAge: { y: 3 } }] })).toBe('2023-01-15');
    expect(earliest({ interval: [{ from: 'previous', minInt: { d: 28 } }] }, ['2021-12-31'])).toBe(
      '2022-01-28',
    );
    expect(
      earliest(
        {
          interval: [
            { from: { targetDose: 1 }, minInt: { y: 2 } },
            { from: 'previous', minInt: { d: 28 } },
          ],
        },
        ['2021-01-01', '2021-02-01'],
      ),
    ).toBe('2023-01-01');
    expect(earliest({ season: { startDate: '2022-07-01' } })).toBe('2022-07-01');
    expect(earliest({}, ['2021-12-31'])).toBe('2021-12-31');
  });

  test('the intervals in force on the assessment date count (RELEVANT-2)', () => {
    const interval = [
      { from: 'previous', minInt: { d: 28 }, cessationDate: '2021-12-31' },
      { from: 'previous', minInt: { d: 56 }, effectiveDate: '2022-01-01' },
    ] as const;
    const earliest = (assessmentDate: string) =>
      onlyForecast(ask(dosesSchedule({}, { interval }), [given('2021-12-01')], { assessmentDate }))
        .earliestDate;
    expect([earliest('2021-12-31'), earliest('2022-01-01')]).toEqual(['2021-12-29', '2022-01-26']);
  });

  test('an Extraneous dose does not move it', () => {
    const schedule = dosesSchedule(
      {
        age: [{ maxAge: { y: 1 } }],
        conditionalSkip: [
          {
            context: 'Forecast',
            logic: 'AND',
            sets: [{ logic: 'AND', conditions: [{ type: 'Age', beginAge: { y: 1 } }] }],
          },
        ],
      },
      {},
    );
    expect(onlyForecast(ask(schedule, [given('2021-12-01')])).earliestDate).toBe('2020-01-15');
  });

  const conflicting = (preferable: readonly { cvx: string }[]) =>
    scheduleOf({
      antigens: [{ series: [{ defaultSeries: true, doses: [{ preferable }] }] }],
      conflicts: [{ current: '900', previous: ['990'], begin: 1, minEnd: 24, end: 28 }],
    });

  test('a conflict with an administered dose delays it by the conflict end interval (CALCDTCONFLICT-3)', () => {
    const doses = [given('2022-01-10', { cvx: '990' })];
    expect(onlyForecast(ask(conflicting([{ cvx: '900' }]), doses)).earliestDate).toBe('2022-02-07');
  });

  test('where a preferable vaccine has no conflict there is nothing to wait for', () => {
    const doses = [given('2022-01-10', { cvx: '990' })];
    expect(onlyForecast(ask(conflicting([{ cvx: '900' }, { cvx: '901' }]), doses)).earliestDate).toBe(
      '2020-01-15',
    );
  });
});

describe('7.5 forecast dates (FORECASTDT-1 to -6)', () => {
  test('recommended: the age date, else the latest interval date, else the earliest date', () => {
    const interval = [{ from: 'previous', minInt: { d: 28 }, earliestRecInt: { m: 6 } }] as const;
    const dates = (dose: object) => onlyForecast(ask(dosesSchedule({}, dose), [given('2021-12-01')]));
    expect(dates({ interval, age: [{ earliestRecAge: { y: 3 } }] }).recommendedDate).toBe('2023-01-15');
    expect(dates({ interval }).recommendedDate).toBe('2022-06-01');
    expect(dates({ interval: [{ from: 'previous', minInt: { d: 28 } }] }).recommendedDate).toBe('2021-12-29');
    expect(dates({ interval, age: [{ earliestRecAge: { y: 1 } }] })).toMatchObject({
      recommendedDate: '2021-12-29',
      unadjustedRecommendedDate: '2021-01-15',
    });
  });

  test('past due: the day before the latest recommended age or interval date, never before the earliest; else empty', () => {
    const dates = (dose: object) => onlyForecast(ask(dosesSchedule({}, dose), [given('2021-12-01')]));
    const interval = [{ from: 'previous', minInt: { d: 28 }, latestRecInt: { m: 8 } }] as const;
    expect(dates({ interval, age: [{ latestRecAge: { y: 3 } }] }).pastDueDate).toBe('2023-01-14');
    expect(dates({ interval }).pastDueDate).toBe('2022-07-31');
    expect(dates({ interval, age: [{ latestRecAge: { y: 1 } }] })).toMatchObject({
      pastDueDate: '2021-12-29',
      unadjustedPastDueDate: '2021-01-14',
    });
    expect(dates({})).not.toHaveProperty('pastDueDate');
  });

  test('latest: the day before the maximum age date, else empty (FORECASTDT-4)', () => {
    expect(onlyForecast(ask(dosesSchedule({ age: [{ maxAge: { y: 5 } }] }), [])).latestDate).toBe(
      '2025-01-14',
    );
    expect(onlyForecast(ask(dosesSchedule({}), []))).not.toHaveProperty('latestDate');
  });

  test('dose number: satisfied target doses and one; of a seasonal dose those of its season (FORECASTDN-1)', () => {
    expect(
      onlyForecast(ask(dosesSchedule({}, {}, {}), [given('2021-01-01'), given('2021-02-01')])).doseNumber,
    ).toBe(3);
    const seasonal = dosesSchedule({}, {}, { season: { startDate: '2021-07-01' } });
    const doses = [given('2021-06-30'), given('2021-07-01')];
    expect(onlyForecast(ask(seasonal, doses, { seasons: 'literal' })).doseNumber).toBe(2);
  });

  test('recommended vaccines: preferable, flagged, of the age on the earliest or the recommended date (FORECASTRECVAC-1)', () => {
    const preferable = [
      { cvx: '900', forecast: true, endAge: { y: 3 } },
      { cvx: '901', forecast: true, beginAge: { y: 4 }, mvx: 'ABC', tradeName: 'Goodvax' },
      { cvx: '902', forecast: true, beginAge: { y: 5 } },
      { cvx: '900' },
    ] as const;
    const age = [{ minAge: { y: 2 }, earliestRecAge: { y: 4 } }];
    expect(onlyForecast(ask(dosesSchedule({ preferable, age }), [])).recommendedVaccines).toEqual([
      { cvx: '900', name: 'Test vaccine' },
      { cvx: '901', name: 'Other test vaccine', mvx: 'ABC', tradeName: 'Goodvax' },
    ]);
  });

  test('guidance: of the series that is due, of active indications and contraindications (FORECASTGUIDANCE-1)', () => {
    const schedule = scheduleOf({
      guidance: {
        s: 'Of the series.',
        i: 'Of the indication.',
        c: 'Of the contraindication.',
        x: 'Of another.',
      },
      antigens: [
        {
          contraindications: [{ observation: '002', guidance: 'c', endAge: { y: 1 } }],
          vaccineContraindications: [{ observation: '003', guidance: 'x', vaccines: [] }],
          series: [
            {
              type: 'Risk',
              guidance: ['s', 'unknown'],
              indications: [{ observation: '001', guidance: 'i' }],
              doses: [{}],
            },
          ],
        },
      ],
    });
    const observations = [{ code: '001' }, { code: '002' }];
    expect(onlyForecast(ask(schedule, [], { observations })).guidance).toEqual([
      'Of the series.',
      'Of the indication.',
      'Of the contraindication.',
    ]);
    expect(
      onlyForecast(ask(schedule, [given('2021-01-01')], { observations: [{ code: '001' }] })).guidance,
    ).toEqual(['Of the indication.']);
  });
});
