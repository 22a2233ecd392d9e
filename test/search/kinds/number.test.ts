import { describe, expect, test } from '@jest/globals';
import { parseJson } from '../../../src/fhir/json.ts';
import { ask, finds, refusalOf } from '../asking.ts';

const twin = (order: number) => ({ resourceType: 'Patient', multipleBirthInteger: order });
const dose = (...numbers: readonly number[]) => ({
  resourceType: 'Immunization',
  protocolApplied: numbers.map((doseNumberPositiveInt) => ({ doseNumberPositiveInt })),
});

describe('a number search (R4 search.html#number)', () => {
  test.each([
    [2, '2', true],
    [2, '2.0', true],
    [2, '2.5', false],
    [2, 'ne2', false],
    [2, 'ne3', true],
    [2, 'gt1', true],
    [2, 'gt2', false],
    [2, 'ge2', true],
    [2, 'lt3', true],
    [2, 'lt2', false],
    [2, 'le2', true],
    [2, 'sa1', true],
    [2, 'eb2', false],
    [2, '1,2', true],
    [10, 'ap9', false],
    [10, 'ap9.1', true],
    [100, '1e2', true],
    [97, '1e2', true],
    [94, '1e2', false],
    [105, '1e2', false],
    [-1, 'lt0', true],
    [-1, '-1', true],
  ])('%d is found by %s: %s', (order, asked, found) => {
    expect(finds(`birth-order=${asked}`, twin(order))).toBe(found);
  });

  test('reads numbers that were kept in their own digits', () => {
    const resource = parseJson('{"resourceType":"Patient","multipleBirthInteger":2.0}') as ReturnType<
      typeof twin
    >;
    expect(finds('birth-order=2', resource)).toBe(true);
  });

  test('is true of one number of several', () => {
    expect(finds('dose-number=2', dose(1, 2))).toBe(true);
    expect(finds('dose-number=gt1&dose-number=lt2', dose(1, 2))).toBe(true);
    expect(finds('dose-number=3', dose(1, 2))).toBe(false);
    expect(finds('dose-number:missing=true', dose())).toBe(true);
    expect(finds('dose-number:missing=false', dose(1))).toBe(true);
  });

  test.each(['two', '', '1.', '.5', '0x2', 'Infinity', '1e', 'xx2'].filter((value) => value !== ''))(
    '%s cannot be understood',
    (value) => {
      expect(refusalOf(() => ask('Patient', `birth-order=${value}`))).toBe('invalid-value');
    },
  );

  test('has no modifier but :missing', () => {
    expect(refusalOf(() => ask('Patient', 'birth-order:not=2'))).toBe('not-understood');
  });
});
