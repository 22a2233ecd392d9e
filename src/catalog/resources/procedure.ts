/** Procedure: what was done to a patient and bears on immunization. */
import { ALL_INTERACTIONS, date, reference, token, uri, type ResourceEntry } from '../define.ts';
import { ACTORS, EVENT_STATUS, clinical, clinicalPatient } from '../shared.ts';

export const procedure = {
  type: 'Procedure',
  profiles: [],
  interactions: ALL_INTERACTIONS,
  patient: ['subject', 'performer.actor'],
  custodians: ['performer.actor'],
  search: {
    'based-on': reference('basedOn', 'CarePlan', 'ServiceRequest'),
    category: token('category', 'CodeableConcept'),
    code: clinical('code', token('code', 'CodeableConcept')),
    date: clinical('date', date('performed')),
    encounter: clinical('encounter', reference('encounter', 'Encounter', 'EpisodeOfCare')),
    identifier: clinical('identifier', token('identifier', 'Identifier')),
    'instantiates-canonical': reference(
      'instantiatesCanonical',
      ...['Questionnaire', 'Measure', 'PlanDefinition', 'OperationDefinition', 'ActivityDefinition'],
    ),
    'instantiates-uri': uri('instantiatesUri'),
    location: reference('location', 'Location'),
    'part-of': reference('partOf', 'Observation', 'Procedure', 'MedicationAdministration'),
    patient: clinicalPatient('subject'),
    performer: reference('performer.actor', ...ACTORS),
    'reason-code': token('reasonCode', 'CodeableConcept'),
    'reason-reference': reference(
      'reasonReference',
      ...['Condition', 'Observation', 'Procedure', 'DiagnosticReport', 'DocumentReference'],
    ),
    status: token('status', 'code', EVENT_STATUS),
    subject: reference('subject', 'Patient', 'Group'),
  },
  sort: ['date'],
  defaultSort: '-date',
  hot: [['patients', '-date']],
} as const satisfies ResourceEntry;
