import { describe, expect, test } from '@jest/globals';
import { anImmunization } from '../examples.ts';
import { judged } from './judged.ts';

const CVX = 'http://hl7.org/fhir/sid/cvx';
const NDC = 'http://hl7.org/fhir/sid/ndc';
const CPT = 'http://www.ama-assn.org/go/cpt';
const coded = (...codings: readonly (readonly [system: string, code: string])[]) =>
  anImmunization({ vaccineCode: { coding: codings.map(([system, code]) => ({ system, code })) } });
const codingsKept = (dose: unknown): readonly string[] => {
  const { vaccineCode } = judged(dose).kept as {
    vaccineCode: { coding: { system: string; code: string }[] };
  };
  return vaccineCode.coding.map(({ system, code }) => `${system}|${code}`);
};

describe('the registry needs of a dose', () => {
  test('a reference to the patient', () => {
    expect(judged(anImmunization({ patient: { display: 'Ana' } })).refused).toEqual([
      'required Immunization.patient',
    ]);
  });

  test('a date, or words where the past is reported or nothing was given', () => {
    const inWords = { occurrenceDateTime: undefined, occurrenceString: 'as a child' };
    expect(judged(anImmunization(inWords)).refused).toEqual(['required Immunization.occurrence']);
    expect(judged(anImmunization({ ...inWords, primarySource: false })).refused).toEqual([]);
    expect(judged(anImmunization({ ...inWords, reportOrigin: { text: 'parent' } })).refused).toEqual([]);
    expect(judged(anImmunization({ ...inWords, status: 'not-done' })).refused).toEqual([]);
  });

  test('the whole day where its sender gave it; of history a month or a year may be known', () => {
    for (const occurrenceDateTime of ['2024', '2024-03']) {
      const refused = (more: object) => judged(anImmunization({ occurrenceDateTime, ...more })).refused;
      expect(refused({ primarySource: true })).toEqual(['business-rule Immunization.occurrence']);
      for (const more of [
        { primarySource: false },
        { primarySource: true, status: 'not-done' },
        { primarySource: true, status: 'entered-in-error' },
      ])
        expect(refused(more)).toEqual([]);
    }
    const timed = { occurrenceDateTime: '2024-03-05T10:00:00Z', primarySource: true };
    expect(judged(anImmunization(timed)).refused).toEqual([]);
  });

  test('a date that has come somewhere on earth', () => {
    const on = (occurrenceDateTime: string, now?: Date) =>
      judged(anImmunization({ occurrenceDateTime }), now).refused;
    const future = ['business-rule Immunization.occurrence'];
    expect(on('2026-11-22')).toEqual([]);
    expect(on('2026-11-23')).toEqual([]);
    expect(on('2026-11-23', new Date('2026-11-22T09:59:00Z'))).toEqual(future);
    expect(on('2026-11-24')).toEqual(future);
    expect(judged(anImmunization({ occurrenceDateTime: '2026-11', primarySource: false })).refused).toEqual(
      [],
    );
    const inDecember = { occurrenceDateTime: '2026-12', primarySource: false };
    expect(judged(anImmunization(inDecember)).refused).toEqual(future);
    expect(on('2026-11-22T12:05:00Z')).toEqual([]);
    expect(on('2026-11-22T13:00:00Z')).toEqual(future);
    expect(on('2026-11-22T22:00:00+10:00')).toEqual([]);
    expect(judged(anImmunization({ recorded: '2026-11-25' })).refused).toEqual([
      'business-rule Immunization.recorded',
    ]);
  });
});

describe('the vaccine of a dose', () => {
  test('is known by a CVX code, whatever its status', () => {
    for (const code of ['140', '01', '998', '999', '191'])
      expect(judged(coded([CVX, code])).refused).toEqual([]);
  });

  test('is not known by words, names or codes of others alone', () => {
    const refused = ['required Immunization.vaccineCode'];
    expect(judged(anImmunization({ vaccineCode: { text: 'Influenza' } })).refused).toEqual(refused);
    expect(judged(anImmunization({ vaccineCode: { coding: [{ display: 'Influenza' }] } })).refused).toEqual(
      refused,
    );
    expect(judged(coded(['http://snomed.info/sct', '46233009'])).refused).toEqual(refused);
  });

  test('is not known by a code that the CVX table does not have', () => {
    expect(judged(coded([CVX, '3'])).refused).toEqual([
      'code-invalid Immunization.vaccineCode.coding[0].code',
    ]);
  });

  test('is added by CVX where a package says it, however its number is written', () => {
    for (const ndc of ['00006-4681-01', '0006-4681-01', '00006468101'])
      expect(codingsKept(coded([NDC, ndc]))).toEqual([`${NDC}|${ndc}`, `${CVX}|03`]);
    expect(codingsKept(coded(['urn:oid:2.16.840.1.113883.6.69', '00006-4681-01']))).toContain(`${CVX}|03`);
  });

  test('is added by CVX where a procedure says it', () => {
    expect(codingsKept(coded([CPT, '90707']))).toEqual([`${CPT}|90707`, `${CVX}|03`]);
  });

  test('is added under its usual system where it came under another', () => {
    expect(codingsKept(coded(['urn:oid:2.16.840.1.113883.12.292', '03']))).toContain(`${CVX}|03`);
  });

  test('is asked for where a package or procedure is unknown or stands for several', () => {
    const refused = ['code-invalid Immunization.vaccineCode.coding[0].code'];
    expect(judged(coded([NDC, '99999-9999-99'])).refused).toEqual(refused);
    expect(judged(coded([CPT, '99999'])).refused).toEqual(refused);
    expect(judged(coded([CPT, '90581'])).refused).toEqual(refused);
  });

  test('is left as it was sent beside another package, with a warning', () => {
    const contradictory = coded([CVX, '140'], [NDC, '00006-4681-01']);
    expect(codingsKept(contradictory)).toEqual([`${CVX}|140`, `${NDC}|00006-4681-01`]);
    expect(judged(contradictory).refused).toEqual([]);
    expect(judged(contradictory).warned).toContain('business-rule Immunization.vaccineCode.coding[1].code');
  });
});

test('the registry’s rules are not for resources contained in others', () => {
  const contained = [{ resourceType: 'Patient', id: 'p', name: [{ use: 'official' }] }];
  expect(judged(anImmunization({ contained, patient: { reference: '#p' } })).refused).toEqual([]);
});

test('what the registry says of a dose repeats nothing that was sent', () => {
  const secret = 'Secretson';
  const { refused, warned } = judged(
    anImmunization({ vaccineCode: { coding: [{ system: CVX, code: secret }] }, recorded: '2999-01-01' }),
  );
  expect(JSON.stringify([refused, warned])).not.toContain(secret);
});
