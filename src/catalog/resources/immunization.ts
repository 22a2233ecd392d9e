/** Immunization: a dose given, refused or reported from history. */
import { ALL_INTERACTIONS, date, dates, reference, string, token, type ResourceEntry } from '../define.ts';
import { clinical, clinicalPatient, EVENT_STATUS, US_CORE } from '../shared.ts';

export const immunization = {
  type: 'Immunization',
  profiles: [`${US_CORE}immunization`],
  interactions: ALL_INTERACTIONS,
  patient: ['patient'],
  custodians: ['performer.actor'],
  search: {
    date: clinical('date', date('occurrence')),
    identifier: clinical('identifier', token('identifier', 'Identifier')),
    location: reference('location', 'Location'),
    'lot-number': string('lotNumber'),
    manufacturer: reference('manufacturer', 'Organization'),
    patient: clinicalPatient('patient'),
    performer: reference('performer.actor', 'Organization', 'Practitioner', 'PractitionerRole'),
    reaction: reference('reaction.detail', 'Observation'),
    'reaction-date': dates('reaction.date'),
    'reason-code': token('reasonCode', 'CodeableConcept'),
    'reason-reference': reference('reasonReference', 'Condition', 'Observation', 'DiagnosticReport'),
    series: string('protocolApplied.series'),
    status: token('status', 'code', EVENT_STATUS),
    'status-reason': token('statusReason', 'CodeableConcept'),
    'target-disease': token('protocolApplied.targetDisease', 'CodeableConcept'),
    'vaccine-code': token('vaccineCode', 'CodeableConcept'),
  },
  sort: ['date'],
  defaultSort: '-date',
  hot: [['patients', '-date']],
} as const satisfies ResourceEntry;
