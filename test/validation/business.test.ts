import { describe, expect, test } from '@jest/globals';
import { check } from '../../src/validation/check.ts';
import { anImmunization, aPatient } from './examples.ts';

const missing = (resource: unknown): readonly string[] =>
  check(resource).map((issue) => `${issue.kind} ${(issue.expression ?? []).join()}`);

describe('the registry needs of a patient', () => {
  test('a name of some kind', () => {
    for (const name of [{ family: 'Roe' }, { given: ['Ana'] }, { text: 'Ana Roe' }])
      expect(missing(aPatient({ name: [name] }))).toEqual([]);
    expect(missing(aPatient({ name: undefined }))).toEqual(['required Patient.name']);
    expect(missing(aPatient({ name: [{ use: 'official' }] }))).toEqual(['required Patient.name']);
  });

  test('the birth date', () => {
    expect(missing(aPatient({ birthDate: undefined }))).toEqual(['required Patient.birthDate']);
  });
});

describe('the registry needs of a dose', () => {
  test('the code or the name of the vaccine', () => {
    expect(missing(anImmunization({ vaccineCode: { text: 'Influenza' } }))).toEqual([]);
    expect(missing(anImmunization({ vaccineCode: { coding: [{ display: 'Influenza' }] } }))).toEqual([
      'required Immunization.vaccineCode',
    ]);
  });

  test('a reference to the patient', () => {
    expect(missing(anImmunization({ patient: { display: 'Ana' } }))).toEqual([
      'required Immunization.patient',
    ]);
  });

  test('a date, or words where the past is reported or nothing was given', () => {
    const inWords = { occurrenceDateTime: undefined, occurrenceString: 'as a child' };
    expect(missing(anImmunization(inWords))).toEqual(['required Immunization.occurrence']);
    expect(missing(anImmunization({ ...inWords, primarySource: false }))).toEqual([]);
    expect(missing(anImmunization({ ...inWords, reportOrigin: { text: 'parent' } }))).toEqual([]);
    expect(missing(anImmunization({ ...inWords, status: 'not-done' }))).toEqual([]);
  });
});

test('the registry’s rules are not for resources contained in others', () => {
  const contained = [{ resourceType: 'Patient', id: 'p', name: [{ use: 'official' }] }];
  expect(missing(anImmunization({ contained, patient: { reference: '#p' } }))).toEqual([]);
});
