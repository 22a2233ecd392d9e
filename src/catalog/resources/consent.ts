/** Consent: a directive of a patient or guardian about who may see the record. */
import { ALL_INTERACTIONS, date, reference, token, type ResourceEntry } from '../define.ts';
import { clinical, clinicalPatient, OWN_PROFILE } from '../shared.ts';

export const consent = {
  type: 'Consent',
  profiles: [`${OWN_PROFILE}consent`],
  interactions: ALL_INTERACTIONS,
  patient: ['patient'],
  custodians: ['organization'],
  search: {
    action: token('provision.action', 'CodeableConcept'),
    actor: reference(
      'provision.actor.reference',
      ...[
        'Practitioner',
        'PractitionerRole',
        'Organization',
        'Group',
        'CareTeam',
        'Device',
        'Patient',
        'RelatedPerson',
      ],
    ),
    category: token('category', 'CodeableConcept'),
    consentor: reference(
      'performer',
      'Practitioner',
      'PractitionerRole',
      'Organization',
      'Patient',
      'RelatedPerson',
    ),
    data: reference('provision.data.reference'),
    date: clinical('date', date('dateTime')),
    identifier: clinical('identifier', token('identifier', 'Identifier')),
    organization: reference('organization', 'Organization'),
    patient: clinicalPatient('patient'),
    period: date('provision.period'),
    purpose: token('provision.purpose', 'Coding'),
    scope: token('scope', 'CodeableConcept'),
    'security-label': token('provision.securityLabel', 'Coding'),
    'source-reference': reference(
      'source',
      'Consent',
      'Contract',
      'QuestionnaireResponse',
      'DocumentReference',
    ),
    status: token('status', 'code', 'http://hl7.org/fhir/consent-state-codes'),
  },
  sort: ['date'],
  defaultSort: '-date',
  hot: [['patients', '-date']],
} as const satisfies ResourceEntry;
