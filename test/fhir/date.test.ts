import { describe, expect, test } from '@jest/globals';
import {
  BEGINNING_OF_TIME,
  END_OF_TIME,
  intervalOf,
  intervalOfValue,
  isRealDate,
} from '../../src/fhir/date.ts';

const shown = (text: string): readonly string[] => {
  const interval = intervalOf(text);
  return interval === undefined
    ? []
    : [new Date(interval.lo).toISOString(), new Date(interval.hi).toISOString()];
};

describe('a date covers the stretch that its precision says', () => {
  test.each([
    ['2020', '2020-01-01T00:00:00.000Z', '2020-12-31T23:59:59.999Z'],
    ['2020-02', '2020-02-01T00:00:00.000Z', '2020-02-29T23:59:59.999Z'],
    ['2020-02-03', '2020-02-03T00:00:00.000Z', '2020-02-03T23:59:59.999Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z', '0001-01-01T23:59:59.999Z'],
    ['9999', '9999-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'],
    ['2020-02-03T10:11Z', '2020-02-03T10:11:00.000Z', '2020-02-03T10:11:59.999Z'],
    ['2020-02-03T10:11:12Z', '2020-02-03T10:11:12.000Z', '2020-02-03T10:11:12.999Z'],
    ['2020-02-03T10:11:12.5Z', '2020-02-03T10:11:12.500Z', '2020-02-03T10:11:12.599Z'],
    ['2020-02-03T10:11:12.345678Z', '2020-02-03T10:11:12.345Z', '2020-02-03T10:11:12.345Z'],
    ['2020-02-03T10:11:12+05:30', '2020-02-03T04:41:12.000Z', '2020-02-03T04:41:12.999Z'],
    ['2020-02-03T10:11:12-14:00', '2020-02-04T00:11:12.000Z', '2020-02-04T00:11:12.999Z'],
    ['2020-02-03T10:11', '2020-02-03T10:11:00.000Z', '2020-02-03T10:11:59.999Z'],
  ])('%s', (text, lo, hi) => {
    expect(shown(text)).toEqual([lo, hi]);
  });
});

test.each([
  ...[
    '',
    'abc',
    '20',
    '202',
    '20200',
    '2020-',
    '2020-1',
    '2020-00',
    '2020-13',
    '0000',
    '2020-02-3',
    '2020-02-00',
  ],
  ...[
    '2021-02-29',
    '2021-02-30',
    '1900-02-29',
    '2020-04-31',
    '2020-02-03T',
    '2020-02-03T10',
    '2020-02-03T24:00',
  ],
  ...['2020-02-03T10:60', '2020-02-03T10:11:61Z', '2020-02-03T10:11:12.Z', '2020-02-03T10:11:12+14:01'],
  ...[
    '2020-02-03T10:11:12+05:60',
    '2020-02-03 10:11',
    ' 2020',
    '2020 ',
    '2020-02-03Z',
    '+020-01-01',
    '２０２０',
  ],
])('%p is no date', (text) => {
  expect(isRealDate(text)).toBe(false);
});

describe('a value with two ends', () => {
  test('is a Period, from the start of its first day to the end of its last', () => {
    expect(intervalOfValue({ start: '2020-01', end: '2020-03-05' })).toEqual({
      lo: Date.UTC(2020, 0, 1),
      hi: Date.UTC(2020, 2, 6) - 1,
    });
  });

  test('that is open reaches as far as a database can sort', () => {
    expect(intervalOfValue({ start: '2020' })).toEqual({ lo: Date.UTC(2020, 0, 1), hi: END_OF_TIME });
    expect(intervalOfValue({ end: '2020' })).toEqual({ lo: BEGINNING_OF_TIME, hi: Date.UTC(2021, 0, 1) - 1 });
    expect(new Date(END_OF_TIME).toISOString()).toBe('+275760-09-13T00:00:00.000Z');
  });

  test('that names no real date covers nothing', () => {
    expect(intervalOfValue({ start: '2020-02-30' })).toBeUndefined();
    expect(intervalOfValue({})).toBeUndefined();
  });
});

describe('a Timing', () => {
  test('covers its events from the first to the last', () => {
    expect(intervalOfValue({ event: ['2020-03-01', '2020-01-01', 'never'] })).toEqual({
      lo: Date.UTC(2020, 0, 1),
      hi: Date.UTC(2020, 2, 2) - 1,
    });
    expect(intervalOfValue({ event: ['never'] })).toBeUndefined();
  });

  test('without events covers the bounds of its repetition', () => {
    expect(intervalOfValue({ repeat: { boundsPeriod: { start: '2020', end: '2020' } } })).toEqual(
      intervalOf('2020'),
    );
    expect(intervalOfValue({ repeat: { count: 3 } })).toBeUndefined();
  });
});

test('a value that is no time covers nothing', () => {
  for (const value of [null, undefined, 3, true, [], {}]) expect(intervalOfValue(value)).toBeUndefined();
});
