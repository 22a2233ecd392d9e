import { describe, expect, test } from '@jest/globals';
import { ask, finds, refusalOf } from '../asking.ts';

const ana = {
  resourceType: 'Patient',
  name: [{ family: "O'Brien-Müller", given: ['Ana', 'María'], prefix: ['Dr.'], text: 'Anita' }],
  address: [{ line: ['12 Main St.'], city: 'Königsberg', state: 'OR', postalCode: '97301' }],
};

describe('a string search (R4 search.html#string)', () => {
  test.each([
    ['family=o’brien', true],
    ['family=OBRIEN MUL', true],
    ['family=muller', false],
    ['family=Brien', false],
    ['name=muller', true],
    ['name=obrien', true],
    ['name=maria', true],
    ['name=ana maria obrien', true],
    ['name=dr', true],
    ['name=anit', true],
    ['given=mar', true],
    ['given=x,mar', true],
    ['given=ana&given=maria', true],
    ["family:exact=O'Brien-Müller", true],
    ["family:exact=o'brien-müller", false],
    ["family:exact=O'Brien", false],
    ['name:exact=María', true],
    ['family:contains=mull', true],
    ['family:contains=smith', false],
    ['address=konigs', true],
    ['address-city=KÖNIGSBERG', true],
    ['address-city:exact=Königsberg', true],
    ['address-postalcode=973', true],
    ['address-state:contains=r', true],
    ['address-city:missing=false', true],
    ['address-country:missing=true', true],
    ['family:missing=true', false],
  ])('%s is %s', (asked, found) => {
    expect(finds(asked, ana)).toBe(found);
  });

  test('a text without letters or digits is no criterion', () => {
    expect(refusalOf(() => ask('Patient', 'family=-'))).toBe('invalid-value');
  });

  test('a text longer than is indexed is refused, by :exact it is found', () => {
    const long = 'a'.repeat(200);
    expect(refusalOf(() => ask('Patient', `family=${long}`))).toBe('invalid-value');
    const patient = { resourceType: 'Patient', name: [{ family: long }] };
    expect(finds(`family:exact=${long}`, patient)).toBe(true);
    expect(finds(`family:exact=${long.slice(1)}`, patient)).toBe(false);
  });
});
