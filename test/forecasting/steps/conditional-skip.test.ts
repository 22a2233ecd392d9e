/** §6.2, §7.1 and §7.6: Tables 6-6 to 6-11, CONDSKIP-1 and CONDSKIP-2, on made-up series. */
import { describe, expect, test } from '@jest/globals';
import type { ConditionalSkip, SkipCondition, SkipSet } from '../../../src/forecasting/schedule/release.ts';
import {
  ask,
  dosesSchedule,
  evaluationOf,
  given,
  saidOf,
  scheduleOf,
  seriesSchedule,
} from '../small-schedule.ts';

function skip(
  context: ConditionalSkip['context'],
  ...conditions: SkipCondition[]
): readonly ConditionalSkip[] {
  return [{ context, logic: 'AND', sets: [{ logic: 'AND', conditions }] }];
}

function count(more: Partial<Extract<SkipCondition, { type: 'Vaccine Count' }>>): SkipCondition {
  return {
    type: 'Vaccine Count',
    doseCount: 0,
    doseType: 'Valid',
    doseCountLogic: 'greater than',
    vaccineTypes: [],
    ...more,
  };
}

/** Target dose of the dose of 2021-06-01 where target dose 1 has the skip. */
function targetWith(
  conditionalSkip: readonly ConditionalSkip[],
  before: readonly string[] = [],
): number | undefined {
  const schedule = dosesSchedule({ conditionalSkip, preferable: [{ cvx: '900', beginAge: { y: 1 } }] }, {});
  const result = ask(schedule, [...before.map((date) => given(date)), given('2021-06-01')]);
  return evaluationOf(result, '2021-06-01').antigens[0]?.targetDose;
}

describe('condition types', () => {
  test.each([
    [{ beginAge: { y: 1 } }, 2],
    [{ beginAge: { y: 2 } }, 1],
    [{ endAge: { y: 2 } }, 2],
    [{ beginAge: { m: 16, d: 17 } }, 2],
    [{ beginAge: { m: 16, d: 18 } }, 1],
    [{ endAge: { m: 16, d: 17 } }, 1],
  ])('by age %j on the day of the dose leads to target dose %i (Table 6-6)', (ages, target) => {
    expect(targetWith(skip('Both', { type: 'Age', ...ages }))).toBe(target);
  });

  test('by interval from the dose administered before, whatever became of it (Table 6-8, CALCDTSKIP-5)', () => {
    const months = (m: number) => skip('Both', { type: 'Interval', interval: { m } });
    expect(targetWith(months(5), ['2021-01-01'])).toBe(2);
    expect(targetWith(months(6), ['2020-12-02'])).toBe(1);
    expect(targetWith(months(1))).toBe(1);
  });

  test.each([
    ['greater than', 0, 1],
    ['equal to', 0, 2],
    ['equal to', 1, 1],
    ['less than', 1, 2],
    ['less than', 0, 1],
  ] as const)(
    'by count %s %i without an earlier dose leads to target dose %i (Table 6-9)',
    (doseCountLogic, doseCount, target) => {
      expect(targetWith(skip('Both', count({ doseCountLogic, doseCount })))).toBe(target);
    },
  );

  test('the dose that is evaluated is not counted, nor a later one', () => {
    const schedule = dosesSchedule({ conditionalSkip: skip('Both', count({ doseType: 'Total' })) }, {});
    const result = ask(schedule, [given('2021-06-01'), given('2021-07-01')]);
    expect(evaluationOf(result, '2021-06-01').antigens[0]?.targetDose).toBe(1);
  });

  test('Valid counts valid doses of this series, Total every dose', () => {
    const tooYoung = ['2020-06-01'];
    expect(targetWith(skip('Both', count({ doseType: 'Valid' })), tooYoung)).toBe(1);
    expect(targetWith(skip('Both', count({ doseType: 'Total' })), tooYoung)).toBe(2);
  });

  test('a count asks for vaccine types, ages and dates', () => {
    const total = { doseType: 'Total' } as const;
    const before = ['2020-06-01'];
    expect(targetWith(skip('Both', count({ ...total, vaccineTypes: ['900'] })), before)).toBe(2);
    expect(targetWith(skip('Both', count({ ...total, vaccineTypes: ['901'] })), before)).toBe(1);
    expect(targetWith(skip('Both', count({ ...total, beginAge: { m: 5 } })), before)).toBe(1);
    expect(targetWith(skip('Both', count({ ...total, endAge: { m: 5 } })), before)).toBe(2);
    expect(targetWith(skip('Both', count({ ...total, startDate: '2020-06-01' })), before)).toBe(2);
    expect(targetWith(skip('Both', count({ ...total, endDate: '2020-06-01' })), before)).toBe(1);
  });

  test('a total count of vaccines without the antigen looks through the whole history', () => {
    const schedule = dosesSchedule(
      { conditionalSkip: skip('Both', count({ doseType: 'Total', vaccineTypes: ['990'] })) },
      {},
    );
    const result = ask(schedule, [given('2021-05-01', { cvx: '990' }), given('2021-06-01')]);
    expect(evaluationOf(result, '2021-06-01').antigens[0]?.targetDose).toBe(2);
  });

  test('by completed series of another series group, complete before the dose (Table 6-7)', () => {
    const completed = skip('Both', { type: 'Completed Series', seriesGroups: ['1'] });
    const risk = {
      seriesGroup: '2',
      defaultSeries: true,
      doses: [{ conditionalSkip: completed }, {}],
    } as const;
    const schedule = seriesSchedule(risk, { defaultSeries: true, doses: [{}] });
    const result = ask(schedule, [given('2021-01-01'), given('2021-06-01')]);
    const targets = (id: string) =>
      result.evaluations
        .filter(({ dose }) => dose === id)
        .map(({ antigens }) => antigens.map((one) => one.targetDose));
    expect(targets('2021-06-01').flat()).toContain(2);
    expect(result.evaluations.every(({ status }) => status === 'Valid')).toBe(true);
  });

  test('series that wait for each other are refused when the schedule is built', () => {
    const conditionalSkip = (group: string) =>
      skip('Both', { type: 'Completed Series', seriesGroups: [group] });
    expect(() =>
      seriesSchedule(
        { seriesGroup: '1', doses: [{ conditionalSkip: conditionalSkip('2') }] },
        { seriesGroup: '2', doses: [{ conditionalSkip: conditionalSkip('1') }] },
      ),
    ).toThrow('ask each other');
  });
});

