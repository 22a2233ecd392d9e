/** Resources that are as they should be, for tests to break in one place each. */
import { parseJson } from '../../src/fhir/json.ts';

const patient = {
  resourceType: 'Patient',
  identifier: [{ system: 'http://example.org/mrn', value: 'A-1' }],
  name: [{ use: 'official', family: 'Roe', given: ['Ana'] }],
  birthDate: '2019-02-03',
};

const immunization = {
  resourceType: 'Immunization',
  id: 'dose-1',
  meta: { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-immunization'] },
  identifier: [{ system: 'http://example.org/doses', value: 'D-1' }],
  status: 'completed',
  vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '140' }], text: 'Influenza' },
  patient: { reference: 'Patient/p1' },
  occurrenceDateTime: '2024-01-02T10:00:00-05:00',
  primarySource: true,
  lotNumber: 'UT1234AA',
  expirationDate: '2024-06-30',
  site: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActSite', code: 'LA' }] },
  doseQuantity: { value: 0.5, unit: 'mL', system: 'http://unitsofmeasure.org', code: 'mL' },
  performer: [{ actor: { reference: 'Organization/o1' } }],
  note: [{ text: 'Tolerated well' }],
  protocolApplied: [{ doseNumberPositiveInt: 1 }],
};

export type Changes = Readonly<Record<string, unknown>>;

/** A sound Immunization with some properties replaced, or taken away by `undefined`. */
export function anImmunization(changes: Changes = {}): unknown {
  return JSON.parse(JSON.stringify({ ...immunization, ...changes }));
}

/** A sound Patient with some properties replaced, or taken away by `undefined`. */
export function aPatient(changes: Changes = {}): unknown {
  return JSON.parse(JSON.stringify({ ...patient, ...changes }));
}

/** A sound Immunization with the digits of its dose as they are written here. */
export function anImmunizationOf(dose: string): unknown {
  return parseJson(JSON.stringify(immunization).replace('"value":0.5', `"value":${dose}`));
}
