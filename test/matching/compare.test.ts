/** Every way in which two records of one person differ has its degree. */
import { describe, expect, test } from '@jest/globals';
import { compare } from '../../src/matching/compare.ts';
import { compareBirthDates } from '../../src/matching/compare-dates.ts';
import type { WrittenName } from '../../src/matching/normalize.ts';
import { person } from './people.ts';

const named = (one: WrittenName, other: WrittenName): ReturnType<typeof compare> =>
  compare(person({ name: one }), person({ name: other }));

describe('given names', () => {
  test.each([
    ['Robert', 'Bob', 'nickname'],
    ['Liz', 'Beth', 'nickname'],
    ['José', 'Pepe', 'nickname'],
    ['Oliver', 'Olvier', 'typo'],
    ['Oliver', 'Olver', 'typo'],
    ['Ji-woo', 'Jiwoo', 'same'],
    ['María José', 'María', 'part'],
    ['Valentina', 'Vale', 'part'],
    ['J', 'John', 'part'],
    ['Jayden', 'Jaden', 'typo'],
    ['Noah', 'Emma', 'different'],
    ['Noah', 'Baby Boy', 'unnamed'],
  ])('%s and %s are %s', (one, other, level) => {
    expect(named({ given: [one], family: 'Ward' }, { given: [other], family: 'Ward' }).given).toBe(level);
  });

  test('that are missing say nothing, where a placeholder says that there is a child', () => {
    expect(named({ given: ['Noah'], family: 'Ward' }, { family: 'Ward' }).given).toBe('missing');
  });

  test('stand for each other where a person goes by the second', () => {
    expect(
      named({ given: ['John', 'Henry'], family: 'Ward' }, { given: ['Henry'], family: 'Ward' }).given,
    ).toBe('part');
  });

  test('and family names that change places are one mistake', () => {
    const swapped = named({ given: ['Ricardo'], family: 'García' }, { given: ['Garcia'], family: 'Ricardo' });
    expect(swapped).toMatchObject({ given: 'swapped', family: 'missing' });
  });
});

describe('family names', () => {
  test.each([
    ['Smith-Jones', 'Smith Jones', 'same'],
    ['García López', 'García', 'part'],
    ['Kowalski', 'Kowalsky', 'typo'],
    ['Brown', 'Banks', 'mothers'],
    ['Ward', 'Nguyen', 'different'],
  ])('%s and %s are %s', (one, other, level) => {
    expect(named({ given: ['Ana'], family: one }, { given: ['Ana'], family: other }).family).toBe(level);
  });

  test('of before are known', () => {
    const [now, before] = [
      person({ name: { given: ['Ana'], family: 'Ward' } }),
      person({ name: { given: ['Ana'], family: 'Hunt' } }),
    ];
    const married = { ...now, names: [...now.names, ...before.names] };
    expect(compare(married, before).family).toBe('former');
  });

  test('do not agree by a particle alone', () => {
    expect(
      named({ given: ['Ana'], family: 'de la Cruz' }, { given: ['Ana'], family: 'de la Rosa' }).family,
    ).toBe('different');
  });
});

describe('birth dates', () => {
  test.each([
    ['2019-04-23', '2019-04-23', 'same'],
    ['2019-04-03', '2019-03-04', 'transposed'],
    ['2019-04-23', '2019-04-32', 'transposed'],
    ['2019-04-23', '2019-04-13', 'typo'],
    ['2019-04-30', '2019-05-01', 'near'],
    ['2019-12-31', '2020-01-01', 'near'],
    ['2019-04', '2019-04-23', 'partial'],
    ['2019-04-23', '1988-11-02', 'different'],
  ])('%s and %s are %s', (one, other, level) => {
    expect(compareBirthDates(one, other)).toBe(level);
  });

  test('that are not known cannot be compared', () => {
    expect(compareBirthDates(undefined, '2019-04-23')).toBe('missing');
  });
});

describe('the rest', () => {
  test('a former address counts as the present one', () => {
    const moved = person({ places: [{ number: '1', street: 'oak st', zip: '20001' }, ...person().places] });
    expect(compare(moved, person()).place).toBe('same');
  });

  test('two numbers of one system clash, of two systems they say nothing', () => {
    const of = (system: string, value: string): ReturnType<typeof person> =>
      person({ identifiers: [{ system, value }] });
    expect(compare(of('a', '1'), of('a', '2')).identifier).toBe('clash');
    expect(compare(of('a', '1'), of('b', '2')).identifier).toBe('missing');
    expect(compare(of('a', '1'), of('a', '1')).identifier).toBe('same');
  });
});
