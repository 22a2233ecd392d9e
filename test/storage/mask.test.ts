import { describe, expect, test } from '@jest/globals';
import { maskSecrets, resealed } from '../../src/storage/mask.ts';
import { secretsOf, type MasterKey } from '../../src/storage/secrets.ts';

const key = (name: string): MasterKey => ({ name, bytes: Buffer.alloc(32, Number(name)) });
const secrets = secretsOf([key('0001')]);
const SSN = 'http://hl7.org/fhir/sid/us-ssn';
const MASK = '***-**-****';
const ssn = (value: string, system = SSN): object => ({ system, value });
const patient = (...identifier: object[]): object => ({ resourceType: 'Patient', identifier });
const opened = (sealed: readonly { key: string; cipher: string }[], ring = secrets): readonly string[] =>
  sealed.map((each) => ring.open('identifier', each));

describe('a social security number', () => {
  test('leaves the resource; ciphertext and a keyed hash stay, and neither tells the number', () => {
    const masked = maskSecrets(secrets, patient(ssn('123-45-6789'), { system: 'urn:mrn', value: '77' }));
    expect(masked.resource).toEqual(patient(ssn(MASK), { system: 'urn:mrn', value: '77' }));
    expect(opened(masked.secrets)).toEqual(['123-45-6789']);
    expect(JSON.stringify(masked)).not.toMatch(/123-?45-?6789/);
    expect(masked.secretKeys).toEqual(secrets.blind('', '123456789'));
  });

  test.each([
    ['http://hl7.org/fhir/sid/us-ssn/'],
    ['https://hl7.org/fhir/sid/us-ssn'],
    ['HTTP://HL7.ORG/fhir/sid/us-ssn'],
    ['urn:oid:2.16.840.1.113883.4.1'],
  ])('is one under the system %s too, and found under any of them', (system) => {
    const masked = maskSecrets(secrets, patient(ssn('123456789', system)));
    expect(masked.resource).toEqual(patient(ssn(MASK, system)));
    expect(masked.secretKeys).toEqual(secrets.blind(SSN, '123-45-6789').slice(0, 1));
  });

  test.each([
    [
      'by a type of table 0203',
      { type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'SS' }] } },
    ],
    ['by a type without a system', { type: { coding: [{ code: 'XX' }, { code: 'SS' }] } }],
    ['by a type beside a system of its own', { system: 'urn:own', type: { coding: [{ code: 'SS' }] } }],
  ])('is known %s', (_name, identifier) => {
    const masked = maskSecrets(secrets, patient({ ...identifier, value: '123-45-6789' }));
    expect(masked.resource).toEqual(patient({ ...identifier, value: MASK }));
    expect(masked.secretKeys).toEqual(secrets.blind(SSN, '123456789'));
  });

  test.each([
    ['in an extension', { extension: [{ url: 'urn:x', valueIdentifier: ssn('123-45-6789') }] }],
    ['as an extension', { extension: [{ url: SSN, valueString: '123-45-6789' }] }],
    ['as the code of a coding', { meta: { tag: [{ system: SSN, code: '123-45-6789' }] } }],
    ['in a contained resource', { contained: [patient(ssn('123-45-6789'))] }],
    ['in a reference', { generalPractitioner: [{ identifier: ssn('123-45-6789') }] }],
  ])('is taken out %s', (_name, parts) => {
    const masked = maskSecrets(secrets, { resourceType: 'Patient', ...parts });
    expect(JSON.stringify(masked.resource)).not.toMatch(/6789/);
    expect(opened(masked.secrets)).toEqual(['123-45-6789']);
  });

  test.each([
    ['123-45-6789'],
    ['123456789'],
    ['123 45 6789'],
    ['123.45.6789'],
    ['123\u201145\u20116789'],
    ['123&#8209;45&nbsp;6789'],
  ])('is struck from texts of the same resource: %s', (mention) => {
    const text = { status: 'generated', div: `<div>No. ${mention}, born 2020</div>` };
    const masked = maskSecrets(secrets, { ...patient(ssn('123-45-6789')), text });
    expect(masked.resource).toMatchObject({ text: { div: `<div>No. ${MASK}, born 2020</div>` } });
  });

  test('is not taken for a part of a longer number', () => {
    const other = { system: 'urn:card', value: '9123456789' };
    expect(maskSecrets(secrets, patient(ssn('123-45-6789'), other)).resource).toEqual(
      patient(ssn(MASK), other),
    );
  });

  test('does not change what has none: it is the same object', () => {
    const resource = patient({ system: 'urn:mrn', value: '123-45-6789' });
    expect(maskSecrets(secrets, resource)).toEqual({ resource, secrets: [], secretKeys: [] });
    expect(maskSecrets(secrets, resource).resource).toBe(resource);
  });
});

