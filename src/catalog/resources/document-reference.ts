/** DocumentReference: a certificate, an exemption form or another document of a record. */
import {
  ALL_INTERACTIONS,
  composite,
  date,
  reference,
  string,
  token,
  uri,
  type ResourceEntry,
} from '../define.ts';
import { ACTORS, clinical, clinicalPatient } from '../shared.ts';

const RELATIONSHIP = 'http://hl7.org/fhir/document-relationship-type';

export const documentReference = {
  type: 'DocumentReference',
  profiles: [],
  interactions: ALL_INTERACTIONS,
  patient: ['subject', 'author'],
  custodians: ['custodian'],
  search: {
    authenticator: reference('authenticator', 'Organization', 'Practitioner', 'PractitionerRole'),
    author: reference('author', ...ACTORS),
    category: token('category', 'CodeableConcept'),
    contenttype: token('content.attachment.contentType', 'code', 'urn:ietf:bcp:13'),
    custodian: reference('custodian', 'Organization'),
    date: date('date'),
    description: string('description'),
    encounter: clinical('encounter', reference('context.encounter', 'Encounter', 'EpisodeOfCare')),
    event: token('context.event', 'CodeableConcept'),
    facility: token('context.facilityType', 'CodeableConcept'),
    format: token('content.format', 'Coding'),
    identifier: clinical('identifier', token(['masterIdentifier', 'identifier'], 'Identifier')),
    language: token('content.attachment.language', 'code', 'urn:ietf:bcp:47'),
    location: uri('content.attachment.url'),
    patient: clinicalPatient('subject'),
    period: date('context.period'),
    related: reference('context.related'),
    relatesto: reference('relatesTo.target', 'DocumentReference'),
    relation: token('relatesTo.code', 'code', RELATIONSHIP),
    // By the base's expressions: what kind of relation, and then to what.
    relationship: composite(
      'relatesTo',
      token('code', 'code', RELATIONSHIP),
      reference('target', 'DocumentReference'),
    ),
    'security-label': token('securityLabel', 'CodeableConcept'),
    setting: token('context.practiceSetting', 'CodeableConcept'),
    status: token('status', 'code', 'http://hl7.org/fhir/document-reference-status'),
    subject: reference('subject', 'Patient', 'Practitioner', 'Group', 'Device'),
    type: clinical('type', token('type', 'CodeableConcept')),
  },
  sort: ['date'],
  defaultSort: '-date',
  hot: [['patients', '-date']],
} as const satisfies ResourceEntry;
