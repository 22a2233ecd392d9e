/** Generated resources of three types that have much in common. */
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
export const CODES = ['03', '08', '10', '207'];
export const ORGANIZATIONS = ['o1', 'o2'];
export const URLS = ['http://a.example/fhir/x', 'http://a.example/fhir', 'http://b.example/fhir/x/1'];
export const CITIES = ['Königsberg', 'Konigsburg', 'Salem'];

export const one = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const some = <T>(value: fc.Arbitrary<T>, maxLength = 2): fc.Arbitrary<T[] | undefined> =>
  fc.option(fc.array(value, { minLength: 1, maxLength }), { nil: undefined, freq: 4 });
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 3 });

/** Without what is undefined: it would not be in JSON either. */
const clean = (resource: object): Kept => JSON.parse(JSON.stringify(resource)) as Kept;

const record = (shape: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Kept> =>
  fc.record(shape).map(clean);

const meta = maybe(
  fc.record({
    tag: fc.array(fc.record({ system: one(['urn:t', 'urn:u']), code: one(['a', 'b']) }), {
      minLength: 1,
      maxLength: 2,
    }),
    source: one(URLS),
    profile: fc.array(one(URLS), { minLength: 1, maxLength: 2 }),
  }),
);
const identifier = fc.record({
  type: one([{ coding: [{ system: TYPES, code: 'MR' }], text: 'Record number' }, undefined]),
  system: one(['urn:a', 'urn:b', undefined]),
  value: one(['1', '2', '3']),
});
const concept = (system: string, codes: readonly string[]) =>
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

const patient = record({
  resourceType: fc.constant('Patient'),
  meta,
  extension: some(providerStatus),
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
    }),
  ),
  multipleBirthInteger: maybe(fc.integer({ min: 1, max: 3 })),
  managingOrganization: maybe(one(ORGANIZATIONS).map((id) => ({ reference: `Organization/${id}` }))),
});

export const PATIENTS = Array.from({ length: 12 }, (_, at) => `p${at}`);
const aPatient = one(PATIENTS).map((id) => ({ reference: `Patient/${id}` }));

const dose = record({
  resourceType: fc.constant('Immunization'),
  meta,
  identifier: some(identifier),
  status: one(['completed', 'not-done']),
  vaccineCode: concept(CVX, CODES),
  patient: aPatient,
  occurrenceDateTime: maybe(one([...DAYS, ...TIMES])),
  primarySource: maybe(fc.boolean()),
  manufacturer: maybe(
    one([{ identifier: { system: 'urn:mvx', value: 'PFR' } }, { reference: 'Organization/o1' }]),
  ),
  lotNumber: maybe(one(['AB12', 'ab-13', 'C1'])),
  performer: some(one(ORGANIZATIONS).map((id) => ({ actor: { reference: `Organization/${id}` } }))),
  reaction: some(fc.record({ date: one([...DAYS, ...TIMES]) })),
  protocolApplied: some(
    fc.record({
      series: maybe(one(['Hep B', 'Polio'])),
      doseNumberPositiveInt: fc.integer({ min: 1, max: 4 }),
    }),
  ),
});

const quantity = fc.record({
  value: one([1, 2, 2.5, 10, 100]),
  unit: one(['mg', 'x']),
  system: one(['http://unitsofmeasure.org', undefined]),
  code: one(['mg', undefined]),
});
const period = fc
  .record({ start: maybe(one(DAYS)), end: maybe(one(['2021', '2022-02-20', '2030'])) })
  .filter(({ start, end }) => start !== undefined || end !== undefined);

const observation = fc
  .tuple(
    record({
      resourceType: fc.constant('Observation'),
      meta,
      status: one(['final', 'amended']),
      code: concept('http://loinc.org', ['1', '2']),
      subject: aPatient,
      component: some(fc.record({ code: concept('http://loinc.org', ['1', '3']), valueQuantity: quantity })),
    }),
    maybe(
      fc.oneof(
        one(DAYS).map((effectiveDateTime) => ({ effectiveDateTime })),
        period.map((effectivePeriod) => ({ effectivePeriod })),
      ),
    ),
    maybe(
      fc.oneof(
        quantity.map((valueQuantity) => ({ valueQuantity })),
        concept('urn:value', ['y', 'n']).map((valueCodeableConcept) => ({ valueCodeableConcept })),
        one(['Positive', 'neg.']).map((valueString) => ({ valueString })),
        one(DAYS).map((valueDateTime) => ({ valueDateTime })),
      ),
    ),
  )
  .map(([body, when, value]) => clean({ ...body, ...when, ...value }));

/** A population, the same for the same seed. */
export function population(seed: number): readonly Kept[] {
  const sample = (arbitrary: fc.Arbitrary<Kept>, prefix: string, numRuns: number): readonly Kept[] =>
    fc.sample(arbitrary, { seed, numRuns }).map((body, at) => ({ ...body, id: `${prefix}${at}` }));
  return [
    ...sample(patient, 'p', PATIENTS.length),
    ...sample(dose, 'd', 40),
    ...sample(observation, 'v', 30),
  ];
}
