/** A merge loses nothing that either record says. */
import { describe, expect, test } from '@jest/globals';
import type { Patient } from '@medplum/fhirtypes';
import { survive } from '../../src/matching/survivor.ts';

const patient = (but: Partial<Patient>): Patient => ({ resourceType: 'Patient', ...but });
const older = patient({
  id: 'old',
  name: [{ family: 'Hunt', given: ['Ana'] }],
  birthDate: '1980-05-17',
  address: [{ line: ['1 Oak Street'], postalCode: '22033' }],
  telecom: [{ system: 'phone', value: '(703) 555-0101' }],
  identifier: [{ system: 'a', value: '1' }],
  deceasedDateTime: '2026-01-01',
});
const newer = patient({
  id: 'new',
  name: [{ family: 'Ward', given: ['Ana'] }],
  birthDate: '1980-05',
  address: [{ line: ['1 oak st'], postalCode: '22033' }],
  telecom: [{ system: 'phone', value: '703-555-0101' }],
  identifier: [{ system: 'b', value: '2' }],
});
const [one, other] = [
  { patient: older, updated: '2020-01-01' },
  { patient: newer, updated: '2026-01-01' },
];

describe('the survivor of a merge', () => {
  test('keeps its own id and has the newer name, the older one as former', () => {
    const survivor = survive(one, other);
    expect(survivor.id).toBe('old');
    expect(survivor.name).toEqual([
      { family: 'Ward', given: ['Ana'] },
      { family: 'Hunt', given: ['Ana'], use: 'old' },
    ]);
  });

  test('has every identifier, and each address and telephone once', () => {
    const survivor = survive(one, other);
    expect(survivor.identifier).toHaveLength(2);
    expect(survivor.address).toHaveLength(1);
    expect(survivor.telecom).toHaveLength(1);
  });

  test('does not lose the day of birth to a month, nor a death to silence', () => {
    expect(survive(other, one)).toMatchObject({
      id: 'new',
      birthDate: '1980-05-17',
      deceasedDateTime: '2026-01-01',
    });
  });

  test('takes the name before the placeholder, and what staff confirmed before what is newer', () => {
    const unnamed = {
      patient: patient({ name: [{ family: 'Ward', given: ['Baby Girl'] }] }),
      updated: '2027-01-01',
    };
    expect(survive(one, unnamed).name?.[0]).toEqual({ family: 'Hunt', given: ['Ana'] });
    expect(survive({ ...one, confirmed: true }, other).name?.[0]).toMatchObject({ family: 'Hunt' });
  });
});
