import { describe, expect, test } from '@jest/globals';
import { ask, refusalOf } from './asking.ts';

describe('a search that no index serves', () => {
  test.each([
    ['Immunization', 'status:not=completed'],
    ['Immunization', 'status:missing=false'],
    ['Immunization', 'vaccine-code:missing=true'],
    ['Immunization', 'date=ne2020-01-01'],
    ['Immunization', 'date:missing=true'],
    ['Immunization', 'reaction-date=ge2020&reaction-date=le2020'],
    ['Immunization', 'lot-number:contains=12'],
    ['Immunization', 'status=completed&vaccine-code:not=08'],
    ['Immunization', 'date=ge2000-01-01&vaccine-code:not=08'],
    ['Immunization', 'date=ge2000-01-01,ne2020&vaccine-code=08'],
    ['Immunization', 'status=http://hl7.org/fhir/event-status|'],
    ['Patient', 'death-date=ge2020'],
    ['Patient', 'death-date=2020&gender:not=male'],
    ['Patient', 'family:contains=son'],
    ['Patient', 'family=s&gender:not=male'],
    ['Patient', 'address-state=Oregon&gender:not=male'],
    ['Patient', 'birthdate=1990&active:missing=true'],
    ['Immunization', 'performer=Organization/1&status:not=completed'],
  ])('is too costly: %s?%s', (type, text) => {
    expect(refusalOf(() => ask(type, text))).toBe('too-costly');
  });

  test.each([
    ['Immunization', 'patient=1&status:not=completed'],
    ['Immunization', 'identifier=urn:a|1&reaction-date=2020'],
    ['Immunization', '_id=1,2&vaccine-code:missing=true'],
    ['Immunization', 'date=2020-03&vaccine-code:not=08'],
    ['Immunization', 'date=ge2020-03-01&date=le2020-03-09&lot-number:contains=12'],
    ['Patient', 'family=smith&gender:not=male'],
    ['Patient', 'name=smith&birthdate=1990-01-01&death-date=ne2020'],
    ['Patient', 'phone=555-1234&active:not=true'],
    ['Patient', 'birthdate=1990-01&family:contains=son'],
  ])('is none beside a criterion that leads to few resources: %s?%s', (type, text) => {
    expect(refusalOf(() => ask(type, text))).toBeUndefined();
  });

  test.each([
    ['Immunization', ''],
    ['Immunization', 'status=completed'],
    ['Immunization', 'status=completed&vaccine-code=08'],
    ['Immunization', 'date=ge2000-01-01'],
    ['Immunization', 'performer=Organization/1'],
    ['Immunization', '_lastUpdated=gt2024-01-01&_sort=_lastUpdated'],
    ['Patient', 'birthdate=lt1950&gender=female'],
    ['Patient', 'death-date=2020'],
    ['Immunization', 'reaction-date=2020-03,2021'],
    ['Patient', '_sort=-family'],
  ])('is none where an index serves all that is asked, however many that finds: %s?%s', (type, text) => {
    expect(refusalOf(() => ask(type, text))).toBeUndefined();
  });

  test('says what is not served and what to add', () => {
    expect(() => ask('Immunization', 'status:not=completed')).toThrow(
      /No index of Immunization serves "status:not".*_id.*identifier.*patient.*a month of date/,
    );
  });

  test('never repeats what was asked for', () => {
    expect(() => ask('Patient', 'family:contains=Obscure')).toThrow(/^(?!.*Obscure)/);
  });
});

describe('an order', () => {
  test('of several keys is too costly for many resources, because no index has it', () => {
    expect(refusalOf(() => ask('Patient', '_sort=family,birthdate'))).toBe('too-costly');
    expect(refusalOf(() => ask('Patient', '_sort=family,-_id'))).toBe('too-costly');
    expect(refusalOf(() => ask('Patient', 'gender=male&_sort=family,birthdate'))).toBe('too-costly');
  });

  test('of several keys is none for few resources', () => {
    expect(refusalOf(() => ask('Patient', 'family=smith&_sort=family,-birthdate'))).toBeUndefined();
  });
});

describe('a chained criterion (R4 search.html#chaining, #has)', () => {
  test.each([
    ['Immunization', 'patient.gender:not=male', 'Patient'],
    ['Immunization', 'patient.death-date=ge2020', 'Patient'],
    ['Patient', '_has:Immunization:patient:status:not=completed', 'Immunization'],
    ['Immunization', 'status:not=completed&patient.gender:not=male', 'Immunization'],
  ])('is too costly where neither end is served: %s?%s', (type, text, where) => {
    expect(refusalOf(() => ask(type, text))).toBe('too-costly');
    expect(() => ask(type, text)).toThrow(`No index of ${where}`);
  });

  test.each([
    ['Immunization', 'patient.family=smith'],
    ['Immunization', 'patient.family=smith&patient.gender:not=male'],
    ['Immunization', 'patient:Patient.birthdate=1990-01-01&status:not=completed'],
    ['Immunization', 'patient=1&patient.gender:not=male'],
    ['Immunization', 'patient=1&performer.name:contains=clinic'],
    ['Immunization', 'performer.name=smith'],
    ['Patient', '_has:Immunization:patient:date=2024-03-05'],
    ['Patient', 'identifier=urn:a|1&_has:Immunization:patient:status:not=completed'],
    ['Patient', '_has:Immunization:patient:performer.identifier=urn:npi|1'],
    ['Provenance', 'target:Immunization.patient.family=smith'],
    ['Patient', '_has:Immunization:patient:_has:Provenance:target:recorded=2024-01-01'],
  ])('is none where one end is: %s?%s', (type, text) => {
    expect(refusalOf(() => ask(type, text))).toBeUndefined();
  });

  test('along one reference asks of one and the same resource', () => {
    const { hops } = ask('Immunization', 'patient.family=smith&patient.birthdate=1990-01-01');
    expect(hops).toHaveLength(1);
    expect(hops[0]?.[0]?.others.clauses).toHaveLength(2);
  });

  test('along a reference that repeats may be met by different resources', () => {
    const { hops } = ask('Immunization', 'performer.name=smith&performer.identifier=urn:npi|1');
    expect(hops).toHaveLength(2);
  });

  test.each([
    ['Immunization', 'status.name=x', 'not-understood'],
    ['Immunization', 'patient.colour=x', 'not-understood'],
    ['Immunization', 'colour.name=x', 'not-understood'],
    ['Immunization', 'patient:Group.name=x', 'not-understood'],
    ['Immunization', 'patient.birthdate=x', 'invalid-value'],
    ['Provenance', 'target.identifier=x', 'not-understood'],
    ['Patient', '_has:Immunization:patient=x', 'not-understood'],
    ['Patient', '_has:Nothing:patient:date=2020', 'not-understood'],
    ['Patient', '_has:Immunization:location:date=2020', 'not-understood'],
    ['Patient', '_has:Immunization:status:date=2020', 'not-understood'],
    ['Patient', 'link.link.link.link.family=smith', 'too-costly'],
    ['Immunization', 'patient.identifier=http://hl7.org/fhir/sid/us-ssn|123-45-6789', 'forbidden'],
    ['Patient', Array(11).fill('_has:Immunization:patient:lot-number=abc').join('&'), 'too-costly'],
  ])('is right or refused, never ignored: %s?%s is %s', (type, text, kind) => {
    expect(refusalOf(() => ask(type, text, { inUrl: false }))).toBe(kind);
  });

  test('of an unknown name is left out where the caller is lenient', () => {
    expect(ask('Immunization', 'patient.colour=x', { handling: 'lenient' }).ignored).toEqual([
      'patient.colour',
    ]);
  });
});
