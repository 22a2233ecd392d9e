import { describe, expect, test } from '@jest/globals';
import { anImmunization, aPatient, type Changes } from '../examples.ts';
import { judged } from '../registry/judged.ts';

const OWN = 'https://fhir-iis.org/fhir/StructureDefinition/';
const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition/';
const claiming = (url: string, changes: Changes): unknown =>
  aPatient({ gender: 'female', meta: { profile: [url] }, ...changes });
const withoutSystem = { identifier: [{ value: 'A-1' }] };

describe('what falls short of the registry’s profile', () => {
  test('is told and stored where the resource does not claim it', () => {
    const { refused, warned } = judged(aPatient({ gender: 'female', ...withoutSystem }));
    expect(refused).toEqual([]);
    expect(warned).toEqual(['required Patient.identifier[0].system']);
  });

  test.each([`${OWN}iis-patient`, `${OWN}iis-patient|0.1.0`, `${US_CORE}us-core-patient`])(
    'is refused where the resource claims %s',
    (url) => {
      expect(judged(claiming(url, withoutSystem)).refused).toEqual(['required Patient.identifier[0].system']);
    },
  );

  test('is only told where the resource claims another profile', () => {
    expect(judged(claiming(`${US_CORE}us-core-location`, withoutSystem)).refused).toEqual([]);
  });

  test('is not told twice', () => {
    expect(judged(claiming(`${OWN}iis-patient`, { birthDate: undefined })).refused).toEqual([
      'required Patient.birthDate',
    ]);
  });
});

describe('a profile’s rules for an extension', () => {
  const status = (...parts: readonly object[]) =>
    claiming(`${OWN}iis-patient`, { extension: [{ url: `${OWN}registry-status`, extension: parts }] });
  const active = {
    url: 'status',
    valueCodeableConcept: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0441', code: 'A' }],
    },
  };

  test('are met', () => {
    expect(judged(status(active, { url: 'date', valueDate: '2024-01-01' })).refused).toEqual([]);
  });

  test('are broken by a part that is missing, a type that is not taken, or a code outside its set', () => {
    expect(judged(status({ url: 'date', valueDate: '2024-01-01' })).refused).toEqual([
      'required Patient.extension[0].extension',
    ]);
    expect(judged(status(active, { url: 'date', valueString: 'lately' })).refused).toEqual([
      'required Patient.extension[0].extension[1].value',
    ]);
    const invented = { url: 'status', valueCodeableConcept: { coding: [{ system: 'urn:x', code: 'A' }] } };
    expect(judged(status(invented)).refused).toEqual([
      'code-invalid Patient.extension[0].extension[0].value',
    ]);
  });

  test('count its repetitions', () => {
    const twice = [1, 2].map(() => ({ url: `${OWN}registry-status`, extension: [active] }));
    expect(judged(claiming(`${OWN}iis-patient`, { extension: twice })).refused).toEqual([
      'invalid Patient.extension',
    ]);
  });
});

describe('an extensible binding', () => {
  const eligible = (system: string, code: string) =>
    judged(anImmunization({ programEligibility: [{ coding: [{ system, code }] }] }));

  test('says nothing of a code in its set, nor of words', () => {
    expect(eligible('http://terminology.hl7.org/CodeSystem/v2-0064', 'V02').warned).toEqual([]);
    expect(judged(anImmunization({ programEligibility: [{ text: 'tribal' }] })).warned).toEqual([]);
  });

  test('warns of another code, even where the profile is claimed', () => {
    const dose = anImmunization({
      meta: { profile: [`${OWN}iis-immunization`] },
      programEligibility: [{ coding: [{ system: 'urn:state', code: 'X1' }] }],
    });
    expect(judged(dose).refused).toEqual([]);
    expect(judged(dose).warned).toEqual(['code-invalid Immunization.programEligibility[0]']);
  });
});

describe('the registry warns of a dose', () => {
  test.each<[string, Changes]>([
    ['given here without a lot number', { lotNumber: undefined }],
    ['given here by nobody, nowhere', { performer: undefined }],
    ['known from nobody says where', { primarySource: false }],
    ['not given for no reason', { status: 'not-done', primarySource: true }],
    ['from a lot that had expired', { expirationDate: '2023-12-31' }],
  ])('%s', (_what, changes) => {
    const { refused, warned } = judged(anImmunization(changes));
    expect([refused, warned]).toEqual([[], ['invariant Immunization']]);
  });

  test('not of one that says all that it should', () => {
    expect(judged(anImmunization()).warned).toEqual([]);
    expect(judged(anImmunization({ expirationDate: '2024-01' })).warned).toEqual([]);
  });
});

test('a dose has one CVX code where it claims the profile', () => {
  const coding = ['140', '141'].map((code) => ({ system: 'http://hl7.org/fhir/sid/cvx', code }));
  const dose = anImmunization({
    meta: { profile: [`${US_CORE}us-core-immunization`] },
    vaccineCode: { coding },
  });
  expect(judged(dose).refused).toEqual(['invalid Immunization.vaccineCode.coding']);
});
