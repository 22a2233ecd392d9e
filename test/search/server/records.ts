/** Generated records of the people: doses, findings and directives. */
import fc from 'fast-check';
import type { Kept } from '../specification/finds.ts';
import {
  aPatient,
  clean,
  CODES,
  CONFIDENTIALITY,
  concept,
  CVX,
  DAYS,
  DISEASE,
  identifier,
  maybe,
  meta,
  one,
  ORGANIZATIONS,
  patient,
  PATIENTS,
  REASON,
  record,
  some,
  TIMES,
} from './people.ts';

/** An identifier of whoever reported the dose. */
const reported = fc.tuple(identifier, maybe(one(ORGANIZATIONS))).map(([it, id]) => ({
  ...it,
  ...(id !== undefined && { assigner: { reference: `Organization/${id}` } }),
}));

const dose = record({
  resourceType: fc.constant('Immunization'),
  meta,
  identifier: some(reported),
  status: one(['completed', 'not-done']),
  statusReason: maybe(concept('urn:reason', ['immune', 'refused'])),
  vaccineCode: concept(CVX, CODES),
  patient: aPatient,
  occurrenceDateTime: maybe(one([...DAYS, ...TIMES])),
  primarySource: maybe(fc.boolean()),
  reportOrigin: maybe(concept('urn:origin', ['record', 'recall'])),
  location: maybe(one(['l1', 'l2']).map((id) => ({ reference: `Location/${id}` }))),
  reasonCode: some(concept('urn:reason', ['travel', 'job'])),
  reasonReference: some(
    one(['Observation/v1', 'Observation/v2', 'Condition/k1']).map((reference) => ({ reference })),
  ),
  manufacturer: maybe(
    one([{ identifier: { system: 'urn:mvx', value: 'PFR' } }, { reference: 'Organization/o1' }]),
  ),
  lotNumber: maybe(one(['AB12', 'ab-13', 'C1'])),
  performer: some(one(ORGANIZATIONS).map((id) => ({ actor: { reference: `Organization/${id}` } }))),
  reaction: some(
    fc.record({
      date: one([...DAYS, ...TIMES]),
      detail: maybe(one(['v1', 'v2']).map((id) => ({ reference: `Observation/${id}` }))),
    }),
  ),
  protocolApplied: some(
    fc.record({
      series: maybe(one(['Hep B', 'Polio'])),
      targetDisease: some(concept(DISEASE, ['66071002', '14189004'])),
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

const consent = record({
  resourceType: fc.constant('Consent'),
  meta,
  identifier: fc.option(
    identifier.map((each) => [each]),
    { nil: undefined },
  ),
  status: one(['active', 'inactive']),
  scope: concept('urn:scope', ['a', 'b']),
  category: fc.array(concept('urn:category', ['c', 'd']), { minLength: 1, maxLength: 2 }),
  patient: aPatient,
  dateTime: maybe(one([...DAYS, ...TIMES])),
  performer: some(one(PATIENTS).map((id) => ({ reference: `Patient/${id}` }))),
  organization: some(one(ORGANIZATIONS).map((id) => ({ reference: `Organization/${id}` }))),
  sourceReference: maybe(one(['Consent/c1', 'DocumentReference/x1']).map((reference) => ({ reference }))),
  provision: maybe(
    fc.record({
      period: maybe(period),
      action: some(concept('urn:action', ['e', 'f'])),
      purpose: some(
        fc.record({ system: one([REASON, 'urn:local']), code: one(['TREAT', 'CLINTRL', 'HPAYMT']) }),
      ),
      securityLabel: some(fc.record({ system: one([CONFIDENTIALITY, 'urn:local']), code: one(['N', 'R']) })),
      data: some(
        fc.record({
          meaning: fc.constant('instance'),
          reference: one(['Immunization/d1', 'Observation/v1']).map((reference) => ({ reference })),
        }),
      ),
      actor: some(
        fc.record({
          role: fc.constant({ text: 'recipient' }),
          reference: one(ORGANIZATIONS).map((id) => ({ reference: `Organization/${id}` })),
        }),
      ),
    }),
  ),
});

/** A population, the same for the same seed. */
export function population(seed: number): readonly Kept[] {
  const sample = (arbitrary: fc.Arbitrary<Kept>, prefix: string, numRuns: number): readonly Kept[] =>
    fc.sample(arbitrary, { seed, numRuns }).map((body, at) => ({ ...body, id: `${prefix}${at}` }));
  return [
    ...sample(patient, 'p', PATIENTS.length),
    ...sample(dose, 'd', 40),
    ...sample(observation, 'v', 30),
    ...sample(consent, 'c', 25),
  ];
}
