import { describe, expect, test } from '@jest/globals';
import { ask, finds, keyed, refusalOf } from '../asking.ts';

const dose = (occurrenceDateTime: string): { resourceType: string } & Record<string, unknown> => ({
  resourceType: 'Immunization',
  occurrenceDateTime,
});
const consent = (period: object): { resourceType: string } & Record<string, unknown> => ({
  resourceType: 'Consent',
  provision: { period },
});

describe('a date search (R4 search.html#date)', () => {
  test.each([
    ['2020-02-10', '2020-02', true],
    ['2020-02-10', 'eq2020', true],
    ['2020', '2020-02', false],
    ['2020', '2020', true],
    ['2020-02-10', 'ne2020-02', false],
    ['2020', 'ne2020-02', true],
    ['2020-02-10', 'gt2020-02-09', true],
    ['2020-02-10', 'gt2020-02-10', false],
    ['2020-02-10', 'gt2020-02', false],
    ['2020', 'gt2020-02', true],
    ['2020-02-10', 'ge2020-02-10', true],
    ['2020-02-10', 'ge2020-02', true],
    ['2020-02-10', 'ge2020-03', false],
    ['2020-02-10', 'le2020-02-10', true],
    ['2020-02-10', 'le2020-02', true],
    ['2020-02-10', 'le2020-01', false],
    ['2020-02-10', 'lt2020-02-11', true],
    ['2020-02-10', 'lt2020-02-10', false],
    ['2020', 'lt2020-02', true],
    ['2020-02-10', 'sa2020-01', true],
    ['2020', 'sa2020-01', false],
    ['2020-02-10', 'eb2020-03', true],
    ['2020', 'eb2020-12', false],
    ['2020-01-01T02:00:00.500Z', 'sa2020-01-01T02:00:00.500Z', false],
    ['2020-01-01T02:00:00.501Z', 'sa2020-01-01T02:00:00.500Z', true],
    ['2020-01-01T02:00:00.500Z', 'eb2020-01-01T02:00:00.500Z', false],
    ['2020-01-01T02:00:00.499Z', 'eb2020-01-01T02:00:00.500Z', true],
    ['2020-02-10', 'ap2020-04', true],
    // Today is some four years later: near is within 150 days.
    ['2019-12-10', 'ap2020-04', true],
    ['2019-10-20', 'ap2020-04', false],
    ['2020-02-10', 'ap2023-04', false],
    ['2020-01-01T02:00:00+05:00', '2019-12-31', true],
    ['2020-01-01T02:00:00+05:00', '2020-01-01T02:00:00+05:00', true],
    ['2020-02-10', '2019,2020-02', true],
  ])('a dose of %s is found by date=%s: %s', (given, asked, found) => {
    expect(finds(`date=${asked}`, dose(given))).toBe(found);
  });

  test('two criteria enclose', () => {
    expect(finds('date=ge2020&date=lt2021', dose('2020-06-01'))).toBe(true);
    expect(finds('date=ge2020&date=lt2021', dose('2021-06-01'))).toBe(false);
  });

  test.each([
    ['ge2030', { start: '2020' }, true],
    ['le2000', { end: '2020' }, true],
    ['2021', { start: '2021-02', end: '2021-03' }, true],
    ['2021-02', { start: '2021-02', end: '2021-03' }, false],
    ['lt2019', { start: '2020' }, false],
  ])('period=%s of %j is %s: an open end has no end', (asked, period, found) => {
    expect(finds(`period=${asked}`, consent(period))).toBe(found);
  });

  test('a Period sent as the search value of nothing is neither equal nor unequal', () => {
    expect(finds('date=ne2020', { resourceType: 'Immunization' })).toBe(false);
    expect(finds('date:missing=true', { resourceType: 'Immunization' })).toBe(true);
    expect(finds('date:missing=true', dose('2020'))).toBe(false);
  });

  test('a text in place of a date is no date, but not missing', () => {
    const resource = { resourceType: 'Immunization', occurrenceString: 'in childhood' };
    expect(keyed(resource).index).toEqual({});
    expect(finds('date=ge1900', resource)).toBe(false);
    expect(finds('date:missing=false', resource)).toBe(true);
  });

  test.each(
    ['abc', '2020-13', '2021-02-30', 'xx2020', '', '2020-01-01T02:00:00 05:00'].filter(
      (value) => value !== '',
    ),
  )('date=%s cannot be understood', (value) => {
    expect(refusalOf(() => ask('Immunization', `date=${value}`))).toBe('invalid-value');
  });

  test('one of many dates is enough', () => {
    const resource = { resourceType: 'Immunization', reaction: [{ date: '2020' }, { date: '2022-03' }] };
    expect(finds('reaction-date=2022', resource)).toBe(true);
    expect(finds('reaction-date=2021', resource)).toBe(false);
  });

  test('_lastUpdated is an instant', () => {
    const resource = { resourceType: 'Immunization' };
    expect(finds('_lastUpdated=2024-01-01', resource)).toBe(true);
    expect(finds('_lastUpdated=gt2024-01-01', resource)).toBe(false);
    expect(finds('_lastUpdated=ge2024-01-01T00:00:00Z', resource)).toBe(true);
    expect(finds('_lastUpdated=ne2024', resource)).toBe(false);
  });
});
