/** §6.7 to §6.9: conflicts between vaccines, preferable and allowable vaccines, on made-up series. */
import { describe, expect, test } from '@jest/globals';
import { ask, dosesSchedule, given, saidOf, scheduleOf } from '../small-schedule.ts';

describe('6.7 vaccine conflict (CALCDTCONFLICT-1 to -3)', () => {
  const live = (name: string, cvx: string, more = {}) => ({
    name,
    series: [
      {
        name: `${name} series`,
        defaultSeries: true as const,
        doses: [{ preferable: [{ cvx }], ...more }, { preferable: [{ cvx }] }],
      },
    ],
  });
  const spec = {
    vaccines: {
      910: { name: 'Live A', antigens: [{ antigen: 'A' }] },
      920: { name: 'Live B', antigens: [{ antigen: 'B' }] },
    },
    conflicts: [
      { current: '920', previous: ['910'], begin: 1, minEnd: 24, end: 28 },
      { current: '910', previous: ['920'], begin: 1, minEnd: 24, end: 28 },
    ],
  };
  const schedule = scheduleOf({ ...spec, antigens: [live('A', '910'), live('B', '920')] });
  const days = (second: string) => [given('2021-03-01', { cvx: '910' }), given(second, { cvx: '920' })];

  test.each([
    ['2021-03-02', 'Not Valid vaccine-conflict'],
    ['2021-03-24', 'Not Valid vaccine-conflict'],
    ['2021-03-25', 'Valid'],
  ])('after a valid dose of 2021-03-01 one of another antigen of %s is %s', (second, said) => {
    expect(saidOf(ask(schedule, days(second)), second)).toBe(said);
  });

  test('doses of one day never conflict', () => {
    const doses = [
      given('2021-03-01', { cvx: '910', id: 'a' }),
      given('2021-03-01', { cvx: '920', id: 'b' }),
    ];
    expect(saidOf(ask(schedule, doses), 'b')).toBe('Valid');
  });

  test('after a dose that was not valid the longer interval counts', () => {
    const age = [{ absMinAge: { y: 9 } }];
    const strict = scheduleOf({ ...spec, antigens: [live('A', '910', { age }), live('B', '920')] });
    expect(saidOf(ask(strict, days('2021-03-25')), '2021-03-25')).toBe('Not Valid vaccine-conflict');
    expect(saidOf(ask(strict, days('2021-03-29')), '2021-03-29')).toBe('Valid');
  });

  test('a conflict begins with its begin interval', () => {
    const conflicts = [{ current: '920', previous: ['910'], begin: 5, minEnd: 24, end: 28 }];
    const later = scheduleOf({ ...spec, conflicts, antigens: [live('A', '910'), live('B', '920')] });
    expect(saidOf(ask(later, days('2021-03-05')), '2021-03-05')).toBe('Valid');
    expect(saidOf(ask(later, days('2021-03-06')), '2021-03-06')).toBe('Not Valid vaccine-conflict');
  });

  test('the result does not depend on which antigen is looked at first', () => {
    const age = [{ absMinAge: { y: 9 } }];
    const reversed = scheduleOf({ ...spec, antigens: [live('B', '920'), live('A', '910', { age })] });
    expect(saidOf(ask(reversed, days('2021-03-25')), '2021-03-25')).toBe('Not Valid vaccine-conflict');
  });
});

describe('6.8 preferable and 6.9 allowable vaccine (Tables 6-26 and 6-29)', () => {
  const preferable = [
    { cvx: '900', beginAge: { y: 1 }, endAge: { y: 2 }, volume: 0.5 },
    { cvx: '901', mvx: 'ABC', tradeName: 'Goodvax' },
  ];
  const schedule = dosesSchedule({ preferable, allowable: [{ cvx: ['902'], beginAge: { y: 1 } }] });

  test.each([
    [given('2021-01-15'), 'Valid'],
    [given('2021-01-15', { volume: 0.5 }), 'Valid'],
    [given('2021-01-15', { volume: 0.25 }), 'Valid less-than-recommended-volume'],
    [given('2021-01-14'), 'Not Valid not-preferable-or-allowable vaccine-out-of-age-range'],
    [given('2022-01-15'), 'Not Valid not-preferable-or-allowable vaccine-out-of-age-range'],
    [given('2021-06-01', { cvx: '901' }), 'Valid'],
    [given('2021-06-01', { cvx: '901', mvx: 'ABC' }), 'Valid'],
    [
      given('2021-06-01', { cvx: '901', mvx: 'XYZ' }),
      'Not Valid not-preferable-or-allowable wrong-trade-name',
    ],
    [given('2021-06-01', { cvx: '901', tradeName: 'goodvax' }), 'Valid'],
    [
      given('2021-06-01', { cvx: '901', tradeName: 'Badvax' }),
      'Not Valid not-preferable-or-allowable wrong-trade-name',
    ],
    [given('2021-06-01', { cvx: '902' }), 'Valid'],
    [given('2020-06-01', { cvx: '902' }), 'Not Valid not-preferable-or-allowable vaccine-out-of-age-range'],
  ])('%j is %s', (dose, said) => {
    expect(saidOf(ask(schedule, [dose]), dose.id)).toBe(said);
  });

  test('any fitting row of a vaccine is enough', () => {
    const twice = dosesSchedule({
      preferable: [
        { cvx: '900', mvx: 'ABC' },
        { cvx: '900', beginAge: { y: 1 } },
      ],
    });
    expect(saidOf(ask(twice, [given('2021-06-01', { mvx: 'XYZ' })]), '2021-06-01')).toBe('Valid');
  });
});
