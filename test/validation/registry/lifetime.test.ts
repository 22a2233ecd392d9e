import { describe, expect, test } from '@jest/globals';
import { lifetimeFaults } from '../../../src/validation/registry/lifetime.ts';

const places = (dose: object, patient: object): readonly string[] =>
  lifetimeFaults(dose as never, patient as never).flatMap(({ expression = [] }) => [...expression]);
const on = (occurrenceDateTime: string, more: object = {}) => ({ occurrenceDateTime, ...more });
const refused = ['Immunization.occurrence'];
const born = { birthDate: '2020-03-15' };

describe('a dose before the birth', () => {
  test('is refused where it is certainly before', () => {
    for (const date of ['2020-03-14', '2020-02', '2019', '2020-03-14T23:59:00-05:00'])
      expect(places(on(date), born)).toEqual(refused);
  });

  test('is taken where it may be on the day or after', () => {
    for (const date of ['2020-03-15', '2020-03', '2020', '2020-03-15T00:30:00+10:00'])
      expect(places(on(date), born)).toEqual([]);
    expect(places(on('2020-03-14'), { birthDate: '2020-03' })).toEqual([]);
  });
});

describe('a dose after the death', () => {
  const died = { birthDate: '1950-01-01', deceasedDateTime: '2024-05-10T08:00:00-04:00' };

  test('is refused where it is certainly after', () => {
    expect(places(on('2024-05-11'), died)).toEqual(refused);
    expect(places(on('2025'), died)).toEqual(refused);
  });

  test('is taken on the day of death, and where it is not known when that was', () => {
    expect(places(on('2024-05-10'), died)).toEqual([]);
    expect(places(on('2024-05'), died)).toEqual([]);
    expect(places(on('2024-05-11'), { birthDate: '1950', deceasedBoolean: true })).toEqual([]);
  });
});

test('a dose that was entered in error may say what it will', () => {
  expect(places(on('1999', { status: 'entered-in-error' }), born)).toEqual([]);
});
