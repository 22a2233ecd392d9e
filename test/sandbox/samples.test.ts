import { describe, expect, test } from '@jest/globals';
import { doseSample, personSample } from '../../src/sandbox/samples.ts';
import { check } from '../../src/validation/check.ts';
import { dosesOf, patientOf, recordsIn, referencesIn, TODAY, world } from './worlds.ts';

describe('A sample of a person', () => {
  test('is the person that the world of the seed has', () => {
    const [record] = recordsIn(world(9, 31)).filter(
      (step) => step.truth.person === 'P30' && step.truth.first,
    );
    if (record === undefined) throw new Error('The world has no such person');
    const { patient, doses } = personSample({ seed: 9, n: 30, today: TODAY });
    expect(patient.name).toEqual(patientOf(record).name);
    expect(doses.map((dose) => dose.identifier)).toEqual(dosesOf(record).map((dose) => dose.identifier));
  });

  test('is valid and refers to nothing that is not asked for', () => {
    for (let n = 0; n < 50; n += 1) {
      const { patient, doses } = personSample({
        seed: 9,
        n,
        today: TODAY,
        patient: 'Patient/a',
        organization: 'Organization/b',
      });
      expect([patient, ...doses].flatMap((resource) => check(resource))).toEqual([]);
      expect(
        new Set([patient, ...doses].flatMap((resource) => [...referencesIn(resource)])).difference(
          new Set(['Patient/a', 'Organization/b']),
        ).size,
      ).toBe(0);
    }
  });

  test('needs no organisation', () => {
    const { patient, doses } = personSample({ seed: 9, n: 3, today: TODAY });
    expect([...referencesIn(patient)]).toEqual([]);
    expect(new Set(doses.flatMap((dose) => [...referencesIn(dose)]))).toEqual(new Set(['Patient/sample-3']));
  });

  test('is refused for a number that nobody has', () => {
    expect(() => personSample({ seed: 9, n: -1, today: TODAY })).toThrow(RangeError);
  });
});

describe('A sample of a dose', () => {
  const doses = Array.from({ length: 200 }, (_, n) =>
    doseSample({
      seed: 9,
      n,
      today: TODAY,
      patient: 'Patient/a',
      organization: 'Organization/b',
      birthDate: '2025-10-01',
    }),
  );

  test('is valid, for its patient, and of its own number', () => {
    expect(doses.flatMap((dose) => check(dose))).toEqual([]);
    expect(new Set(doses.map((dose) => dose.identifier?.[0]?.value)).size).toBe(200);
    expect(doses.every((dose) => dose.patient.reference === 'Patient/a')).toBe(true);
  });

  test('is neither before birth nor after today', () => {
    expect(
      doses.filter(
        (dose) => (dose.occurrenceDateTime ?? '') < '2025-10-01' || (dose.occurrenceDateTime ?? '') > TODAY,
      ),
    ).toEqual([]);
  });

  test('is the same each time', () => {
    expect(doseSample({ seed: 9, n: 5, today: TODAY, patient: 'Patient/a' })).toEqual(
      doseSample({ seed: 9, n: 5, today: TODAY, patient: 'Patient/a' }),
    );
  });
});
