/**
 * The words of audit events: codes of DICOM, HL7 and IHE (Basic Audit Log Patterns), and those of our own
 * (profiles/code-systems/audit.json) where nobody else has one.
 */
import type { AuditEvent, Coding } from '@medplum/fhirtypes';
import type { Interaction } from '../core/context.ts';
import { systemOfPurpose } from '../policy/purposes.ts';

const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const dcm = (code: string, display: string): Coding => ({ system: DCM, code, display });
const own = (code: string): Coding => ({ system: 'https://fhir-iis.org/fhir/CodeSystem/audit', code });

export const REST: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
  code: 'rest',
  display: 'RESTful Operation',
};
export const interactionWord = (code: Interaction): Coding => ({
  system: 'http://hl7.org/fhir/restful-interaction',
  code,
});
export const purposeWord = (code: string): Coding => ({
  system: systemOfPurpose(code),
  code,
});

/** Who takes part. Of a read the server is the source and the client the destination, of all else it is the other way round. */
export const SOURCE = dcm('110153', 'Source Role ID');
export const DESTINATION = dcm('110152', 'Destination Role ID');
export const APPLICATION = dcm('110150', 'Application');
export const RECIPIENT: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
  code: 'IRCP',
  display: 'information recipient',
};
export const ORGANIZATION = own('organization');

const ENTITY_TYPE = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
const OBJECT_ROLE = 'http://terminology.hl7.org/CodeSystem/object-role';
export const PERSON: Coding = { system: ENTITY_TYPE, code: '1', display: 'Person' };
export const OBJECT: Coding = { system: ENTITY_TYPE, code: '2', display: 'System Object' };
export const OTHER: Coding = { system: ENTITY_TYPE, code: '4', display: 'Other' };
export const REQUEST_ID: Coding = {
  system: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType',
  code: 'XrequestId',
};
export const AS_PATIENT: Coding = { system: OBJECT_ROLE, code: '1', display: 'Patient' };
export const AS_RESOURCE: Coding = { system: OBJECT_ROLE, code: '4', display: 'Domain Resource' };
export const AS_QUERY: Coding = { system: OBJECT_ROLE, code: '24', display: 'Query' };

/** The letter of the action, by FHIR's interaction. */
export const ACTIONS: Readonly<Record<Interaction, NonNullable<AuditEvent['action']>>> = {
  read: 'R',
  vread: 'R',
  create: 'C',
  update: 'U',
  patch: 'U',
  delete: 'D',
  'search-type': 'E',
  'search-system': 'E',
  'history-instance': 'R',
  'history-type': 'R',
  'history-system': 'R',
  batch: 'E',
  transaction: 'E',
  capabilities: 'R',
  operation: 'E',
};

interface Words {
  readonly type: Coding;
  readonly subtype: Coding;
  readonly action: NonNullable<AuditEvent['action']>;
}

const AUTHENTICATION = dcm('110114', 'User Authentication');
const ACTIVITY = dcm('110100', 'Application Activity');
const LOG_USED = dcm('110101', 'Audit Log Used');
const ALERT = dcm('110113', 'Security Alert');

/** What happens beside the interactions of FHIR. */
export const HAPPENINGS = {
  'sign-on': { type: AUTHENTICATION, subtype: dcm('110122', 'Login'), action: 'E' },
  'sign-off': { type: AUTHENTICATION, subtype: dcm('110123', 'Logout'), action: 'E' },
  token: { type: AUTHENTICATION, subtype: own('token'), action: 'E' },
  refresh: { type: AUTHENTICATION, subtype: own('refresh'), action: 'E' },
  revocation: { type: AUTHENTICATION, subtype: own('revocation'), action: 'D' },
  registration: { type: ALERT, subtype: own('registration'), action: 'C' },
  participant: { type: ALERT, subtype: dcm('110137', 'User Security Attributes Changed'), action: 'U' },
  sender: { type: ALERT, subtype: own('sender'), action: 'E' },
  'chain-start': { type: ACTIVITY, subtype: own('chain-start'), action: 'E' },
  'chain-end': { type: ACTIVITY, subtype: own('chain-end'), action: 'E' },
  cut: { type: LOG_USED, subtype: own('cut'), action: 'D' },
  flag: { type: ALERT, subtype: own('flag'), action: 'C' },
} as const satisfies Readonly<Record<string, Words>>;

export type What = keyof typeof HAPPENINGS;