describe('asterisks', () => {
  const one = maskSecrets(secrets, patient(ssn('123-45-6789'))).secrets;
  const two = maskSecrets(secrets, patient(ssn('123-45-6789'), ssn('987-65-4321'))).secrets;

  test.each([[MASK], ['*********'], ['*** ** ****'], ['*']])('%s keep the stored number', (asterisks) => {
    const masked = maskSecrets(secrets, patient(ssn(asterisks)), one);
    expect(masked.secrets).toEqual(one);
    expect(masked.resource).toEqual(patient(ssn(MASK)));
    expect(masked.secretKeys).toEqual(secrets.blind('', '123456789'));
  });

  test('keep the number also where it comes among new texts that repeat it', () => {
    const text = { div: '<div>123-45-6789</div>' };
    expect(maskSecrets(secrets, { ...patient(ssn(MASK)), text }, one).resource).toMatchObject({
      text: { div: `<div>${MASK}</div>` },
    });
  });

  test('give way to another number', () => {
    const masked = maskSecrets(secrets, patient(ssn('987-65-4321')), one);
    expect(opened(masked.secrets)).toEqual(['987-65-4321']);
    expect(masked.secretKeys).toEqual(secrets.blind('', '987654321'));
  });

  test('stand for numbers by their places', () => {
    expect(opened(maskSecrets(secrets, patient(ssn(MASK), ssn(MASK)), two).secrets)).toEqual([
      '123-45-6789',
      '987-65-4321',
    ]);
    expect(opened(maskSecrets(secrets, patient(ssn('111-22-3333'), ssn(MASK)), two).secrets)).toEqual([
      '111-22-3333',
      '987-65-4321',
    ]);
  });

  test('stand for the only one there is, wherever it stands now', () => {
    expect(opened(maskSecrets(secrets, patient(ssn('111-22-3333'), ssn(MASK)), one).secrets)).toEqual([
      '111-22-3333',
      '123-45-6789',
    ]);
  });

  test.each([
    ['where nothing is stored', patient(ssn(MASK)), []],
    ['where two are stored and one comes back', patient(ssn(MASK)), two],
    ['where one is stored and two come back', patient(ssn(MASK), ssn(MASK)), one],
  ])('are refused %s', (_name, resource, kept) => {
    expect(() => maskSecrets(secrets, resource, kept)).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });
});

describe('when keys rotate', () => {
  const newer = secretsOf([key('0001'), key('0002')]);
  const old = maskSecrets(secrets, patient(ssn('123-45-6789')));

  test('what is kept is sealed anew with the newest key', () => {
    const masked = maskSecrets(newer, patient(ssn(MASK)), old.secrets);
    expect(masked.secrets.map(({ key: name }) => name)).toEqual(['0002']);
    expect(opened(masked.secrets, newer)).toEqual(['123-45-6789']);
  });

  test('re-sealing needs nothing but what is stored, and gives the hash of the newest key', () => {
    const again = resealed(newer, old.secrets);
    expect(again.secrets.map(({ key: name }) => name)).toEqual(['0002']);
    expect(opened(again.secrets, newer)).toEqual(['123-45-6789']);
    expect(again.secretKeys).toEqual(newer.blind('', '123456789').slice(0, 1));
    expect(resealed(newer, again.secrets).secrets).toEqual(again.secrets);
  });

  test('a number is looked for under the hashes of every key', () => {
    expect(newer.blind(SSN, '123456789')).toEqual([
      ...secretsOf([key('0002')]).blind('', '123456789'),
      ...old.secretKeys,
    ]);
  });
});
