import { describe, expect, test } from '@jest/globals';
import { terminology } from '../../src/terminology/load.ts';
import { codeIn } from '../../src/terminology/lookup.ts';
import { check } from '../../src/validation/check.ts';
import { codingsIn, dosesOf, patientOf, recordsIn, resourcesOf, world } from './worlds.ts';

const steps = world(3, 1000);
const terms = terminology();
const codings = steps.flatMap((step) => resourcesOf(step).flatMap((resource) => [...codingsIn(resource)]));
const codesOf = (system: string): readonly string[] => [
  ...new Set(codings.filter((coding) => coding.system === system).map((coding) => coding.code)),
];

describe('Every resource of a sandbox', () => {
  test('is FHIR that the server takes', () => {
    const wrong = steps.flatMap((step) =>
      resourcesOf(step).flatMap((resource) =>
        check(resource).map(
          (issue) => `${resource.resourceType}: ${issue.message} ${(issue.expression ?? []).join()}`,
        ),
      ),
    );
    expect([...new Set(wrong)]).toEqual([]);
  });

  test('is in a transaction that the server takes', () => {
    expect(steps.flatMap((step) => check(step.bundle, 'envelope'))).toEqual([]);
  });
});

describe('Every code of a sandbox is in the code tables', () => {
  test('CVX, under the name it has there', () => {
    const named = codings.filter((coding) => coding.system === 'http://hl7.org/fhir/sid/cvx');
    expect(
      named.filter(
        ({ code, display }) => display === undefined || terms.vaccines.get(code)?.short !== display,
      ),
    ).toEqual([]);
    expect(codesOf('http://hl7.org/fhir/sid/cvx').length).toBeGreaterThan(60);
  });

  test('NDC, as a unit of use', () => {
    const packages = codesOf('http://hl7.org/fhir/sid/ndc').map((ndc) =>
      terms.products.get(ndc.replaceAll('-', '')),
    );
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.every((each) => each?.kind === 'use')).toBe(true);
  });

  test('MVX', () => {
    const makers = recordsIn(steps).flatMap((step) =>
      dosesOf(step).flatMap((dose) => dose.manufacturer?.identifier?.value ?? []),
    );
    expect([...new Set(makers)].filter((mvx) => !terms.manufacturers.has(mvx))).toEqual([]);
  });

  test.each([
    ['eligibility', 'http://terminology.hl7.org/CodeSystem/v2-0064'],
    ['body-site', 'http://terminology.hl7.org/CodeSystem/v2-0163'],
    ['route', 'http://terminology.hl7.org/CodeSystem/v2-0162'],
  ])('%s', (set, system) => {
    expect(codesOf(system).length).toBeGreaterThan(2);
    expect(codesOf(system).filter((code) => codeIn(terms, set, code)?.status !== 'Valid')).toEqual([]);
  });

  test("CDC's local codes and SNOMED CT, as funding, contraindication or evidence of immunity", () => {
    const sets = ['funding-source', 'contraindication', 'evidence-of-immunity'];
    const used = [
      ...codesOf('urn:oid:2.16.840.1.114222.4.5.274'),
      ...codesOf('http://snomed.info/sct'),
    ].filter((code) => code !== '10828004');
    expect(used.filter((code) => !sets.some((set) => codeIn(terms, set, code) !== undefined))).toEqual([]);
  });

  test('and every eligibility for vaccines for children occurs', () => {
    const people = recordsIn(world(3, 2500)).flatMap(dosesOf);
    const used = new Set(people.flatMap((dose) => dose.programEligibility?.[0]?.coding?.[0]?.code ?? []));
    expect([...used].sort()).toEqual(['V01', 'V02', 'V03', 'V04', 'V05', 'V06', 'V07', 'V08']);
  });
});

describe('Nothing of a sandbox is real:', () => {
  const patients = recordsIn(steps).map(patientOf);

  test('telephones end in 555-01 and two digits, and mail goes to example domains', () => {
    const telecoms = steps.flatMap((step) =>
      resourcesOf(step).flatMap((resource) => ('telecom' in resource ? (resource.telecom ?? []) : [])),
    );
    const odd = telecoms.filter(
      ({ system, value = '' }) =>
        !(system === 'phone' ? /555-01\d\d$/ : /@example\.(com|net|org)$/).test(value),
    );
    expect(telecoms.length).toBeGreaterThan(1000);
    expect(odd).toEqual([]);
  });

  test('social security numbers are of areas that were never given out', () => {
    const numbers = patients.flatMap(
      (patient) =>
        patient.identifier?.filter((each) => each.system === 'http://hl7.org/fhir/sid/us-ssn') ?? [],
    );
    expect(numbers.length).toBeGreaterThan(20);
    expect(numbers.filter(({ value = '' }) => !/^(000|9\d\d)-?\d\d-?\d{4}$/.test(value))).toEqual([]);
  });

  test('provider identifiers have the right check digit and the wrong first digit', () => {
    const luhn = (npi: string): number =>
      Array.from(`80840${npi}`)
        .reverse()
        .reduce((sum, digit, at) => {
          const value = Number(digit) * (at % 2 === 1 ? 2 : 1);
          return sum + (value > 9 ? value - 9 : value);
        }, 0);
    const numbers = steps
      .flatMap((step) => resourcesOf(step))
      .flatMap((resource) =>
        'identifier' in resource && Array.isArray(resource.identifier) ? resource.identifier : [],
      )
      .filter((each) => each.system === 'http://hl7.org/fhir/sid/us-npi');
    expect(numbers.length).toBeGreaterThan(100);
    expect(numbers.filter(({ value = '' }) => !/^9\d{9}$/.test(value) || luhn(value) % 10 !== 0)).toEqual([]);
  });
});
