/**
 * PD1-12 as a Consent: Y objects to sharing, N permits it, and nothing says nothing. One for each organisation and
 * person, because a sender can only change what it said itself.
 */
import type { Consent } from '@medplum/fhirtypes';
import { OWN } from '../terminology/tables.ts';
import type { EventNumber } from './mapping/order.ts';
import type { Reading } from './mapping/patient.ts';
import { pd1Date } from './mapping/pd1.ts';
import { coding, LOINC } from './mapping/systems.ts';
import type { Segment } from './message.ts';

export const PROTECTION_NUMBERS = `${OWN}sid/v2-protection`;
const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const SCOPE = 'http://terminology.hl7.org/CodeSystem/consentscope';

export type Directive = Omit<Consent, 'patient' | 'identifier'>;

/** The directive that a PD1 brings; undefined where it says nothing. */
export function directiveOf(reading: Reading, pd1: Segment, sentOn: string): Directive | undefined {
  const sent = pd1.value(12).toUpperCase();
  if (sent === '') return undefined;
  if (sent !== 'Y' && sent !== 'N') {
    reading.findings.report('protection-unrecognized', pd1, { field: 12 });
    return undefined;
  }
  const isProtected = sent === 'Y';
  const said = pd1Date(reading, pd1, 13) ?? sentOn;
  return {
    resourceType: 'Consent',
    status: 'active',
    scope: { coding: [coding(SCOPE, 'patient-privacy', 'Privacy Consent')] },
    category: [{ coding: [coding(LOINC, '59284-0', 'Patient Consent')] }],
    dateTime: said,
    organization: [{ reference: reading.organization }],
    policyRule: {
      coding: [isProtected ? coding(ACT_CODE, 'OPTOUT', 'opt-out') : coding(ACT_CODE, 'OPTIN', 'opt-in')],
    },
    provision: { type: isProtected ? 'deny' : 'permit' },
  };
}

export const protectionNumber = (organization: string, person: string): EventNumber => ({
  system: PROTECTION_NUMBERS,
  value: `${organization.replace('Organization/', '')}.${person}`,
});
