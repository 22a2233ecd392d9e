/** Matching comes out the same whichever of two records comes first, and identical records of a known person match. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compare } from '../../src/matching/compare.ts';
import { keysOf } from '../../src/matching/blocking.ts';
import { isOneEdit, likeness } from '../../src/matching/distance.ts';
import { nameOf } from '../../src/matching/normalize.ts';
import type { Person } from '../../src/matching/person.ts';
import { gradeOf } from '../../src/matching/patients.ts';
import { THRESHOLDS } from '../../src/matching/thresholds.ts';
import { scorerOf, sharesOf } from '../../src/matching/score.ts';
import { readWeights } from '../../src/matching/weights.ts';

const word = fc.constantFrom(
  'maria',
  'jose',
  'Bob',
  'Robert',
  'Noah',
  'Naoh',
  'de la Cruz',
  'Smith-Jones',
  'Smith',
  'Baby Boy',
  'J',
  'Nguyễn',
  'x',
);
const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(value, { maxLength: 2 });
const date = fc.constantFrom('2019-04-03', '2019-03-04', '2019-04-04', '2019-04', '2019', '1960-12-31');

const people: fc.Arbitrary<Person> = fc
  .record(
    {
      names: some(
        fc
          .record({ given: some(word), family: word, suffix: some(fc.constantFrom('Jr', 'III', 'MD')) })
          .map(nameOf),
      ),
      birthDate: date,
      sex: fc.constantFrom('female' as const, 'male' as const),
      places: some(
        fc.record(
          {
            number: fc.constantFrom('1', '2'),
            street: word,
            city: word,
            zip: fc.constantFrom('22033', '22034'),
          },
          { requiredKeys: [] },
        ),
      ),
      phones: some(fc.constantFrom('7035550123', '7035550124')),
      emails: some(fc.constantFrom('a@example.org', 'b@example.org')),
      identifiers: some(fc.record({ system: fc.constantFrom('a', 'b'), value: fc.constantFrom('1', '2') })),
      secrets: some(fc.constantFrom('900010001', '900010002', '900019999')),
      mothersMaidenName: word,
      mother: word,
      birthOrder: fc.constantFrom(1, 2),
    },
    { requiredKeys: ['names', 'places', 'phones', 'emails', 'identifiers', 'secrets'] },
  )
  .map((written) => written as Person);

const weights = readWeights();

describe('matching', () => {
  test('is symmetric', () => {
    fc.assert(
      fc.property(people, people, (one, other) => {
        const scorer = scorerOf({ weights, records: 1000, names: sharesOf([one, other]) });
        expect(compare(one, other)).toEqual(compare(other, one));
        expect(scorer.score(one, other).bits).toBeCloseTo(scorer.score(other, one).bits, 9);
      }),
      { numRuns: 500 },
    );
  });

  test('never is certain of two people of whom one has no birth date and no number', () => {
    const scorer = scorerOf({ weights, records: 1000 });
    fc.assert(
      fc.property(people, people, (one, other) => {
        const { birthDate: _birthDate, ...unborn } = { ...one, identifiers: [], secrets: [] };
        expect(gradeOf(scorer.score(unborn, other), THRESHOLDS)).not.toBe('certain');
      }),
    );
  });

  test('gives a person each key once', () => {
    fc.assert(
      fc.property(people, (one) => {
        expect(new Set(keysOf(one)).size).toBe(keysOf(one).length);
      }),
    );
  });
});

describe('likeness', () => {
  test('is symmetric, from 0 to 1, and 1 for the same', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(likeness(one, other)).toBe(likeness(other, one));
        expect(likeness(one, other)).toBeGreaterThanOrEqual(0);
        expect(likeness(one, other)).toBeLessThanOrEqual(1);
        expect(likeness(one, one)).toBe(1);
        expect(isOneEdit(one, other)).toBe(isOneEdit(other, one));
      }),
    );
  });

  test('is that of the literature', () => {
    expect(likeness('martha', 'marhta')).toBeCloseTo(0.961, 3);
    expect(likeness('dwayne', 'duane')).toBeCloseTo(0.84, 2);
    expect(likeness('dixon', 'dicksonx')).toBeCloseTo(0.813, 3);
  });
});
