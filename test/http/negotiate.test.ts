import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../src/core/failure.ts';
import { answerType, bodyType, isForm } from '../../src/http/negotiate.ts';

describe('the type of an answer', () => {
  test.each([
    [undefined, undefined, 'application/fhir+json'],
    ['', undefined, 'application/fhir+json'],
    ['*/*', undefined, 'application/fhir+json'],
    ['application/json', undefined, 'application/json'],
    ['application/json;q=0.2, application/fhir+json;q=0.9', undefined, 'application/fhir+json'],
    ['text/html, application/xhtml+xml, */*;q=0.8', undefined, 'application/fhir+json'],
    ['APPLICATION/FHIR+JSON; Charset=UTF-8', undefined, 'application/fhir+json'],
    ['application/fhir+xml', 'json', 'application/fhir+json'],
    ['application/json', 'application/fhir json', 'application/fhir+json'],
    ['application/json', '', 'application/json'],
  ])('Accept: %s with _format=%s is %s', (accept, format, expected) => {
    expect(answerType(accept, format)).toBe(expected);
  });

  test.each([
    ['application/fhir+xml', undefined],
    ['application/fhir+json;q=0', undefined],
    ['application/fhir+json;fhirVersion=3.0', undefined],
    ['application/fhir+json', 'xml'],
  ])('Accept: %s with _format=%s cannot be made', (accept, format) => {
    expect(() => answerType(accept, format)).toThrow(Failure);
  });

  test('whatever is asked, there is an answer or a Failure', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (accept, format) => {
        try {
          expect(answerType(accept, format)).toMatch(/json$/);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
    );
  });
});

describe('the type of a body', () => {
  test.each([
    ['application/fhir+json', 'POST', 'resource'],
    ['application/json; charset=utf-8', 'PUT', 'resource'],
    ['application/fhir+json; fhirVersion=4.0', 'POST', 'resource'],
    ['application/json-patch+json', 'PATCH', 'json-patch'],
    ['application/fhir+json', 'PATCH', 'resource'],
  ])('%s with %s is a %s', (type, method, expected) => {
    expect(bodyType(type, method)).toBe(expected);
  });

  test.each([
    [undefined, 'POST'],
    ['', 'POST'],
    ['application/json', 'PATCH'],
    ['application/json-patch+json', 'PUT'],
    ['application/fhir+json; charset=latin1', 'POST'],
    ['application/fhir+json; fhirVersion=5.0', 'POST'],
    ['application/fhir+xml', 'POST'],
  ])('%s with %s is not read', (type, method) => {
    expect(() => bodyType(type, method)).toThrow(Failure);
  });

  test('a form is known with its parameters', () => {
    expect(isForm('application/x-www-form-urlencoded; charset=UTF-8')).toBe(true);
    expect([isForm(undefined), isForm('application/json')]).toEqual([false, false]);
  });
});