describe('sets and contexts', () => {
  const yes: SkipCondition = { type: 'Age', beginAge: { d: 0 } };
  const no: SkipCondition = { type: 'Age', beginAge: { y: 99 } };
  const set = (logic: 'AND' | 'OR', ...conditions: SkipCondition[]): SkipSet => ({ logic, conditions });
  const sets = (logic: 'AND' | 'OR', ...of: SkipSet[]): readonly ConditionalSkip[] => [
    { context: 'Both', logic, sets: of },
  ];

  test.each([
    [sets('AND', set('AND', yes, no)), 1],
    [sets('AND', set('OR', yes, no)), 2],
    [sets('AND', set('AND', yes), set('AND', no)), 1],
    [sets('OR', set('AND', no), set('AND', yes)), 2],
    [sets('OR', set('OR', no, no)), 1],
    [[...sets('AND', set('AND', no)), ...sets('AND', set('AND', yes))], 2],
  ])('%j leads to target dose %i (Tables 6-10 and 6-11)', (skips, target) => {
    expect(targetWith(skips)).toBe(target);
  });

  test('a set out of force is left out, and a skip without a set is not met (RELEVANT-1)', () => {
    const past = { ...set('AND', yes), cessationDate: '2021-05-31' };
    expect(targetWith(sets('AND', past))).toBe(1);
    expect(targetWith(sets('AND', { ...past, cessationDate: '2021-06-01' }))).toBe(2);
    expect(targetWith(sets('AND', past, set('AND', yes)))).toBe(2);
  });

  test('evaluation skips do not count in the forecast, nor forecast skips in evaluation', () => {
    expect(targetWith(skip('Forecast', yes))).toBe(1);
    expect(targetWith(skip('Evaluation', yes))).toBe(2);
    const targetDue = (context: 'Evaluation' | 'Forecast') =>
      ask(dosesSchedule({ conditionalSkip: skip(context, yes) }, {}), []).forecasts[0]?.series[0]?.targetDose;
    expect([targetDue('Evaluation'), targetDue('Forecast')]).toEqual([1, 2]);
  });
});

describe('skips in the forecast', () => {
  const seven: SkipCondition = { type: 'Age', beginAge: { y: 2, m: 6 } };

  test('a target dose skipped on the assessment date is passed over (7.1)', () => {
    const schedule = dosesSchedule(
      { conditionalSkip: skip('Forecast', { type: 'Age', beginAge: { y: 2 } }) },
      {},
    );
    expect(ask(schedule, []).forecasts[0]?.series[0]).toMatchObject({ targetDose: 2, validDoses: 0 });
  });

  test('a target dose that would be skipped on its own earliest date is passed over (7.6)', () => {
    const age = [{ minAge: { y: 3 } }];
    const result = ask(
      dosesSchedule({ age, conditionalSkip: skip('Forecast', seven) }, { age: [{ minAge: { y: 4 } }] }),
      [],
    );
    expect(result.forecasts[0]).toMatchObject({ earliestDate: '2024-01-15', doseNumber: 1 });
  });

  test('when the last one is skipped the series is Complete after a valid dose, else Not Recommended (Table 7-10)', () => {
    const schedule = dosesSchedule({ conditionalSkip: skip('Forecast', { type: 'Age' }) });
    expect(ask(schedule, []).forecasts[0]).toMatchObject({
      status: 'Not Recommended',
      reasons: ['past-history'],
    });
    const recurring = dosesSchedule({ recurringDose: true, conditionalSkip: skip('Forecast', count({})) });
    expect(ask(recurring, [given('2021-01-01')]).forecasts[0]).toMatchObject({ status: 'Complete' });
  });

  test('a skipped target dose gives no evaluation', () => {
    const schedule = scheduleOf({
      antigens: [
        { series: [{ defaultSeries: true, doses: [{ conditionalSkip: skip('Both', { type: 'Age' }) }] }] },
      ],
    });
    expect(saidOf(ask(schedule, [given('2021-01-01')]), '2021-01-01')).toBe('Extraneous series-complete');
  });
});
