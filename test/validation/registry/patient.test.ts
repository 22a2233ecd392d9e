import { describe, expect, test } from '@jest/globals';
import { aPatient } from '../examples.ts';
import { judged } from './judged.ts';

describe('the registry needs of a patient', () => {
  test('a name of some kind', () => {
    for (const name of [{ family: 'Roe' }, { given: ['Ana'] }, { text: 'Ana Roe' }])
      expect(judged(aPatient({ name: [name] })).refused).toEqual([]);
    expect(judged(aPatient({ name: undefined })).refused).toEqual(['required Patient.name']);
    expect(judged(aPatient({ name: [{ use: 'official' }] })).refused).toEqual(['required Patient.name']);
  });

  test('the birth date', () => {
    expect(judged(aPatient({ birthDate: undefined })).refused).toEqual(['required Patient.birthDate']);
  });

  test('a birth and a death that have happened, in this order', () => {
    expect(judged(aPatient({ birthDate: '2026-11-24' })).refused).toEqual([
      'business-rule Patient.birthDate',
    ]);
    expect(judged(aPatient({ birthDate: '2027' })).refused).toEqual(['business-rule Patient.birthDate']);
    expect(judged(aPatient({ deceasedDateTime: '2026-12' })).refused).toEqual([
      'business-rule Patient.deceased',
    ]);
    expect(judged(aPatient({ birthDate: '2019-02-03', deceasedDateTime: '2019-02-02' })).refused).toEqual([
      'business-rule Patient.deceased',
    ]);
    expect(judged(aPatient({ birthDate: '2019-02-03', deceasedDateTime: '2019-02' })).refused).toEqual([]);
  });
});

describe('the registry adds to a patient', () => {
  test('its own number, once, beside those that were sent', () => {
    const { identifier } = judged(aPatient()).kept as { identifier: { system: string; value: string }[] };
    expect(identifier.map(({ system, value }) => `${system}|${value}`)).toEqual([
      'http://example.org/mrn|A-1',
      'https://fhir-iis.org/fhir/sid/patient|me',
    ]);
    expect(judged(aPatient({ identifier })).kept['identifier']).toEqual(identifier);
    expect(judged(aPatient({ identifier: undefined })).kept['identifier']).toHaveLength(1);
  });

  test('a gender, where none was sent, and says so', () => {
    const silent = judged(aPatient({ gender: undefined }));
    expect(silent.kept['gender']).toBe('unknown');
    expect(silent.warned).toEqual(['required Patient.gender']);
    const said = judged(aPatient({ gender: 'female' }));
    expect(said.kept['gender']).toBe('female');
    expect(said.warned).toEqual([]);
  });

  test('nothing where the patient cannot be read', () => {
    const broken = aPatient({ gender: undefined, colour: 'red' });
    expect(judged(broken).kept).toBe(broken);
  });
});
