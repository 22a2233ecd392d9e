import { describe, expect, test } from '@jest/globals';
import { generate } from '../../src/sandbox/generate.ts';
import { dosesOf, patientOf, recordsIn, referencesIn, TODAY, world } from './worlds.ts';

const thousand = world(1, 1000);

describe('A sandbox', () => {
  test('is the same for the same seed', () => {
    expect(JSON.stringify(world(7, 60))).toBe(JSON.stringify(world(7, 60)));
  });

  test('is another for another seed', () => {
    const names = (seed: number): string => JSON.stringify(recordsIn(world(seed, 60)).map(patientOf));
    expect(names(7)).not.toBe(names(8));
  });

  test('begins with the same people whatever the number of people', () => {
    const [few, many] = [recordsIn(world(1, 75)), recordsIn(thousand)];
    expect(JSON.stringify(many.slice(0, few.length))).toBe(JSON.stringify(few));
  });

  test('can be of nobody', () => {
    expect(recordsIn(world(1, 0))).toEqual([]);
  });

  test('has as many people as asked for', () => {
    const people = new Set(recordsIn(thousand).map((step) => step.truth.person));
    expect(people.size).toBe(1000);
  });

  test('has about forty organisations at a thousand people, of all the kinds a registry has', () => {
    const organizations = thousand
      .filter((step) => step.kind === 'organization')
      .flatMap((step) => step.bundle.entry ?? []);
    const bodies = organizations.flatMap(({ resource }) =>
      resource?.resourceType === 'Organization' ? resource : [],
    );
    const top = bodies.filter(
      (body) => body.partOf === undefined || body.type?.[0]?.text === 'Local health department',
    );
    const kinds = new Set(bodies.map((body) => body.type?.[0]?.text));
    expect(top.length).toBeGreaterThanOrEqual(35);
    expect(kinds).toContain('Pharmacy chain');
    expect(kinds).toContain("Another state's immunization registry");
    expect(kinds.size).toBe(16);
  });

  test('tells of organisations before it tells of people', () => {
    const firstRecord = thousand.findIndex((step) => step.kind === 'record');
    expect(thousand.slice(firstRecord).every((step) => step.kind === 'record')).toBe(true);
  });

  test('is made as it is asked for, and not before', () => {
    const steps = generate({ seed: 1, people: 1_000_000_000, today: TODAY });
    const organizations = steps.take(40).toArray();
    expect(organizations).toHaveLength(40);
  }, 60_000);

  test('does not begin on a day that no calendar has', () => {
    expect(() => generate({ seed: 1, people: 1, today: '2025-13-01' }).next()).toThrow(RangeError);
  });
});

describe('A reference of a sandbox', () => {
  const made = new Set(
    thousand
      .flatMap((step) => step.bundle.entry ?? [])
      .flatMap(({ resource, request }) =>
        request?.ifNoneExist === undefined ? [] : `${resource?.resourceType ?? ''}?${request.ifNoneExist}`,
      ),
  );

  test('points at an entry of its bundle, or at a shared resource that came before', () => {
    const lost = thousand.flatMap((step) => {
      const own = new Set(step.bundle.entry?.map((entry) => entry.fullUrl));
      return [...referencesIn(step.bundle)].filter(
        (reference) => !own.has(reference) && !made.has(reference),
      );
    });
    expect(lost).toEqual([]);
  });

  test('can be what a loader has learned', () => {
    const steps = generate({ seed: 1, people: 3, today: TODAY, refer: (type, key) => `${type}/${key}` });
    const references = recordsIn(steps).flatMap((step) => [...referencesIn(step.bundle)]);
    expect(
      references.filter(
        (reference) => !/^(urn:uuid:|(Organization|Location|Practitioner)\/[A-Z0-9-]+$)/.test(reference),
      ),
    ).toEqual([]);
  });

  test('names each entry of a bundle once', () => {
    for (const step of thousand) {
      const urls = step.bundle.entry?.map((entry) => entry.fullUrl) ?? [];
      expect(new Set(urls).size).toBe(urls.length);
    }
  });
});

test('a record begins with its Patient, and its doses follow in the order of its truth', () => {
  for (const step of recordsIn(thousand)) {
    expect(step.bundle.entry?.[0]?.resource?.resourceType).toBe('Patient');
    const numbers = step.bundle.entry
      ?.slice(1, 1 + step.truth.doses.length)
      .map(({ resource }) =>
        resource?.resourceType === 'Immunization' ? resource.identifier?.[0]?.value : undefined,
      );
    expect(numbers).toEqual(step.truth.doses.map((dose) => dose.identifier.value));
    expect(dosesOf(step)).toHaveLength(step.truth.doses.length);
  }
});
