import { describe, expect, test } from '@jest/globals';
import { check } from '../../src/validation/check.ts';
import { anImmunization, type Changes } from './examples.ts';

const messages = (changes: Changes): readonly string[] =>
  check(anImmunization(changes)).map((issue) => issue.message);
const toPatient = (reference: object | string) =>
  messages({ patient: typeof reference === 'string' ? { reference } : reference });

describe('a reference', () => {
  test.each([
    'Patient/p1',
    'Patient/p1/_history/3',
    'http://example.org/fhir/Patient/p1',
    'http://example.org/elsewhere',
    'urn:uuid:0190b3f0-0000-7000-8000-000000000000',
    'Patient?identifier=http://example.org/mrn%7CA-1',
  ])('may be %s', (reference) => {
    expect(toPatient(reference)).toEqual([]);
  });

  test.each([
    'Location/l1',
    'http://example.org/fhir/Location/l1',
    'Location/l1/_history/1',
    'Location?name=x',
  ])('to a patient is not %s', (reference) => {
    expect(toPatient(reference)).toEqual(['This element refers to Patient only.']);
  });

  test.each(['p1', 'Patient', 'Person1/x', 'patient/p1', 'Patient/p 1', '/Patient/p1'])(
    'is not %s',
    (reference) => {
      expect(toPatient(reference)).toEqual(['A relative reference names an R4 type and an id: Patient/123.']);
    },
  );

  test('without a text is judged by its type', () => {
    expect(
      toPatient({
        type: 'Location',
        identifier: { value: 'l1' },
        reference: 'urn:uuid:0190b3f0-0000-7000-8000-000000000000',
      }),
    ).toEqual([]);
    expect(messages({ location: { type: 'Patient', identifier: { value: 'p1' } } })).toEqual([
      'This element refers to Location only.',
    ]);
  });
});

describe('a contained resource', () => {
  const location = { resourceType: 'Location', id: 'l', name: 'Clinic' };
  const inside = (more: object, links: object = { location: { reference: '#l' } }) =>
    messages({ contained: [{ ...location, ...more }], ...links });

  test('is found by a local reference of the right type', () => {
    expect(inside({})).toEqual([]);
    expect(inside({}, { location: { reference: '#l' }, manufacturer: { reference: '#l' } })).toEqual([
      'This element refers to Organization only.',
    ]);
  });

  test('must be there (ref-1)', () => {
    expect(messages({ location: { reference: '#nobody' } })[0]).toContain('ref-1');
  });

  test('must not be left unmentioned (dom-3)', () => {
    expect(inside({}, {})[0]).toContain('dom-3');
    expect(inside({ managingOrganization: { reference: '#' } }, {})).toEqual([]);
  });

  test('contains no others (dom-2)', () => {
    expect(inside({ contained: [{ resourceType: 'Location', id: 'm' }] })[0]).toContain('dom-2');
  });

  test('has no version (dom-4) and no security label (dom-5)', () => {
    expect(inside({ meta: { versionId: '1' } })[0]).toContain('dom-4');
    expect(inside({ meta: { lastUpdated: '2024-01-01T00:00:00Z' } })[0]).toContain('dom-4');
    expect(inside({ meta: { security: [{ code: 'R' }] } })[0]).toContain('dom-5');
  });

  test('is of a type that is read here', () => {
    expect(
      messages({
        contained: [{ resourceType: 'ExplanationOfBenefit', id: 'e' }],
        location: { reference: '#e' },
      }),
    ).toContain('Resources of this type are not read here.');
  });
});
