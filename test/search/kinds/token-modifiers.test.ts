import { describe, expect, test } from '@jest/globals';
import type { Code } from '../../../src/search/asked.ts';
import { codesOf, relativesOf } from '../../../src/interactions/known-codes.ts';
import { holds } from '../../../src/search/holds.ts';
import { ask, finds, keyed, refusalOf } from '../asking.ts';

const CVX = 'http://hl7.org/fhir/sid/cvx';
const dose = {
  resourceType: 'Immunization',
  status: 'completed',
  vaccineCode: {
    coding: [{ system: CVX, code: '08', display: 'Hep B, adolescent' }],
    text: 'Hepatitis B (Größe S)',
  },
};
const TYPES = 'http://terminology.hl7.org/CodeSystem/v2-0203';
const ana = {
  resourceType: 'Patient',
  identifier: [
    {
      type: { coding: [{ system: TYPES, code: 'MR' }], text: 'Record number' },
      system: 'urn:mr',
      value: '446053',
    },
    { type: { coding: [{ system: TYPES, code: 'SS' }] }, system: 'urn:mr', value: '123456789' },
  ],
};

describe(':text (R4 search.html#token)', () => {
  test.each([
    ['vaccine-code:text=hepat', true],
    ['vaccine-code:text=HEP B', true],
    ['vaccine-code:text=hepatitis b groß', true],
    ['vaccine-code:text=adolescent', false],
    ['vaccine-code:text=measles,hepatitis', true],
  ])('%s of a dose is %s', (asked, found) => {
    expect(finds(asked, dose)).toBe(found);
  });

  test('reads the type of an identifier', () => {
    expect(finds('identifier:text=record', ana)).toBe(true);
  });

  test('is not for codes alone', () => {
    expect(refusalOf(() => ask('Immunization', 'status:text=comp'))).toBe('not-understood');
  });
});

describe(':of-type', () => {
  test.each([
    [`identifier:of-type=${TYPES}|MR|446053`, true],
    [`identifier:of-type=${TYPES}|MC|446053`, false],
    [`identifier:of-type=${TYPES}|MR|44605`, false],
  ])('%s is %s', (asked, found) => {
    expect(finds(asked, ana)).toBe(found);
  });

  test('needs all three parts, and an identifier', () => {
    expect(refusalOf(() => ask('Patient', `identifier:of-type=${TYPES}|MR`))).toBe('invalid-value');
    expect(refusalOf(() => ask('Immunization', `vaccine-code:of-type=${TYPES}|MR|1`))).toBe('not-understood');
  });

  test('of a social security number is refused, and such a number has no key', () => {
    expect(
      refusalOf(() => ask('Patient', `identifier:of-type=${TYPES}|SS|123456789`, { inUrl: false })),
    ).toBe('forbidden');
    expect(JSON.stringify(keyed(ana))).not.toContain('123456789');
  });
});

describe('value sets and hierarchies', () => {
  const known: readonly Code[] = [
    { system: CVX, code: '08' },
    { system: CVX, code: '43' },
  ];
  const options = {
    inRecord: true,
    expand: (url: string) => (url === 'urn:hepb' ? known : undefined),
    hierarchy: (_direction: string, { code }: Code) => (code === '45' ? known : undefined),
  };
  const found = (text: string, resource: Parameters<typeof keyed>[0]): boolean =>
    holds({ op: 'and', of: ask('Immunization', text, options).clauses }, keyed(resource));
  const other = { ...dose, vaccineCode: { coding: [{ system: CVX, code: '03' }] } };

  test.each([
    ['vaccine-code:in=urn:hepb', true, false],
    ['vaccine-code:not-in=urn:hepb', false, true],
    [`vaccine-code:below=${CVX}|45`, true, false],
    [`vaccine-code:above=${CVX}|45`, true, false],
  ])('%s is %s of a hepatitis B vaccine, %s of another', (asked, ofDose, ofOther) => {
    expect([found(asked, dose), found(asked, other)]).toEqual([ofDose, ofOther]);
  });

  test('that are not known are refused, never guessed', () => {
    expect(refusalOf(() => ask('Immunization', 'vaccine-code:in=urn:other', options))).toBe('not-understood');
    expect(refusalOf(() => ask('Immunization', `vaccine-code:below=${CVX}|99`, options))).toBe(
      'not-understood',
    );
    expect(refusalOf(() => ask('Immunization', 'vaccine-code:below=45', options))).toBe('invalid-value');
    expect(refusalOf(() => ask('Patient', 'identifier:in=urn:hepb', options))).toBe('not-understood');
    expect(refusalOf(() => ask('Immunization', 'vaccine-code:in=urn:hepb'))).toBe('not-understood');
  });

  test('too many codes to ask for at once are too costly', () => {
    const many = Array.from({ length: 2001 }, (_, at) => ({ system: CVX, code: String(at) }));
    expect(refusalOf(() => ask('Immunization', 'vaccine-code:in=urn:x', { expand: () => many }))).toBe(
      'too-costly',
    );
  });

  test('are those of the server’s terminology', () => {
    expect(codesOf('https://fhir-iis.org/fhir/ValueSet/registry-status')?.map(({ code }) => code)).toContain(
      'A',
    );
    expect(codesOf('urn:nothing')).toBeUndefined();
    const hepatitisB = relativesOf('below', { system: CVX, code: '45' })?.map(({ code }) => code);
    expect(hepatitisB).toEqual(expect.arrayContaining(['45', '08', '43']));
    expect(relativesOf('above', { system: CVX, code: '08' })?.map(({ code }) => code)).toContain('45');
    expect(relativesOf('below', { system: 'urn:nothing', code: '1' })).toBeUndefined();
  });
});
