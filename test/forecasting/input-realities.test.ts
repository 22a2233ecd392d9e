/** What registries really hold: each is handled by a rule of its own, and none throws. */
import { describe, expect, test } from '@jest/globals';
import { forecast } from '../../src/forecasting/forecast.ts';
import type { Dose } from '../../src/forecasting/patient.ts';
import { loadSchedule } from '../../src/forecasting/schedule/load-schedule.ts';
import { ask, dosesSchedule, evaluationOf, given, onlyForecast, saidOf } from './small-schedule.ts';

const two = dosesSchedule(
  { age: [{ absMinAge: { m: 1 } }] },
  { interval: [{ from: 'previous', absMinInt: { d: 28 } }] },
);
const kinds = (doses: readonly Dose[], asked = {}) => ask(two, doses, asked).notices;

describe('doses entered twice', () => {
  test('the same vaccine type on one day is one dose', () => {
    const result = ask(two, [given('2021-01-01', { id: 'a' }), given('2021-01-01', { id: 'b' })]);
    expect(result.notices).toEqual([{ kind: 'duplicate', dose: 'b', duplicateOf: 'a' }]);
    expect(onlyForecast(result).doseNumber).toBe(2);
  });

  test('the record that names a manufacturer stays, and one that was spoiled before any other', () => {
    const kept = (...doses: Partial<Dose>[]) =>
      ask(
        two,
        doses.map((dose, at) => given('2021-01-01', { id: String(at), ...dose })),
      ).notices[0]?.duplicateOf;
    expect(kept({}, { mvx: 'PFR' })).toBe('1');
    expect(kept({ mvx: 'PFR' }, { isSubPotent: true })).toBe('1');
  });

  test('two manufacturers make two doses', () => {
    const doses = [
      given('2021-01-01', { id: 'a', mvx: 'PFR' }),
      given('2021-01-01', { id: 'b', mvx: 'MSD' }),
    ];
    expect(kinds(doses)).toEqual([]);
  });
});

describe('an unknown manufacturer', () => {
  const schedule = dosesSchedule({ preferable: [{ cvx: '900', mvx: 'PFR' }] });
  const saidWith = (mvx: string) => saidOf(ask(schedule, [given('2021-01-01', { id: 'a', mvx })]), 'a');

  test('is told as UNK, which restricts nothing', () => {
    expect(saidWith('UNK')).toBe('Valid');
  });

  test('is not another manufacturer', () => {
    expect(saidWith('MSD')).toContain('Not Valid');
  });

  test('makes no second dose of one that is known', () => {
    const doses = [
      given('2021-01-01', { id: 'a', mvx: 'UNK' }),
      given('2021-01-01', { id: 'b', mvx: 'PFR' }),
    ];
    expect(kinds(doses)).toEqual([{ kind: 'duplicate', dose: 'a', duplicateOf: 'b' }]);
  });
});

describe('two doses of one antigen on one day', () => {
  test('are two doses of one vaccine type where the caller says that each record is one', () => {
    const doses = [given('2021-01-01', { id: 'a' }), given('2021-01-01', { id: 'b' })];
    const result = ask(two, doses, { duplicates: 'kept' });
    expect([saidOf(result, 'a'), saidOf(result, 'b')]).toEqual(['Valid', 'Not Valid too-soon']);
    expect(result.notices).toEqual([]);
  });

  test('the better match for the target dose is evaluated first, whatever the order', () => {
    const schedule = dosesSchedule(
      { preferable: [{ cvx: '902' }] },
      { interval: [{ from: 'previous', absMinInt: { d: 28 } }] },
    );
    const doses = [
      given('2021-01-01', { id: 'wrong', cvx: '900' }),
      given('2021-01-01', { id: 'right', cvx: '902' }),
    ];
    for (const order of [doses, doses.toReversed()]) {
      const result = ask(schedule, order);
      expect([saidOf(result, 'right'), saidOf(result, 'wrong')]).toEqual(['Valid', 'Not Valid too-soon']);
    }
  });

  test('a spoiled dose never comes before a sound one', () => {
    const doses = [
      given('2021-01-01', { id: 'spoiled', cvx: '900', isSubPotent: true }),
      given('2021-01-01', { id: 'sound', cvx: '901' }),
    ];
    const schedule = dosesSchedule({ preferable: [{ cvx: '900' }, { cvx: '901' }] });
    expect(saidOf(ask(schedule, doses), 'sound')).toBe('Valid');
  });
});

