import { describe, expect, test } from '@jest/globals';
import { ask, finds, refusalOf } from '../asking.ts';

const code = (text: string, system = 'http://loinc.org') => ({ coding: [{ system, code: text }] });
const titer = {
  resourceType: 'Observation',
  code: code('5196-1'),
  valueQuantity: { value: 12, unit: 'mIU/mL' },
};
const both = {
  resourceType: 'Observation',
  code: code('panel'),
  component: [
    { code: code('a'), valueQuantity: { value: 1 } },
    { code: code('b'), valueQuantity: { value: 2 } },
  ],
};
const status = (organization: string, text: string) => ({
  url: 'https://fhir-iis.org/fhir/StructureDefinition/provider-status',
  extension: [
    { url: 'organization', valueReference: { reference: `Organization/${organization}` } },
    { url: 'status', valueCodeableConcept: code(text, 'urn:status') },
  ],
});
const patient = { resourceType: 'Patient', extension: [status('1', 'A'), status('2', 'M')] };

describe('a composite search (R4 search.html#combining)', () => {
  test.each([
    ['code-value-quantity=http://loinc.org|5196-1$12', titer, true],
    ['code-value-quantity=5196-1$ge10||mIU/mL', titer, true],
    ['code-value-quantity=5196-1$ge10||mg', titer, false],
    ['code-value-quantity=5196-1$lt10', titer, false],
    ['code-value-quantity=other$12', titer, false],
    ['code-value-quantity=other$12,5196-1$gt11', titer, true],
    ['combo-code-value-quantity=5196-1$12', titer, true],
    ['component-code-value-quantity=a$1', both, true],
    ['component-code-value-quantity=a$2', both, false],
    ['combo-code-value-quantity=b$2', both, true],
    ['code-value-quantity=a$1', both, false],
    ['provider-status-at=Organization/1$A', patient, true],
    ['provider-status-at=1$urn:status|A', patient, true],
    ['provider-status-at=Organization/1$M', patient, false],
    ['provider-status=M', patient, true],
    ['provider-organization=2', patient, true],
  ])('%s of %j is %s', (asked, resource, found) => {
    expect(finds(asked, resource)).toBe(found);
  });

  test('joins codes with codes, texts and dates as well', () => {
    const value = (more: object) => ({ resourceType: 'Observation', code: code('x'), ...more });
    expect(finds('code-value-concept=x$y', value({ valueCodeableConcept: code('y') }))).toBe(true);
    expect(finds('code-value-concept=x$z', value({ valueCodeableConcept: code('y') }))).toBe(false);
    expect(finds('code-value-string=x$pos', value({ valueString: 'Positive' }))).toBe(true);
    expect(finds('code-value-string=x$neg', value({ valueString: 'Positive' }))).toBe(false);
    expect(finds('code-value-date=x$ge2020', value({ valueDateTime: '2021-03' }))).toBe(true);
    expect(finds('code-value-date=y$ge2020', value({ valueDateTime: '2021-03' }))).toBe(false);
    const trait = { code: code('school'), valueBoolean: true, exclude: false };
    expect(
      finds('characteristic-value=school$true', { resourceType: 'Group', characteristic: [trait] }),
    ).toBe(true);
  });

  test('keeps apart what a dollar sign is part of', () => {
    const resource = { resourceType: 'Observation', code: code('a$b'), valueCodeableConcept: code('c') };
    expect(finds('code-value-concept=a\\$b$c', resource)).toBe(true);
    expect(finds('code-value-concept=a$b\\$c', resource)).toBe(false);
  });

  test('is missing where one of its values is', () => {
    expect(finds('code-value-quantity:missing=true', { resourceType: 'Observation', code: code('x') })).toBe(
      true,
    );
    expect(finds('code-value-quantity:missing=false', titer)).toBe(true);
  });

  test.each(['5196-1', '5196-1$', '$12', 'a$1$2', '5196-1$twelve'])('%s cannot be understood', (value) => {
    expect(refusalOf(() => ask('Observation', `code-value-quantity=${value}`))).toBe('invalid-value');
  });
});
