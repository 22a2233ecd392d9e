import { expect, test } from '@jest/globals';
import { readTerminology, readTypes } from '../../scripts/build/definitions.ts';
import { check } from '../../src/validation/check.ts';

const { valueSets, codeSystems } = readTerminology();
const published = [...readTypes(), ...valueSets.values(), ...codeSystems.values()];

test('what HL7 itself published as R4 is accepted', () => {
  const refused = published.flatMap((resource) =>
    check(resource).map((issue) => `${resource.url ?? ''} ${issue.kind} ${(issue.expression ?? []).join()}`),
  );
  expect(published.length).toBeGreaterThan(1500);
  expect(refused).toEqual([]);
}, 30_000);
