/** ImmunizationRecommendation: what is due for a patient, as the registry computes it. */
import { READ_ONLY, date, reference, token, type ResourceEntry } from '../define.ts';
import { OWN_PROFILE } from '../shared.ts';

export const immunizationRecommendation = {
  type: 'ImmunizationRecommendation',
  profiles: [`${OWN_PROFILE}immunization-recommendation`],
  interactions: READ_ONLY,
  patient: ['patient'],
  sight: 'doses',
  custodians: ['authority'],
  search: {
    date: date('date'),
    identifier: token('identifier', 'Identifier'),
    information: reference('recommendation.supportingPatientInformation'),
    patient: reference('patient', 'Patient'),
    status: token('recommendation.forecastStatus', 'CodeableConcept'),
    support: reference('recommendation.supportingImmunization', 'Immunization', 'ImmunizationEvaluation'),
    'target-disease': token('recommendation.targetDisease', 'CodeableConcept'),
    'vaccine-type': token('recommendation.vaccineCode', 'CodeableConcept'),
  },
  sort: ['date'],
  defaultSort: '-date',
  hot: [['patients', '-date']],
} as const satisfies ResourceEntry;
