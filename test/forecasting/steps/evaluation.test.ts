/** Chapter 6, table by table, on made-up series (born 2020-01-15 unless said otherwise). */
import { describe, expect, test } from '@jest/globals';
import {
  ask,
  dosesSchedule,
  evaluationOf,
  given,
  saidOf,
  scheduleOf,
  seriesSchedule,
  TESTITIS,
} from '../small-schedule.ts';

describe('6.1 dose administered condition (Table 6-3)', () => {
  const schedule = dosesSchedule({});

  test.each([
    ['2021-03-09', 'Sub-standard expired'],
    ['2021-03-10', 'Valid'],
    ['2021-03', 'Valid'],
    ['2021-02', 'Sub-standard expired'],
  ])('a dose of 2021-03-10 from a lot that expires %s is %s', (lotExpirationDate, said) => {
    expect(saidOf(ask(schedule, [given('2021-03-10', { lotExpirationDate })]), '2021-03-10')).toBe(said);
  });

  test('a spoiled dose is Sub-standard and does not advance the series', () => {
    const result = ask(schedule, [given('2021-03-10', { isSubPotent: true })]);
    expect(saidOf(result, '2021-03-10')).toBe('Sub-standard dose-condition');
    expect(result.forecasts[0]).toMatchObject({ status: 'Not Complete', doseNumber: 1 });
  });

  test('intervals are not counted from a Sub-standard dose', () => {
    const interval = [{ from: 'previous', absMinInt: { d: 28 }, minInt: { d: 28 } }] as const;
    const doses = [given('2021-01-01'), given('2021-02-20', { isSubPotent: true }), given('2021-02-21')];
    expect(saidOf(ask(dosesSchedule({}, { interval }), doses), '2021-02-21')).toBe('Valid');
  });
});

describe('6.3 inadvertent vaccine (Table 6-13)', () => {
  const schedule = dosesSchedule(
    { inadvertent: ['901'] },
    { interval: [{ from: 'previous', absMinInt: { d: 28 } }] },
  );

  test('an inadvertent vaccine is Not Valid for that reason alone', () => {
    expect(saidOf(ask(schedule, [given('2020-01-16', { cvx: '901' })]), '2020-01-16')).toBe(
      'Not Valid inadvertent',
    );
  });

  test('it holds back the next dose only up to its own day', () => {
    const later = dosesSchedule({
      inadvertent: ['901'],
      interval: [{ from: 'previous', minInt: { d: 28 } }],
    });
    const result = ask(later, [given('2021-12-20', { cvx: '901' })]);
    expect(result.forecasts[0]).toMatchObject({ earliestDate: '2021-12-20' });
  });
});

describe('6.4 age (Table 6-15)', () => {
  const age = [{ absMinAge: { y: 1, d: -4 }, minAge: { y: 1 }, maxAge: { y: 2 } }];
  const schedule = dosesSchedule({ age });

  test.each([
    ['2021-01-10', 'Not Valid too-young'],
    ['2021-01-11', 'Valid age-grace-period'],
    ['2021-01-14', 'Valid age-grace-period'],
    ['2021-01-15', 'Valid'],
    ['2022-01-14', 'Valid'],
    ['2022-01-15', 'Extraneous too-old'],
  ])('a dose of %s is %s', (date, said) => {
    expect(saidOf(ask(schedule, [given(date)], { assessmentDate: '2022-02-01' }), date)).toBe(said);
  });

  test('without an absolute minimum a dose below the minimum age is in its grace period', () => {
    expect(
      saidOf(ask(dosesSchedule({ age: [{ minAge: { y: 1 } }] }), [given('2020-02-01')]), '2020-02-01'),
    ).toBe('Valid age-grace-period');
  });

  test('too old is Extraneous whatever else fails', () => {
    const result = ask(schedule, [given('2022-01-20', { cvx: '902' })], { assessmentDate: '2022-02-01' });
    expect(saidOf(result, '2022-01-20')).toBe('Extraneous too-old not-preferable-or-allowable');
  });

  test('the row in force on the day of the dose counts (RELEVANT-1)', () => {
    const dated = dosesSchedule({
      age: [
        { absMinAge: { m: 6 }, cessationDate: '2020-12-31' },
        { absMinAge: { y: 1 }, effectiveDate: '2021-01-01' },
      ],
    });
    expect(saidOf(ask(dated, [given('2020-12-31')]), '2020-12-31')).toBe('Valid');
    expect(saidOf(ask(dated, [given('2021-01-01')]), '2021-01-01')).toBe('Not Valid too-young');
  });

  test('a row is in force up to and including its cessation date', () => {
    const ending = dosesSchedule({ age: [{ absMinAge: { y: 1 }, cessationDate: '2020-12-31' }] });
    expect(saidOf(ask(ending, [given('2020-12-31')]), '2020-12-31')).toBe('Not Valid too-young');
    expect(saidOf(ask(ending, [given('2021-01-01')]), '2021-01-01')).toBe('Valid');
  });

  test('with no row in force the age is unrestricted', () => {
    const past = dosesSchedule({ age: [{ absMinAge: { y: 9 }, cessationDate: '2019-12-31' }] });
    expect(saidOf(ask(past, [given('2020-02-01')]), '2020-02-01')).toBe('Valid');
  });
});

