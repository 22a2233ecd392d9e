/** Under which systems and references the resources of the sandbox know each other; `.example` is reserved and nobody's (RFC 2606). */
import type { Identifier } from '@medplum/fhirtypes';

const BASE = 'https://sandbox.example';

/** Types whose resources are made once for the world and referred to from every person's bundle. */
export type SharedType = 'Organization' | 'Location' | 'Practitioner';

/** How a person's resources refer to shared ones: a reference for the type and the key. */
export type Refer = (type: SharedType, key: string) => string;

/** The business identifier of a shared resource. */
export function sharedIdentifier(
  type: SharedType | 'PractitionerRole',
  key: string,
): Required<Pick<Identifier, 'system' | 'value'>> {
  return { system: `${BASE}/${type.toLowerCase()}`, value: key };
}

/**
 * Refers by condition (https://hl7.org/fhir/R4/http.html#transaction, conditional references), so that a bundle
 * can be posted anywhere the shared resources are, whatever ids they got there.
 */
export const byCondition: Refer = (type, key) => {
  const { system, value } = sharedIdentifier(type, key);
  return `${type}?identifier=${system}|${value}`;
};

/** The system of an organisation's medical record numbers. */
export const mrnSystem = (organization: string): string => `${BASE}/mrn/${organization}`;

/** The system under which an organisation numbers the doses it reports. */
export const doseSystem = (organization: string): string => `${BASE}/dose/${organization}`;
