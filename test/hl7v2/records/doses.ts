/** Doses and observations as the registry holds them, with every field that messages carry. */
import type { CodeableConcept, Identifier, Immunization, Observation } from '@medplum/fhirtypes';
import fc from 'fast-check';
import {
  ORGANIZATION,
  OWN,
  HL7,
  table,
  SNOMED,
  some,
  text,
  day,
  instant,
  coded,
  concept,
  inSet,
} from './values.ts';

const CVX = 'http://hl7.org/fhir/sid/cvx';
const vaccine = fc.constantFrom<CodeableConcept>(
  {
    coding: [
      { system: CVX, code: '20' },
      { system: 'http://hl7.org/fhir/sid/ndc', code: '49281-0286-10' },
    ],
  },
  { coding: [{ system: CVX, code: '03' }], text: 'what the vial said ^ & |' },
  { coding: [{ system: CVX, code: '21' }] },
);
const numbers = fc.tuple(fc.integer({ min: 1, max: 1e6 }), fc.boolean()).map(([value, isPlaced]) => [
  {
    type: { coding: [{ system: table('0203'), code: 'FILL' }] },
    system: `${OWN}sid/v2-dose/RIVER/${encodeURIComponent(`${OWN}sid/authority/EHR1`)}`,
    value: `D${value}`,
    assigner: { display: 'EHR1', reference: ORGANIZATION },
  },
  ...(isPlaced
    ? [
        {
          type: { coding: [{ system: table('0203'), code: 'PLAC' }] },
          system: 'urn:oid:1.2.3.4',
          value: 'P1',
          assigner: { display: 'OFFICE' },
        },
      ]
    : []),
]);
const performers = fc
  .uniqueArray(fc.constantFrom<string>('ap', 'op', 'ep'), { maxLength: 3 })
  .map((roles) => ['ap', 'op', 'ep'].filter((role) => roles.includes(role)));
const people = performers.map((roles) =>
  roles.length === 0
    ? {}
    : {
        contained: roles.map((id) => ({
          resourceType: 'Practitioner' as const,
          id,
          identifier: [
            { system: 'http://hl7.org/fhir/sid/us-npi', value: '1234567893', assigner: { display: 'NPI' } },
          ],
          name: [{ family: 'Nurse', given: ['Ann', 'B'], suffix: ['JR', 'RN'], prefix: ['Ms'] }],
        })),
        performer: roles.map((id) => ({
          function: { coding: [{ system: table('0443'), code: id.toUpperCase() }] },
          actor: { reference: `#${id}` },
        })),
      },
);

const source = fc.oneof(
  fc.constant({ primarySource: true }),
  fc.constantFrom(...inSet('information-source').filter((code) => code !== '00')).map((code) => ({
    primarySource: false,
    reportOrigin: { coding: [{ system: 'urn:oid:2.16.840.1.114222.4.5.293', code }] },
  })),
);
const statement = fc
  .tuple(fc.constantFrom('253088698300003511070517', '253088698300015811080121'), fc.option(day))
  .map(([documentType, presentationDate]) => ({
    documentType,
    publicationDate: documentType.endsWith('070517') ? '2007-05-17' : '2008-01-21',
    ...(presentationDate !== null && { presentationDate }),
  }));
const given = fc
  .tuple(
    source,
    fc.boolean().map((isPartial) =>
      isPartial
        ? {
            isSubpotent: true,
            subpotentReason: [
              { coding: [{ system: `${HL7}immunization-subpotent-reason`, code: 'partial' }] },
            ],
          }
        : {},
    ),
    some({
      doseQuantity: fc
        .constantFrom(0.5, 1, 0.25)
        .map((value) => ({ value, unit: 'mL', system: 'http://unitsofmeasure.org', code: 'mL' })),
      lotNumber: text,
      expirationDate: day,
      manufacturer: fc
        .constantFrom('PMC', 'MSD')
        .map((value) => ({ identifier: { system: 'http://hl7.org/fhir/sid/mvx', value } })),
      route: concept(table('0162'), 'IM', 'SC', 'PO'),
      site: concept(table('0163'), 'LT', 'RA', 'LD'),
      programEligibility: fc
        .constantFrom('V01', 'V02', 'V03', 'V04', 'V05', 'V06', 'V07', 'V08', 'AKA01')
        .map((code) => [{ coding: [{ system: table('0064'), code }] }]),
      fundingSource: concept('urn:oid:2.16.840.1.114222.4.5.274', 'VXC50', 'VXC51', 'PHC70'),
      education: fc.uniqueArray(statement, {
        minLength: 1,
        maxLength: 2,
        selector: ({ documentType }) => documentType,
      }),
    }),
  )
  .map(([told, partial, more]) => ({ status: 'completed' as const, ...told, ...partial, ...more }));