describe('6.5 preferable interval (Tables 6-18 and 6-19)', () => {
  const fromPrevious = { from: 'previous', absMinInt: { d: 24 }, minInt: { d: 28 } } as const;
  const schedule = dosesSchedule({}, { interval: [fromPrevious] });

  test.each([
    ['2021-02-23', 'Not Valid too-soon'],
    ['2021-02-25', 'Valid interval-grace-period'],
    ['2021-02-28', 'Valid interval-grace-period'],
    ['2021-03-01', 'Valid'],
  ])('a second dose of %s, after one of 2021-02-01, is %s', (date, said) => {
    expect(saidOf(ask(schedule, [given('2021-02-01'), given(date)]), date)).toBe(said);
  });

  test('it counts from the last dose even if that was not valid (CALCDTINT-1)', () => {
    const doses = [given('2021-02-01'), given('2021-02-10'), given('2021-03-01')];
    expect(saidOf(ask(schedule, doses), '2021-03-01')).toBe('Not Valid too-soon');
  });

  test('every row must pass: from the previous dose and from target dose 1 (CALCDTINT-2)', () => {
    const both = [fromPrevious, { from: { targetDose: 1 }, absMinInt: { m: 6 } } as const];
    const three = dosesSchedule({}, { interval: [fromPrevious] }, { interval: both });
    const doses = [given('2021-01-01'), given('2021-02-01'), given('2021-06-30')];
    expect(saidOf(ask(three, doses), '2021-06-30')).toBe('Not Valid too-soon');
    expect(saidOf(ask(three, [...doses.slice(0, 2), given('2021-07-01')]), '2021-07-01')).toBe('Valid');
  });

  test('from the most recent dose of listed vaccines, of any antigen (CALCDTINT-8)', () => {
    const interval = [{ from: { mostRecent: ['990'] }, absMinInt: { d: 28 } }];
    const doses = [given('2021-01-01', { cvx: '990' }), given('2021-01-20')];
    expect(saidOf(ask(dosesSchedule({ interval }), doses), '2021-01-20')).toBe('Not Valid too-soon');
    expect(saidOf(ask(dosesSchedule({ interval }), [given('2021-01-20')]), '2021-01-20')).toBe('Valid');
  });

  test('from a relevant observation (CALCDTINT-9)', () => {
    const interval = [{ from: { observation: '002' }, absMinInt: { d: 28 } }];
    const observations = [{ code: '002', date: '2021-01-01' }];
    const result = ask(dosesSchedule({ interval }), [given('2021-01-20')], { observations });
    expect(saidOf(result, '2021-01-20')).toBe('Not Valid too-soon');
  });

  test('a row whose reference date does not exist is passed over', () => {
    expect(
      saidOf(ask(dosesSchedule({ interval: [fromPrevious] }), [given('2021-01-20')]), '2021-01-20'),
    ).toBe('Valid');
  });
});

