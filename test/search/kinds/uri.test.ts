import { describe, expect, test } from '@jest/globals';
import { ask, finds, refusalOf } from '../asking.ts';

const valueSet = (url: string) => ({ resourceType: 'ValueSet', url });

describe('a uri search (R4 search.html#uri)', () => {
  test.each([
    ['http://a.example/fhir/ValueSet/1', true],
    ['http://a.example/fhir/ValueSet/1/', false],
    ['http://A.example/fhir/ValueSet/1', false],
    ['http://b.example,http://a.example/fhir/ValueSet/1', true],
  ])('url=%s is %s', (asked, found) => {
    expect(finds(`url=${asked}`, valueSet('http://a.example/fhir/ValueSet/1'))).toBe(found);
  });

  test.each([
    ['http://a.example/fhir/', true],
    ['http://a.example/fhir/ValueSet/1', true],
    ['http://a.example/other/', false],
  ])('url:below=%s is %s', (asked, found) => {
    expect(finds(`url:below=${asked}`, valueSet('http://a.example/fhir/ValueSet/1'))).toBe(found);
  });

  test.each([
    ['http://a.example/fhir', true],
    ['http://a.example/fhir/ValueSet', true],
    ['http://a.example', true],
    ['http://a.example/fhir/ValueSet/1/_history/5', true],
    ['http://a.example/fhir/Val', false],
    ['http://a.example/fhir/ValueSet/1/_history/5/6', false],
  ])('%s is found by url:above of what is under it: %s', (url, found) => {
    expect(finds('url:above=http://a.example/fhir/ValueSet/1/_history/5', valueSet(url))).toBe(found);
  });

  test('only URLs have an above and a below', () => {
    expect(refusalOf(() => ask('ValueSet', 'url:below=urn:oid:1.2'))).toBe('invalid-value');
    expect(refusalOf(() => ask('ValueSet', 'url:below=http://a.example/' + 'x'.repeat(200)))).toBe(
      'invalid-value',
    );
    expect(refusalOf(() => ask('ValueSet', 'url:contains=a'))).toBe('not-understood');
  });
});
