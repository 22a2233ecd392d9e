import { describe, expect, test } from '@jest/globals';
import { dayOf } from '../../src/sandbox/calendar.ts';
import { dice } from '../../src/sandbox/dice.ts';
import {
  DOSE_RATES,
  IDENTITY_ERRORS,
  RECORD_RATES,
  type DoseError,
  type IdentityError,
} from '../../src/sandbox/error-rates.ts';
import { peopleOf, stageOf } from '../../src/sandbox/generate.ts';
import { mistaken } from '../../src/sandbox/mistakes.ts';
import { identityOf } from '../../src/sandbox/person.ts';
import { recordsIn, TODAY, world } from './worlds.ts';

/** Four standard deviations of a share of so many. */
const tolerance = (rate: number, of: number): number => 4 * Math.sqrt((rate * (1 - rate)) / of);
const ERRORS = Object.keys(IDENTITY_ERRORS) as IdentityError[];

const stage = stageOf({ seed: 2, today: TODAY });
const people = Array.from({ length: 1600 }, (_, block) => peopleOf(stage, block)).flat();
const reported = people.map((person) => {
  const occasion = { atBirth: person.role === 'child', latestBirth: dayOf(TODAY) };
  const truth = identityOf(person);
  return { truth, ...mistaken(dice(2, 99, person.n), truth, occasion) };
});

describe('A mistake in who a person is', () => {
  test.each(ERRORS)('is made as often as its rate says: %s', (error) => {
    const possible = reported.filter((each) => each.possible.includes(error));
    const made = possible.filter((each) => each.errors.includes(error));
    expect(possible.length).toBeGreaterThan(20);
    expect(Math.abs(made.length / possible.length - IDENTITY_ERRORS[error])).toBeLessThan(
      tolerance(IDENTITY_ERRORS[error], possible.length),
    );
  });

  test('is never made unsaid', () => {
    const unsaid = reported.filter(
      (each) => each.errors.length === 0 && JSON.stringify(each.identity) !== JSON.stringify(each.truth),
    );
    expect(unsaid).toEqual([]);
  });

  test.each(ERRORS)('alone changes the identity: %s', (error) => {
    const alone = reported.filter((each) => each.errors.length === 1 && each.errors[0] === error);
    const unchanged = alone.filter((each) => JSON.stringify(each.identity) === JSON.stringify(each.truth));
    expect(unchanged).toEqual([]);
  });

  test('leaves a name and a birth date that is not after what happened since', () => {
    for (const { identity } of reported) {
      expect(identity.family.trim()).not.toBe('');
      expect(identity.birthDate <= TODAY).toBe(true);
    }
  });
});

describe('On a big sample', () => {
  const records = recordsIn(world(2, 5000));
  const close = (made: number, of: number, rate: number): void => {
    expect(of).toBeGreaterThan(100);
    expect(Math.abs(made / of - rate)).toBeLessThan(tolerance(rate, of) + 0.003);
  };

  test('people have further records as often as the rate says, less those of the same organisation', () => {
    const further = records.filter((step) => !step.truth.first).length;
    const most = 5000 * RECORD_RATES.second * (1 + RECORD_RATES.third);
    expect(further).toBeGreaterThan(most * 0.8);
    expect(further).toBeLessThan(most * 1.08);
  });

  test.each<DoseError>(['day-off', 'month-only'])(
    'doses known from elsewhere have errors as often as the rate says: %s',
    (error) => {
      const known = records.flatMap(({ truth }) => truth.doses.filter((dose) => dose.as === 'known'));
      close(known.filter((dose) => dose.errors.includes(error)).length, known.length, DOSE_RATES[error]);
    },
  );

  test('first records are without mistakes', () => {
    expect(records.filter((step) => step.truth.first && step.truth.errors.length > 0)).toEqual([]);
  });
});
