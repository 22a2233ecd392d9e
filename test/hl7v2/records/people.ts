/** Patients and guardians as the registry holds them, with every field that messages carry. */
import type {
  Address,
  Extension,
  HumanName,
  Organization,
  Patient,
  Practitioner,
  Reference,
  RelatedPerson,
} from '@medplum/fhirtypes';
import fc from 'fast-check';
import { ORGANIZATION, OWN, FHIR, US_CORE, table, some, text, word, day, inSet } from './values.ts';

const name = (use: HumanName['use'] & {}): fc.Arbitrary<HumanName> =>
  fc
    .tuple(
      word,
      fc.array(word, { minLength: 1, maxLength: 2 }),
      some({
        prefix: fc.constant<string[]>(['Dr']),
        suffix: fc.constantFrom<string[]>(['JR'], ['III', 'MD']),
      }),
    )
    .map(([family, given, more]) => ({ use, family, given, ...more }));

const address: fc.Arbitrary<Address> = fc
  .tuple(
    fc.constantFrom(
      { use: 'home' as const },
      { use: 'work' as const },
      { use: 'temp' as const },
      { use: 'billing' as const },
      { type: 'postal' as const },
    ),
    some({
      line: fc.array(text, { minLength: 1, maxLength: 2 }),
      district: fc.constant('30031'),
      state: fc.constant('MT'),
      postalCode: fc.constant('59715'),
      country: fc.constant('USA'),
      period: some({ start: day, end: day }).filter((each) => Object.keys(each).length > 0),
    }),
  )
  .map(([kind, more]) => ({ ...kind, city: 'Bozeman', ...more }));

const telecom = fc.oneof(
  fc.record({
    system: fc.constant('email' as const),
    value: fc.constantFrom('a@example.org', 'b.c@example.com'),
  }),
  fc.record({
    system: fc.constant('phone' as const),
    value: fc.constantFrom('406-555-0123', '+44 20 7946 0000', '555-0199'),
    use: fc.constantFrom('home' as const, 'work' as const, 'mobile' as const, 'temp' as const),
  }),
  fc.record({
    system: fc.constantFrom('fax' as const, 'pager' as const),
    value: fc.constant('406-555-0177'),
  }),
);

const CDCREC = 'urn:oid:2.16.840.1.113883.6.238';
const extension = (url: string, value: object): Extension => ({ url, ...value });
const race = fc
  .uniqueArray(fc.constantFrom('1002-5', '2028-9', '2054-5', '2106-3', '2034-7'), {
    minLength: 1,
    maxLength: 3,
  })
  .map((codes) =>
    extension(`${US_CORE}race`, {
      extension: codes.map((code) => ({
        url: code === '2034-7' ? 'detailed' : 'ombCategory',
        valueCoding: { system: CDCREC, code },
      })),
    }),
  );
const ethnicity = fc
  .constantFrom(['2186-5'], ['2135-2'], ['2135-2', '2148-5'])
  .map(([category = '', detail]) =>
    extension(`${US_CORE}ethnicity`, {
      extension: [
        { url: 'ombCategory', valueCoding: { system: CDCREC, code: category } },
        ...(detail === undefined ? [] : [{ url: 'detailed', valueCoding: { system: CDCREC, code: detail } }]),
      ],
    }),
  );
const recall = fc.tuple(fc.constantFrom(...inSet('publicity')), fc.option(day)).map(([code, date]) =>
  extension(`${OWN}StructureDefinition/reminder-recall`, {
    extension: [
      {
        url: 'code',
        valueCodeableConcept: { coding: [{ system: `${OWN}CodeSystem/reminder-recall`, code }] },
      },
      ...(date === null ? [] : [{ url: 'date', valueDate: date }]),
    ],
  }),
);
const status = fc.tuple(fc.constantFrom(...inSet('registry-status')), fc.option(day)).map(([code, date]) =>
  extension(`${OWN}StructureDefinition/provider-status`, {
    extension: [
      { url: 'status', valueCodeableConcept: { coding: [{ system: table('0441'), code }] } },
      ...(date === null ? [] : [{ url: 'date', valueDate: date }]),
      { url: 'organization', valueReference: { reference: ORGANIZATION } },
    ],
  }),
);
const birthPlace = fc
  .constantFrom<Address>({ text: 'General Hospital' }, { city: 'Oaxaca', country: 'MEX' }, { country: 'CAN' })
  .map((valueAddress) => extension(`${FHIR}patient-birthPlace`, { valueAddress }));
