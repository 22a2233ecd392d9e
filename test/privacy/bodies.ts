/** What the probes send. */
import { SYSTEM } from './findings.ts';
import type { Known } from './generate.ts';

export type Named = Pick<Known, 'id' | 'identifier' | 'family' | 'given' | 'birthDate' | 'task'>;

export const FHIRPATH_PATCH = {
  resourceType: 'Parameters',
  parameter: [
    {
      name: 'operation',
      part: [
        { name: 'type', valueCode: 'delete' },
        { name: 'path', valueString: 'Patient.name.where(family = %context)' },
      ],
    },
  ],
};

export const body = ({ family, given, birthDate, identifier }: Named, id?: string): object => ({
  resourceType: 'Patient',
  ...(id !== undefined && { id }),
  identifier: [{ system: SYSTEM, value: identifier }],
  name: [{ family, given: [given] }],
  birthDate,
});

export const dose = (patient: object): object => ({
  resourceType: 'Immunization',
  status: 'completed',
  vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '140' }] },
  patient,
  occurrenceDateTime: '2024-03-01',
});

export const directive = (patient: string): object => ({
  resourceType: 'Consent',
  status: 'active',
  scope: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
  },
  category: [
    { coding: [{ system: 'https://fhir-iis.org/fhir/CodeSystem/directive', code: 'limited-opt-out' }] },
  ],
  patient: { reference: `Patient/${patient}` },
  policy: [{ uri: 'https://fhir-iis.org/policy' }],
});

export const merge = (from: string, into: string): object => ({
  resourceType: 'Parameters',
  parameter: [
    { name: 'source-patient', valueReference: { reference: `Patient/${from}` } },
    { name: 'target-patient', valueReference: { reference: `Patient/${into}` } },
  ],
});
