/** Which of CDSi's observations a person's findings amount to. */
import { describe, expect, test } from '@jest/globals';
import type { CodeableConcept, Condition, Observation } from '@medplum/fhirtypes';
import { observationsOf } from '../../../src/operations/forecast/observations-of.ts';
import { loadSchedule } from '../../../src/forecasting/schedule/load-schedule.ts';

const schedule = loadSchedule();
const SNOMED = 'http://snomed.info/sct';
const LOINC = 'http://loinc.org';
const subject = { reference: 'Patient/1' };
const coded = (...codes: string[]): CodeableConcept => ({
  coding: codes.map((code) => ({ system: SNOMED, code })),
});
const condition = (...codes: string[]): Condition => ({
  resourceType: 'Condition',
  subject,
  code: coded(...codes),
});
const observation = (code: CodeableConcept, more: Partial<Observation> = {}): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  subject,
  code,
  ...more,
});
const meant = (...findings: (Condition | Observation)[]): string[] =>
  observationsOf(schedule, {
    patient: { resourceType: 'Patient' },
    immunizations: [],
    findings,
  }).map(({ code }) => code);

const MICROBIOLOGIST = '159138004';
const EXPOSURE = '24932003';
const TYPHI = '5595000';

describe('a list that is meant together', () => {
  test('needs the exposure and the germ, and one of its occupations', () => {
    expect(meant(condition(MICROBIOLOGIST, EXPOSURE, TYPHI))).toEqual(['051']);
    expect(meant(condition('159282002', EXPOSURE, TYPHI))).toEqual(['051']);
  });

  test.each([
    ['an occupation alone', [MICROBIOLOGIST]],
    ['an exposure to nothing', [MICROBIOLOGIST, EXPOSURE]],
    ['an exposure of whom no occupation is told', [EXPOSURE, TYPHI]],
    ['a risk of nothing', ['410519009']],
    ['a pupil', ['65853000']],
  ])('is not met by %s', (_, codes) => {
    expect(meant(condition(...codes))).toEqual([]);
  });

  test('is met by blood as well as by other fluids', () => {
    expect(meant(condition('307969004', EXPOSURE, '87612001'))).toEqual(['057']);
    expect(meant(condition('307969004', EXPOSURE, '32457005'))).toEqual(['057']);
  });

  test('may be told as an exposure whose value is the germ', () => {
    const rabies = observation(coded(EXPOSURE), { valueCodeableConcept: coded('59881000') });
    expect(meant(rabies)).toEqual(['062']);
  });

  test('is met by a student of further education', () => {
    expect(meant(condition('65853000', '257561002'))).toEqual(['063']);
  });
});

describe('a test for antibodies', () => {
  const measles = { coding: [{ system: LOINC, code: '35275-7' }] };

  test('is evidence of immunity where it was positive', () => {
    expect(meant(observation(measles, { valueCodeableConcept: coded('10828004') }))).toEqual(['020']);
  });

  test('is none where it was negative', () => {
    expect(meant(observation(measles, { valueCodeableConcept: coded('260385009') }))).toEqual([]);
  });
});

test('A misprint of the schedule costs no contraindication: both spellings of its code are known', () => {
  expect(meant(condition('219088009'))).toEqual(['095']);
  expect(meant(condition('2219088009'))).toEqual(['095']);
});