const maiden = word.map((valueString) => extension(`${FHIR}patient-mothersMaidenName`, { valueString }));

/** Each or none of them, in their order. */
const each = <T>(...all: readonly fc.Arbitrary<T>[]): fc.Arbitrary<T[]> =>
  fc
    .tuple(...all.map((one) => fc.option(one)))
    .map((told) => told.filter((one): one is T & {} => one !== null));

const number = (type: string, authority: string, value: string) => ({
  type: { coding: [{ system: table('0203'), code: type }] },
  system: `${OWN}sid/authority/${authority}`,
  value,
  assigner: { display: authority },
});
const practices = each<Reference<Organization | Practitioner>>(
  fc.constant({ type: 'Organization' as const, identifier: { value: '77' }, display: 'Elm & Oak Clinic' }),
  fc.constant({ type: 'Practitioner' as const, display: 'Mary Pediatric' }),
);

export const patient: fc.Arbitrary<Patient> = fc
  .tuple(
    fc.tuple(name('official'), fc.array(fc.oneof(name('maiden'), name('nickname')), { maxLength: 2 })),
    each(race, ethnicity, maiden, birthPlace, recall, status),
    fc.oneof(
      fc.constant({}),
      fc.boolean().map((multipleBirthBoolean) => ({ multipleBirthBoolean })),
      fc.integer({ min: 1, max: 4 }).map((multipleBirthInteger) => ({ multipleBirthInteger })),
    ),
    fc.oneof(
      fc.constant({}),
      fc.boolean().map((deceasedBoolean) => ({ deceasedBoolean })),
      fc.constantFrom('2026-11-02', '2026-11').map((deceasedDateTime) => ({ deceasedDateTime })),
    ),
    fc.option(fc.constant('2014-05-06T03:04:05-06:00')),
    some({
      telecom: fc.array(telecom, { minLength: 1, maxLength: 3 }),
      address: fc.array(address, { minLength: 1, maxLength: 2 }),
      generalPractitioner: practices.filter((all) => all.length > 0),
      communication: fc
        .constantFrom('es', 'en', 'vi')
        .map((code) => [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code }] }, preferred: true }]),
    }),
    fc.constantFrom('female' as const, 'male' as const, 'other' as const, 'unknown' as const),
  )
  .map(([[legal, others], extensions, birth, death, time, more, gender]) => ({
    resourceType: 'Patient' as const,
    identifier: [number('MR', 'RIVER', 'A|1'), number('MA', 'STATE', '22')],
    name: [legal, ...others],
    gender,
    birthDate: '2014-05-06',
    ...(time !== null && {
      _birthDate: { extension: [{ url: `${FHIR}patient-birthTime`, valueDateTime: time }] },
    }),
    ...birth,
    ...death,
    ...(extensions.length > 0 && { extension: extensions }),
    ...more,
  }));

export const guardian: fc.Arbitrary<RelatedPerson> = fc
  .tuple(
    name('official'),
    fc.constantFrom('MTH', 'FTH', 'GRD', 'OTH'),
    some({
      telecom: fc.array(telecom, { minLength: 1, maxLength: 2 }),
      address: fc.array(address, { minLength: 1, maxLength: 1 }),
    }),
  )
  .map(([said, code, more]) => ({
    resourceType: 'RelatedPerson' as const,
    active: true,
    patient: { reference: 'Patient/p' },
    relationship: [{ coding: [{ system: table('0063'), code }] }],
    name: [said],
    ...more,
  }));