describe('6.6 allowable interval (Table 6-21)', () => {
  const interval = [{ from: 'previous', absMinInt: { m: 6 } }] as const;

  test('it saves a dose that failed the preferable interval', () => {
    const schedule = dosesSchedule(
      {},
      { interval, allowableInterval: [{ from: { targetDose: 1 }, absMinInt: { m: 4 } }] },
    );
    expect(saidOf(ask(schedule, [given('2021-01-01'), given('2021-05-01')]), '2021-05-01')).toBe('Valid');
    expect(saidOf(ask(schedule, [given('2021-01-01'), given('2021-04-30')]), '2021-04-30')).toBe(
      'Not Valid too-soon',
    );
  });

  test('without a row nothing is allowable', () => {
    expect(
      saidOf(ask(dosesSchedule({}, { interval }), [given('2021-01-01'), given('2021-05-01')]), '2021-05-01'),
    ).toBe('Not Valid too-soon');
  });
});

describe('6.10 satisfy target dose (Table 6-31) and the walk through the history (Figure 4-6)', () => {
  test('every failure is reported, in the order of the steps', () => {
    const schedule = dosesSchedule(
      {},
      { age: [{ absMinAge: { y: 5 } }], interval: [{ from: 'previous', absMinInt: { d: 28 } }] },
    );
    expect(
      saidOf(ask(schedule, [given('2021-01-01'), given('2021-01-02', { cvx: '902' })]), '2021-01-02'),
    ).toBe('Not Valid too-young too-soon not-preferable-or-allowable');
  });

  test('a dose that is not valid leaves the target dose to the next one', () => {
    const result = ask(dosesSchedule({ age: [{ absMinAge: { y: 1 } }] }, {}), [
      given('2020-06-01'),
      given('2021-02-01'),
    ]);
    expect(evaluationOf(result, '2021-02-01').antigens).toMatchObject([
      { antigen: TESTITIS, status: 'Valid', targetDose: 1 },
    ]);
  });

  test('doses after the last target dose are Extraneous', () => {
    const result = ask(dosesSchedule({}), [given('2021-01-01'), given('2021-02-01')]);
    expect(saidOf(result, '2021-02-01')).toBe('Extraneous series-complete');
    expect(result.forecasts[0]).toMatchObject({ status: 'Complete', reasons: ['series-complete'] });
  });

  test('a recurring dose follows itself', () => {
    const schedule = dosesSchedule({
      recurringDose: true,
      interval: [{ from: 'previous', absMinInt: { y: 1 }, minInt: { y: 1 } }],
    });
    const result = ask(schedule, [given('2020-02-01'), given('2021-02-01')]);
    expect(evaluationOf(result, '2021-02-01').antigens).toMatchObject([{ status: 'Valid', targetDose: 1 }]);
    expect(result.forecasts[0]).toMatchObject({
      status: 'Not Complete',
      earliestDate: '2022-02-01',
      doseNumber: 3,
    });
  });
});

describe('evaluations of a dose in several series', () => {
  test('among the best series of one antigen the dose belongs where it was of use', () => {
    const schedule = seriesSchedule(
      { defaultSeries: true, doses: [{ inadvertent: ['901'] }] },
      {
        seriesGroup: '2',
        seriesGroupName: 'Later',
        defaultSeries: true,
        doses: [{ preferable: [{ cvx: '901' }] }],
      },
    );
    expect(saidOf(ask(schedule, [given('2021-01-01', { cvx: '901' })]), '2021-01-01')).toBe('Valid');
  });

  test('across antigens the gravest status counts', () => {
    const both = { name: 'Combined', antigens: [{ antigen: 'A' }, { antigen: 'B' }] };
    const series = (age?: { absMinAge: { y: number } }) => [
      {
        name: age ? 'strict' : 'lenient',
        defaultSeries: true as const,
        doses: [{ preferable: [{ cvx: '930' }], ...(age && { age: [age] }) }],
      },
    ];
    const schedule = scheduleOf({
      vaccines: { 930: both },
      antigens: [
        { name: 'A', vaccineGroup: 'AB', series: series() },
        { name: 'B', vaccineGroup: 'AB', series: series({ absMinAge: { y: 5 } }) },
      ],
    });
    expect(saidOf(ask(schedule, [given('2021-01-01', { cvx: '930' })]), '2021-01-01')).toBe(
      'Not Valid too-young',
    );
  });
});
