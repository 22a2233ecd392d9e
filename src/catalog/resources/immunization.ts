/** Immunization: a dose given, refused or reported from history. */
import {
  ALL_INTERACTIONS,
  common,
  date,
  dates,
  number,
  reference,
  string,
  token,
  type ResourceEntry,
} from '../define.ts';
import { clinical, clinicalPatient, derived, EVENT_STATUS, own, OWN_PROFILE, US_CORE } from '../shared.ts';

export const immunization = {
  type: 'Immunization',
  profiles: [`${US_CORE}immunization`, `${OWN_PROFILE}immunization`],
  interactions: ALL_INTERACTIONS,
  patient: ['patient'],
  custodians: ['performer.actor', 'identifier.assigner'],
  search: {
    date: clinical('date', date('occurrence')),
    'dose-number': own('immunization-dose-number', number('protocolApplied.doseNumberPositiveInt')),
    identifier: clinical('identifier', token('identifier', 'Identifier')),
    location: reference('location', 'Location'),
    'lot-number': string('lotNumber'),
    manufacturer: reference('manufacturer', 'Organization'),
    'manufacturer-code': own(
      'immunization-manufacturer-code',
      common(token('manufacturer.identifier', 'Identifier')),
    ),
    patient: clinicalPatient('patient'),
    performer: reference('performer.actor', 'Organization', 'Practitioner', 'PractitionerRole'),
    'primary-source': own('immunization-primary-source', token('primarySource', 'boolean')),
    reaction: reference('reaction.detail', 'Observation'),
    'reaction-date': dates('reaction.date'),
    'reason-code': token('reasonCode', 'CodeableConcept'),
    'reason-reference': reference('reasonReference', 'Condition', 'Observation', 'DiagnosticReport'),
    'report-origin': own('immunization-report-origin', token('reportOrigin', 'CodeableConcept')),
    'reporting-organization': own(
      'immunization-reporting-organization',
      reference('identifier.assigner', 'Organization'),
    ),
    series: string('protocolApplied.series'),
    status: token('status', 'code', EVENT_STATUS),
    'status-reason': token('statusReason', 'CodeableConcept'),
    'target-disease': token('protocolApplied.targetDisease', 'CodeableConcept'),
    'vaccine-code': token('vaccineCode', 'CodeableConcept'),
  },
  derived: { primary: derived('immunization-primary') },
  sort: ['date'],
  defaultSort: '-date',
  hot: [['patients', '-date']],
} as const satisfies ResourceEntry;
