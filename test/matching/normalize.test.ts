/** Names, numbers and addresses come into one form, however they were written. */
import { describe, expect, test } from '@jest/globals';
import { isPlaceholder, nameOf, orderOf, phoneOf, placeOf } from '../../src/matching/normalize.ts';

describe('a name', () => {
  test('loses case, accents and punctuation, and a hyphen becomes a space', () => {
    expect(nameOf({ given: ['JOSÉ'], family: "O'Brien-Núñez" })).toEqual({
      given: 'jose',
      middle: [],
      family: 'obrien nunez',
    });
  });

  test('and an address leave out the places that null keeps', () => {
    expect(nameOf({ given: [null, 'Ana'], family: 'Ward', suffix: [null] })).toEqual({
      given: 'ana',
      middle: [],
      family: 'ward',
    });
    expect(placeOf({ line: [null, '12 Main Street'] })).toEqual({ number: '12', street: 'main st' });
  });

  test('gives up the suffix that was typed behind the family name', () => {
    expect(nameOf({ given: ['Noah'], family: 'Ward Jr.' })).toMatchObject({ family: 'ward', suffix: 'jr' });
    expect(nameOf({ given: ['Noah'], family: 'Ward', suffix: ['III'] })).toMatchObject({ suffix: '3' });
  });

  test.each([
    'Baby Boy',
    'Babygirl',
    'BB',
    'Baby Girl B',
    'Boy',
    'Female',
    'Baby Boy of Maria',
    'Twin A',
    'Newborn',
  ])('that says only that there is a child is no name: %s', (given) => {
    expect(nameOf({ given: [given], family: 'Clark' })).toEqual({
      placeholder: true,
      middle: [],
      family: 'clark',
    });
  });

  test.each(['boyd', 'babette', 'male daniel', 'gail'])(
    'that begins like a placeholder is still one: %s',
    (given) => {
      expect(isPlaceholder(given)).toBe(false);
    },
  );

  test('of a twin without a name ends in its place', () => {
    expect(orderOf('baby girl b')).toBe(2);
    expect(orderOf('twin 1')).toBe(1);
    expect(orderOf('baby girl')).toBeUndefined();
  });
});

describe('a telephone number', () => {
  test.each(['(703) 555-0123', '703-555-0123', '+1-703-555-0123', '17035550123'])(
    'is ten digits: %s',
    (text) => {
      expect(phoneOf(text)).toBe('7035550123');
    },
  );

  test('of zeros is none', () => {
    expect(phoneOf('000-000-0000')).toBeUndefined();
    expect(phoneOf('555')).toBeUndefined();
  });
});

describe('an address', () => {
  test.each([
    [['12 Walnut Street', 'Apt 4B']],
    [['12 walnut st., Apt 4B']],
    [['12 Walnut St # 4B']],
    [['12 WALNUT ST UNIT 9']],
  ])('is the same with and without its flat, the street in full or in short: %s', (line) => {
    expect(placeOf({ line, city: 'Alderwood', postalCode: '22033-1234' })).toEqual({
      number: '12',
      street: 'walnut st',
      city: 'alderwood',
      zip: '22033',
    });
  });
});
