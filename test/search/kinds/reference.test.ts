import { describe, expect, test } from '@jest/globals';
import { ask, BASE, finds, keyed, refusalOf } from '../asking.ts';

const dose = {
  resourceType: 'Immunization',
  patient: { reference: 'Patient/1/_history/3' },
  performer: [
    { actor: { reference: 'Organization/clinic' } },
    { actor: { reference: `${BASE}/Practitioner/2` } },
    { actor: { identifier: { system: 'urn:npi', value: '77' } } },
  ],
  location: { reference: 'http://elsewhere.example/Location/1' },
};

describe('a reference search (R4 search.html#reference)', () => {
  test.each([
    ['patient=Patient/1', true],
    ['patient=1', true],
    [`patient=${BASE}/Patient/1`, true],
    ['patient:Patient=1', true],
    ['patient=Patient/2,Patient/1', true],
    ['patient=2', false],
    ['patient=http://elsewhere.example/Patient/1', false],
    ['patient=Practitioner/1', false],
    ['performer=clinic', true],
    ['performer=Organization/clinic', true],
    ['performer:Organization=clinic', true],
    ['performer:Practitioner=clinic', false],
    ['performer:Practitioner=Organization/clinic', false],
    ['performer=Practitioner/2', true],
    ['performer:identifier=urn:npi|77', true],
    ['performer:identifier=77', true],
    ['performer:identifier=urn:npi|78', false],
    ['location=Location/1', false],
    ['location=http://elsewhere.example/Location/1', true],
    ['manufacturer:missing=true', true],
    ['performer:missing=true', false],
  ])('%s is %s', (asked, found) => {
    expect(finds(asked, dose)).toBe(found);
  });

  test('a type that the element never refers to is no modifier', () => {
    expect(refusalOf(() => ask('Immunization', 'patient:Group=1'))).toBe('not-understood');
  });

  test.each(['patient=a b', 'patient=Patient/', 'patient=/1'])('%s cannot be understood', (asked) => {
    expect(refusalOf(() => ask('Immunization', asked))).toBe('invalid-value');
  });

  test('where any type may be meant, a bare id says too little', () => {
    expect(refusalOf(() => ask('Provenance', 'target=1'))).toBe('invalid-value');
    expect(
      finds('target=Immunization/1', {
        resourceType: 'Provenance',
        target: [{ reference: 'Immunization/1' }],
      }),
    ).toBe(true);
  });

  test('the record a dose is part of is asked by the index of records', () => {
    expect(ask('Immunization', 'patient=1').clauses).toEqual([{ op: 'in', field: 'patients', keys: ['1'] }]);
  });

  test('the patients and organisations of a record are those of this server', () => {
    expect(keyed(dose)).toMatchObject({ patients: ['1'], custodians: ['clinic'] });
    const foreign = {
      resourceType: 'Immunization',
      patient: { reference: 'http://elsewhere.example/Patient/1' },
    };
    expect(keyed(foreign).patients).toEqual([]);
  });

  test('a subject that is no patient is not the patient', () => {
    const finding = { resourceType: 'Observation', subject: { reference: 'Group/1' } };
    expect(finds('patient=1', finding)).toBe(false);
    expect(finds('subject=Group/1', finding)).toBe(true);
  });
});
