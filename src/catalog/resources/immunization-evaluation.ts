/** ImmunizationEvaluation: whether a dose counts against a series, as the registry computes it. */
import { READ_ONLY, date, reference, token, type ResourceEntry } from '../define.ts';
import { OWN_PROFILE } from '../shared.ts';

export const immunizationEvaluation = {
  type: 'ImmunizationEvaluation',
  profiles: [`${OWN_PROFILE}immunization-evaluation`],
  interactions: READ_ONLY,
  patient: ['patient'],
  sight: 'doses',
  custodians: ['authority'],
  search: {
    date: date('date'),
    'dose-status': token('doseStatus', 'CodeableConcept'),
    identifier: token('identifier', 'Identifier'),
    'immunization-event': reference('immunizationEvent', 'Immunization'),
    patient: reference('patient', 'Patient'),
    status: token('status', 'code', 'http://terminology.hl7.org/CodeSystem/medication-admin-status'),
    'target-disease': token('targetDisease', 'CodeableConcept'),
  },
  sort: ['date'],
  defaultSort: '-date',
  hot: [['patients', '-date']],
} as const satisfies ResourceEntry;
