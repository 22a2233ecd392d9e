import { describe, expect, test } from '@jest/globals';
import { ask, finds, keyed, refusalOf } from '../asking.ts';

const dose = {
  resourceType: 'Immunization',
  status: 'completed',
  identifier: [{ system: 'urn:clinic', value: 'a|1' }, { value: 'bare' }],
  vaccineCode: {
    coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '08' }, { code: 'local' }],
    text: 'Hep B',
  },
};
const ana = {
  resourceType: 'Patient',
  active: true,
  gender: 'female',
  telecom: [
    { system: 'phone', value: '555-1234' },
    { system: 'email', value: 'ana@example.org' },
  ],
};

describe('a token search (R4 search.html#token)', () => {
  test.each([
    ['vaccine-code=08', true],
    ['vaccine-code=http://hl7.org/fhir/sid/cvx|08', true],
    ['vaccine-code=http://hl7.org/fhir/sid/cvx|', true],
    ['vaccine-code=|08', false],
    ['vaccine-code=|local', true],
    ['vaccine-code=http://other|08', false],
    ['vaccine-code=8', false],
    ['vaccine-code=99,08', true],
    ['vaccine-code=99&vaccine-code=08', false],
    ['identifier=urn:clinic|a\\|1', true],
    ['identifier=|bare', true],
    ['identifier=a\\|1', true],
    ['status=completed', true],
    ['status=Completed', false],
    ['status=http://hl7.org/fhir/event-status|completed', true],
    ['status=http://other|completed', false],
    ['status=http://hl7.org/fhir/event-status|', true],
    ['status=|completed', true],
  ])('%s of a dose is %s', (asked, found) => {
    expect(finds(asked, dose)).toBe(found);
  });

  test.each([
    ['active=true', true],
    ['active=false', false],
    ['phone=555-1234', true],
    ['email=555-1234', false],
    ['telecom=ana@example.org', true],
    ['gender=female', true],
    ['deceased=false', true],
    ['deceased=true', false],
  ])('%s of a patient is %s', (asked, found) => {
    expect(finds(asked, ana)).toBe(found);
  });

  test('deceased is true of a date of death', () => {
    expect(finds('deceased=true', { resourceType: 'Patient', deceasedDateTime: '2020' })).toBe(true);
    expect(finds('deceased=false', { resourceType: 'Patient', deceasedBoolean: false })).toBe(true);
  });

  test(':not is true of what has no such code, and of what has none at all', () => {
    expect(finds('vaccine-code:not=08', dose)).toBe(false);
    expect(finds('vaccine-code:not=99', dose)).toBe(true);
    expect(finds('vaccine-code:not=99,08', dose)).toBe(false);
    expect(finds('vaccine-code:not=08', { resourceType: 'Immunization' })).toBe(true);
    expect(finds('status:not=http://other|completed', dose)).toBe(true);
  });

  test(':missing tells whether there is a value, even one that has no code', () => {
    expect(finds('vaccine-code:missing=false', dose)).toBe(true);
    expect(finds('vaccine-code:missing=true', dose)).toBe(false);
    expect(finds('vaccine-code:missing=true', { resourceType: 'Immunization' })).toBe(true);
    expect(
      finds('vaccine-code:missing=true', { resourceType: 'Immunization', vaccineCode: { text: 'x' } }),
    ).toBe(false);
  });

  test.each(['vaccine-code=a|b|c', 'vaccine-code=|', 'vaccine-code=,', 'vaccine-code:missing=perhaps'])(
    '%s cannot be understood',
    (asked) => {
      expect(refusalOf(() => ask('Immunization', asked))).toBe('invalid-value');
    },
  );

  test('an unknown modifier is refused', () => {
    expect(refusalOf(() => ask('Immunization', 'vaccine-code:exact=08'))).toBe('not-understood');
  });

  test('a code too long for an index is found by all of it and by nothing else', () => {
    const long = 'x'.repeat(500);
    const resource = { resourceType: 'Immunization', identifier: [{ system: 'urn:s', value: long }] };
    expect(finds(`identifier=urn:s|${long}`, resource)).toBe(true);
    expect(finds(`identifier=urn:s|${long}y`, resource)).toBe(false);
    expect(finds(`identifier=${long.slice(0, -1)}`, resource)).toBe(false);
    expect(keyed(resource).tokens.every((key) => key.length < 200)).toBe(true);
  });
});

describe('a social security number', () => {
  const system = 'http://hl7.org/fhir/sid/us-ssn';
  const patient = {
    resourceType: 'Patient',
    identifier: [
      { system, value: '123-45-6789' },
      {
        system: 'urn:own',
        value: '987-65-4321',
        type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'SS' }] },
      },
    ],
    generalPractitioner: [{ identifier: { system, value: '123-45-6789' } }],
  };

  test('is in no key', () => {
    expect(JSON.stringify(keyed(patient))).not.toMatch(/6789|4321/);
  });

  test('in the body of a search becomes its blind hash', () => {
    const { clauses } = ask('Patient', `identifier=${system}|123-45-6789`, { inUrl: false });
    expect(clauses).toEqual([{ op: 'in', field: 'secretKeys', keys: [`blind ${system} 123-45-6789`] }]);
  });

  test('is masked in the self link', () => {
    const { used } = ask('Patient', `identifier=urn:a|1,${system}|123-45-6789`, { inUrl: false });
    expect(used).toEqual([['identifier', `urn:a|1,${system}|***`]]);
  });

  test.each([
    [`identifier=${system}|123-45-6789`, true],
    [`identifier=HTTP://hl7.org/fhir/sid/us-ssn/|123-45-6789`, true],
    [`identifier=urn:oid:2.16.840.1.113883.4.1|123-45-6789`, true],
    [`identifier:not=${system}|123-45-6789`, false],
    [`identifier=${system}|`, false],
    [`general-practitioner:identifier=${system}|123-45-6789`, false],
  ])('%s is refused without being repeated (in a URL: %s)', (asked, inUrl) => {
    const search = (): unknown => ask('Patient', asked, { inUrl });
    expect(refusalOf(search)).toBe('forbidden');
    expect(search).not.toThrow(/6789/);
  });
});
