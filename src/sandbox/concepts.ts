/** Codes as FHIR writes them, with the systems the sandbox uses. */
import type { CodeableConcept, Coding } from '@medplum/fhirtypes';

const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';

export const SYSTEM = {
  cvx: 'http://hl7.org/fhir/sid/cvx',
  mvx: 'http://hl7.org/fhir/sid/mvx',
  ndc: 'http://hl7.org/fhir/sid/ndc',
  ssn: 'http://hl7.org/fhir/sid/us-ssn',
  npi: 'http://hl7.org/fhir/sid/us-npi',
  ucum: 'http://unitsofmeasure.org',
  loinc: 'http://loinc.org',
  snomed: 'http://snomed.info/sct',
  cdcrec: 'urn:oid:2.16.840.1.113883.6.238',
  phin: 'urn:oid:2.16.840.1.114222.4.5.274',
  language: 'urn:ietf:bcp:47',
  identifierType: `${TERMINOLOGY}/v2-0203`,
  route: `${TERMINOLOGY}/v2-0162`,
  bodySite: `${TERMINOLOGY}/v2-0163`,
  function: `${TERMINOLOGY}/v2-0443`,
  eligibility: `${TERMINOLOGY}/v2-0064`,
  actReason: `${TERMINOLOGY}/v3-ActReason`,
  roleCode: `${TERMINOLOGY}/v3-RoleCode`,
  origin: `${TERMINOLOGY}/immunization-origin`,
  funding: `${TERMINOLOGY}/immunization-funding-source`,
  organizationType: `${TERMINOLOGY}/organization-type`,
  allergyClinical: `${TERMINOLOGY}/allergyintolerance-clinical`,
  allergyVerification: `${TERMINOLOGY}/allergyintolerance-verification`,
  observationCategory: `${TERMINOLOGY}/observation-category`,
} as const;

export type SystemName = keyof typeof SYSTEM;

/** A code with the name its system gives it; left out where systems in use disagree about the name. */
export function coding(system: SystemName, code: string, display?: string): Coding {
  return { system: SYSTEM[system], code, ...(display !== undefined && { display }) };
}

/** A concept of one code. */
export function concept(system: SystemName, code: string, display?: string): CodeableConcept {
  return { coding: [coding(system, code, display)] };
}