describe('dates', () => {
  test('of an incomplete date the first possible day counts, and the result says so', () => {
    const result = ask(two, [given('2021-01', { id: 'month' }), given('2021-01-29')]);
    expect(result.notices).toEqual([{ kind: 'incomplete-date', dose: 'month' }]);
    expect(saidOf(result, '2021-01-29')).toBe('Valid');
  });

  test('it is never before birth', () => {
    const result = ask(dosesSchedule({}), [given('2020', { id: 'year' })]);
    expect(saidOf(result, 'year')).toBe('Valid');
    expect(onlyForecast(ask(dosesSchedule({}, {}), [given('2020', { id: 'year' })])).earliestDate).toBe(
      '2020-01-15',
    );
  });

  test('doses before birth, after the assessment and without a readable date are set aside', () => {
    expect(kinds([given('2019-12-31'), given('2022-01-16'), given('soon')])).toEqual([
      { kind: 'before-birth', dose: '2019-12-31' },
      { kind: 'after-assessment', dose: '2022-01-16' },
      { kind: 'date-unreadable', dose: 'soon' },
    ]);
  });

  test('a dose on the day of birth and one on the day of assessment count', () => {
    const result = ask(dosesSchedule({}, {}), [given('2020-01-15'), given('2022-01-15')]);
    expect(result.evaluations.map(({ status }) => status)).toEqual(['Valid', 'Valid']);
  });

  test('a birth date that is incomplete, unreadable or in the future is said', () => {
    expect(ask(two, [], { birthDate: '2020-01' }).notices).toEqual([{ kind: 'birth-date-incomplete' }]);
    expect(ask(two, [], { birthDate: 'unknown' })).toMatchObject({
      forecasts: [],
      notices: [{ kind: 'birth-date-unreadable' }],
    });
    expect(ask(two, [], { birthDate: '2022-01-16' })).toMatchObject({
      forecasts: [],
      notices: [{ kind: 'birth-after-assessment' }],
    });
  });

  test('an assessment date must be a day: that is a fault of the caller', () => {
    expect(() => ask(two, [], { assessmentDate: '2022-01' })).toThrow('assessment date');
  });
});

describe('what is no dose, and vaccines that the schedule does not know', () => {
  test('refused doses and entries in error are none', () => {
    expect(
      kinds([
        given('2021-01-01', { status: 'not-done' }),
        given('2021-01-02', { status: 'entered-in-error' }),
      ]),
    ).toEqual([
      { kind: 'not-given', dose: '2021-01-01' },
      { kind: 'not-given', dose: '2021-01-02' },
    ]);
  });

  test('an unknown vaccine is named', () => {
    expect(kinds([given('2021-01-01', { cvx: '99999' })])).toEqual([
      { kind: 'unknown-vaccine', dose: '2021-01-01' },
    ]);
  });

  test('a vaccine whose antigen has no relevant series is named', () => {
    expect(kinds([given('2021-01-01', { cvx: '990' })])).toEqual([
      { kind: 'no-relevant-series', dose: '2021-01-01' },
    ]);
  });
});

describe('people, with the shipped schedule', () => {
  const schedule = loadSchedule();
  const asked = (birthDate: string, gender?: string) =>
    forecast(schedule, {
      patient: { birthDate, ...(gender !== undefined && { gender }) },
      doses: [],
      assessmentDate: '2025-11-10',
    });

  test('no history at all, whatever the sex', () => {
    for (const gender of ['F', 'M', 'X', undefined]) {
      const groups = asked('2025-11-10', gender).forecasts.map(({ vaccineGroup }) => vaccineGroup);
      expect(groups).toEqual(expect.arrayContaining(['HepB', 'DTaP/Tdap/Td', 'MMR', 'HPV']));
    }
  });

  test('people of 110 and somebody born today', () => {
    const old = asked('1915-11-10').forecasts;
    expect(old.find(({ vaccineGroup }) => vaccineGroup === 'MMR')?.status).toBe('Immune');
    expect(old.find(({ vaccineGroup }) => vaccineGroup === 'Zoster')?.status).toBe('Not Complete');
    expect(
      asked('2025-11-10').forecasts.find(({ vaccineGroup }) => vaccineGroup === 'HepB')?.earliestDate,
    ).toBe('2025-11-10');
  });

  test('codes without their leading zero and unspecified formulations are evaluated', () => {
    const result = forecast(schedule, {
      patient: { birthDate: '2020-01-15' },
      doses: [
        { id: 'mmr', date: '2021-02-01', cvx: '3' },
        { id: 'dtap', date: '2020-03-20', cvx: '107' },
        { id: 'bcg', date: '2020-01-20', cvx: '19' },
      ],
      assessmentDate: '2022-01-15',
    });
    expect([saidOf(result, 'mmr'), saidOf(result, 'dtap')]).toEqual(['Valid', 'Valid']);
    expect(result.notices).toEqual([{ kind: 'no-relevant-series', dose: 'bcg' }]);
  });

  test('a zoster vaccine given to a child counts for varicella', () => {
    const result = forecast(schedule, {
      patient: { birthDate: '2010-01-15' },
      doses: [{ id: 'zoster', date: '2015-01-15', cvx: '121' }],
      assessmentDate: '2022-01-15',
    });
    expect(evaluationOf(result, 'zoster').vaccineGroup).toBe('Varicella');
  });
});