const NIP002 = `${OWN}CodeSystem/v2-nip002`;
const refused = fc.constantFrom<CodeableConcept>(
  { coding: [{ system: NIP002, code: '00' }] },
  { coding: [{ system: NIP002, code: '01' }] },
  { coding: [{ system: NIP002, code: '02' }], text: 'Out of town | today' },
  {
    coding: [
      { system: `${HL7}v3-ActReason`, code: 'PHILISOP' },
      { system: NIP002, code: '02' },
    ],
  },
);
const notGiven = fc.option(refused).map((statusReason) => ({
  status: 'not-done' as const,
  ...(statusReason !== null && { statusReason }),
}));

export const dose: fc.Arbitrary<Immunization> = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.tuple(numbers, given) },
      fc.tuple(fc.constant<Identifier[]>([]), notGiven),
    ),
    people,
    vaccine,
    fc.oneof(day, instant),
    some({
      recorded: instant,
      note: fc
        .array(text, { minLength: 1, maxLength: 2 })
        .map((notes) => notes.map((each) => ({ text: each }))),
      location: fc.constant({
        identifier: { system: `${OWN}sid/authority/RIVER-1`, value: 'RIVER-1' },
        display: 'RIVER-1',
      }),
      meta: coded(`${HL7}v3-Confidentiality`, 'R', 'V', 'N').map((each) => ({ security: [each] })),
    }),
  )
  .map(([[identifier, told], who, vaccineCode, occurrenceDateTime, more]) => ({
    resourceType: 'Immunization' as const,
    patient: { reference: 'Patient/p' },
    ...(identifier.length > 0 && { identifier }),
    vaccineCode,
    occurrenceDateTime,
    ...told,
    ...who,
    ...more,
  }));

const LOINC = 'http://loinc.org';
const kind = (code: string) => ({ code: { coding: [{ system: LOINC, code }] } });
const on = fc.oneof(day, instant).map((effectiveDateTime) => ({ effectiveDateTime }));
const state = fc.constantFrom<Observation['status']>('final', 'preliminary', 'corrected');
export const observation: fc.Arbitrary<Observation> = fc
  .tuple(
    fc.oneof(
      fc
        .tuple(concept(SNOMED, '38907003', '66071002', '14189004'), on)
        .map(([valueCodeableConcept, when]) => ({
          ...kind('59784-9'),
          valueCodeableConcept,
          ...when,
        })),
      fc
        .tuple(
          concept(SNOMED, '91930004', '293104008'),
          fc.oneof(
            on,
            day.map((start) => ({ effectivePeriod: { start, end: '2026-11-01' } })),
          ),
        )
        .map(([valueCodeableConcept, when]) => ({ ...kind('30945-0'), valueCodeableConcept, ...when })),
      fc.tuple(fc.constantFrom(1.5, 8, 120), on).map(([value, when]) => ({
        ...kind('75505-8'),
        valueQuantity: { value, unit: 'mIU/mL' },
        ...when,
      })),
      fc.tuple(text, on).map(([valueString, when]) => ({ ...kind('31044-1'), valueString, ...when })),
    ),
    state,
  )
  .map(([told, is]) => ({
    resourceType: 'Observation' as const,
    status: is,
    subject: { reference: 'Patient/p' },
    ...told,
  }));
