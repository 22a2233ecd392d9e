/** Resources of the tests: valid ones, to which a test adds what matters to it. */

export const MRN = 'http://clinic.example.org/mrn';

/** A patient of the registry. */
export const patient = (more: object = {}): object => ({
  resourceType: 'Patient',
  name: [{ family: 'Marković', given: ['Ana'] }],
  gender: 'unknown',
  birthDate: '2015-03-01',
  ...more,
});

/** A patient with one identifier. */
export const patientWith = (value: string, more: object = {}): object =>
  patient({ identifier: [{ system: MRN, value }], ...more });

/** A dose of a patient. */
export const dose = (patientId: string, more: object = {}): object => ({
  resourceType: 'Immunization',
  status: 'completed',
  vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '08' }] },
  patient: { reference: `Patient/${patientId}` },
  occurrenceDateTime: '2024-03-01',
  ...more,
});

export const organization = (more: object = {}): object => ({
  resourceType: 'Organization',
  active: true,
  name: 'Riverside Clinic',
  ...more,
});
