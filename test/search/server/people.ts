/** Generated people, and the words that they and their records have in common. */
import fc from 'fast-check';
import type { Kept } from '../specification/finds.ts';

const OWN = 'https://fhir-iis.org/fhir/StructureDefinition/';
export const CVX = 'http://hl7.org/fhir/sid/cvx';
export const TYPES = 'http://terminology.hl7.org/CodeSystem/v2-0203';

export const FAMILIES = [
  "O'Brien",
  'Obrien',
  'Nguyễn',
  'Nguyen-Smith',
  'Smith',
  'smithe',
  'García López',
  'Ødegård',
];
export const GIVEN = ['Ana', 'Ána', 'Bo', 'Ana María', 'Zoë'];
export const DAYS = ['2020', '2020-02', '2020-02-10', '2020-02-11', '2020-03', '2021-01-01', '2019-12-31'];
export const TIMES = ['2020-02-10T10:00:00Z', '2020-02-10T23:30:00-05:00', '2020-02-11T04:30:00.5Z'];
/** An active vaccine of each of three groups, one of another country, and a code that stands for a group. */
export const CODES = ['03', '08', '10', '501', '45'];
export const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
export const REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
export const ORGANIZATIONS = ['o1', 'o2'];
export const URLS = ['http://a.example/fhir/x', 'http://a.example/fhir', 'http://b.example/fhir/x/1'];
export const DISEASE = 'http://snomed.info/sct';
const RACE = 'urn:oid:2.16.840.1.113883.6.238';
export const CITIES = ['Königsberg', 'Konigsburg', 'Salem'];

export const one = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
export const some = <T>(value: fc.Arbitrary<T>, maxLength = 2): fc.Arbitrary<T[] | undefined> =>
  fc.option(fc.array(value, { minLength: 1, maxLength }), { nil: undefined, freq: 4 });
export const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 3 });

/** Without what is undefined: it would not be in JSON either. */
export const clean = (resource: object): Kept => JSON.parse(JSON.stringify(resource)) as Kept;

export const record = (shape: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Kept> =>
  fc.record(shape).map(clean);

export const meta = maybe(
  fc.record({
    tag: fc.array(fc.record({ system: one(['urn:t', 'urn:u']), code: one(['a', 'b']) }), {
      minLength: 1,
      maxLength: 2,
    }),
    security: some(fc.record({ system: one([CONFIDENTIALITY, 'urn:local']), code: one(['N', 'R']) })),
    source: one(URLS),
    profile: fc.array(one(URLS), { minLength: 1, maxLength: 2 }),
  }),
);
export const identifier = fc.record({
  type: one([{ coding: [{ system: TYPES, code: 'MR' }], text: 'Record number' }, undefined]),
  system: one(['urn:a', 'urn:b', undefined]),
  value: one(['1', '2', '3']),
});
export const concept = (system: string, codes: readonly string[]) =>
  fc.record({
    coding: fc.array(
      fc.record({
        system: one([system, 'urn:local']),
        code: one(codes),
        display: one(['Hep B', 'Größe', undefined]),
      }),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
    text: one(['Hepatitis', 'polio', undefined]),
  });
const providerStatus = fc.tuple(one(ORGANIZATIONS), one(['A', 'I'])).map(([organization, code]) => ({
  url: `${OWN}provider-status`,
  extension: [
    { url: 'organization', valueReference: { reference: `Organization/${organization}` } },
    { url: 'status', valueCodeableConcept: { coding: [{ system: 'urn:status', code }] } },
  ],
}));

/** An extension of US Core that has codes of race or ethnicity. */
const ofOrigin = (name: string, codes: readonly string[]) =>
  one(codes).map((code) => ({
    url: `http://hl7.org/fhir/us/core/StructureDefinition/us-core-${name}`,
    extension: [
      { url: 'ombCategory', valueCoding: { system: RACE, code } },
      { url: 'text', valueString: code },
    ],
  }));
const maidenName = one(['Nguyễn', "O'Hara"]).map((valueString) => ({
  url: 'http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName',
  valueString,
}));
const registryStatus = concept('urn:status', ['A', 'I']).map((valueCodeableConcept) => ({
  url: `${OWN}registry-status`,
  extension: [{ url: 'status', valueCodeableConcept }],
}));
const extension = fc.oneof(
  { weight: 3, arbitrary: providerStatus },
  ofOrigin('race', ['2106-3', '2108-9']),
  ofOrigin('ethnicity', ['2135-2', '2186-5']),
  maidenName,
  registryStatus,
);

export const patient = record({
  resourceType: fc.constant('Patient'),
  meta,
  extension: some(extension, 4),
  identifier: some(identifier),
  active: maybe(fc.boolean()),
  name: some(
    fc.record({
      family: maybe(one(FAMILIES)),
      given: some(one(GIVEN)),
      prefix: maybe(fc.constant(['Dr.'])),
      text: maybe(one(['Anita', 'the Smiths'])),
    }),
  ),
  telecom: some(fc.record({ system: one(['phone', 'email']), value: one(['555-1', 'a@b.example']) })),
  gender: maybe(one(['female', 'male'])),
  birthDate: maybe(one(DAYS)),
  deceasedDateTime: maybe(one([...DAYS, ...TIMES])),
  address: some(
    fc.record({
      line: maybe(fc.constant(['12 Main St.'])),
      city: maybe(one(CITIES)),
      state: one(['OR', 'WA']),
      country: maybe(one(['US', 'Österreich'])),
      postalCode: maybe(one(['97301', '97301-1234'])),
      use: maybe(one(['home', 'old'])),
    }),
  ),
  multipleBirthInteger: maybe(fc.integer({ min: 1, max: 3 })),
  communication: some(concept('urn:ietf:bcp:47', ['en', 'vi']).map((language) => ({ language }))),
  generalPractitioner: some(one(ORGANIZATIONS).map((id) => ({ reference: `Organization/${id}` }))),
  link: some(
    one(['p1', 'p2', 'p3']).map((id) => ({ other: { reference: `Patient/${id}` }, type: 'seealso' })),
  ),
  managingOrganization: maybe(one(ORGANIZATIONS).map((id) => ({ reference: `Organization/${id}` }))),
});

export const PATIENTS = Array.from({ length: 12 }, (_, at) => `p${at}`);
export const aPatient = one(PATIENTS).map((id) => ({ reference: `Patient/${id}` }));
