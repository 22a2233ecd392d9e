/** One dose once: reports of one dose are found, two true doses stay two. */
import { describe, expect, test } from '@jest/globals';
import type { DoseReport } from '../../src/matching/dose.ts';
import { judgeDoses } from '../../src/matching/doses.ts';
import { consolidate } from '../../src/matching/history.ts';

const hepB = (id: string, date: string, but: Partial<DoseReport> = {}): DoseReport => ({
  id,
  date,
  cvx: '08',
  groups: ['HepB'],
  filled: 0,
  ...but,
});
const hospital = {
  source: 'administered',
  organization: 'hospital',
  lot: 'E1',
  filled: 8,
  number: 'h|1',
} as const;
const given = (id: string, date: string, but: Partial<DoseReport> = {}): DoseReport =>
  hepB(id, date, { ...hospital, number: id, ...but });
const heard = (id: string, date: string, but: Partial<DoseReport> = {}): DoseReport =>
  hepB(id, date, { source: 'historical', ...but });
const dosesOf = (...reports: readonly DoseReport[]): readonly (readonly string[])[] =>
  consolidate(reports).map(({ sources }) => sources);

describe('one dose', () => {
  test('the birth dose of hepatitis B, from the hospital and again from the clinic, is one, and the hospital’s is shown', () => {
    const clinic = heard('clinic', '2026-01-02', { cvx: '45', unspecified: true });
    expect(dosesOf(clinic, given('hospital', '2026-01-02'))).toEqual([['hospital', 'clinic']]);
    expect(dosesOf(heard('clinic', '2026-01-03'), given('hospital', '2026-01-02'))).toEqual([
      ['hospital', 'clinic'],
    ]);
  });

  test('a corrected report is the report, however much changed', () => {
    const [before, after] = [
      given('a', '2026-01-02', { number: 'h|7' }),
      given('b', '2026-03-09', { number: 'h|7', recorded: '2026-03-10', lot: 'X' }),
    ];
    expect(judgeDoses(before, after)).toEqual({ verdict: 'duplicate', because: 'same-number' });
    expect(consolidate([before, after])[0]?.primary).toBe('b');
  });

  test('what the primary report lacks is taken from the others, and the specific vaccine from whoever names it', () => {
    const vague = given('given', '2026-01-02', { cvx: '45', unspecified: true, filled: 3 });
    const [dose] = consolidate([vague, heard('heard', '2026-01-02', { product: 'engerix b' })]);
    expect(dose).toMatchObject({
      primary: 'given',
      dose: { cvx: '08', product: 'engerix b', lot: 'E1', unspecified: false },
    });
  });
});

describe('two doses', () => {
  test('close together stay two: rabies on days 0, 3, 7 and 14, even of one lot', () => {
    const rabies = ['01', '04', '08', '15'].map((day) =>
      given(day, `2026-05-${day}`, { cvx: '175', groups: ['RABIES'] }),
    );
    expect(dosesOf(...rabies)).toEqual([['01'], ['04'], ['08'], ['15']]);
  });

  test('of one list on two days are two', () => {
    const list = ['2026-01-02', '2026-01-05'].map((date) => heard(date, date, { reporter: 'school' }));
    expect(dosesOf(...list)).toEqual([['2026-01-02'], ['2026-01-05']]);
  });

  test('both like a third report, it goes to the one that it is more like', () => {
    const reports = [
      given('first', '2026-01-02'),
      given('second', '2026-01-08', { lot: 'E2' }),
      heard('third', '2026-01-08'),
    ];
    expect(dosesOf(...reports)).toEqual([['first'], ['second', 'third']]);
  });

  test('of different vaccine groups on one day are two', () => {
    expect(
      dosesOf(given('a', '2026-01-02'), given('b', '2026-01-02', { cvx: '10', groups: ['POLIO'] })),
    ).toHaveLength(2);
  });
});

describe('what is unclear', () => {
  test('an uncertain pair stays two doses that name each other', () => {
    const [one, other] = consolidate([
      heard('a', '2026-01-02', { reporter: 'x' }),
      heard('b', '2026-01-04', { reporter: 'y' }),
    ]);
    expect(one?.uncertain[0]?.reports.toSorted()).toEqual(['a', 'b']);
    expect(other?.uncertain).toHaveLength(1);
  });

  test('far apart without a lot in common is for a person, and so is a month', () => {
    expect(judgeDoses(given('a', '2026-01-02'), heard('b', '2026-01-16'))).toMatchObject({
      verdict: 'review',
      because: 'far-apart',
    });
    expect(judgeDoses(given('a', '2026-01-02'), heard('b', '2026-01'))).toMatchObject({
      verdict: 'review',
      because: 'inexact-date',
    });
  });

  test('a person decides before any score, and a decision taken back restores what was', () => {
    const reports = [given('a', '2026-01-02'), heard('b', '2026-01-02')];
    const before = consolidate(reports);
    const parted = consolidate(reports, { same: [], different: [['b', 'a']] });
    expect(before).toHaveLength(1);
    expect(parted).toHaveLength(2);
    expect(consolidate(reports)).toEqual(before);
    expect(
      consolidate([given('a', '2026-01-02'), given('c', '2026-01-09')], {
        same: [['a', 'c']],
        different: [],
      }),
    ).toHaveLength(1);
  });

  test('the order of reports changes nothing', () => {
    const reports = [
      given('a', '2026-01-02'),
      heard('b', '2026-01-03'),
      given('c', '2026-02-02', { lot: 'E9' }),
      heard('d', '2026-02-04'),
    ];
    expect(consolidate(reports.toReversed())).toEqual(consolidate(reports));
  });
});
