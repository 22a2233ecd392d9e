/** AllergyIntolerance: what a patient must not be given. */
import { ALL_INTERACTIONS, date, dates, reference, token, type ResourceEntry } from '../define.ts';
import { ASSERTERS, clinical, clinicalPatient } from '../shared.ts';

export const allergyIntolerance = {
  type: 'AllergyIntolerance',
  profiles: [],
  interactions: ALL_INTERACTIONS,
  patient: ['patient', 'recorder', 'asserter'],
  search: {
    asserter: reference('asserter', ...ASSERTERS),
    category: token('category', 'code', 'http://hl7.org/fhir/allergy-intolerance-category'),
    'clinical-status': token('clinicalStatus', 'CodeableConcept'),
    code: clinical('code', token(['code', 'reaction.substance'], 'CodeableConcept')),
    criticality: token('criticality', 'code', 'http://hl7.org/fhir/allergy-intolerance-criticality'),
    date: clinical('date', date('recordedDate')),
    identifier: clinical('identifier', token('identifier', 'Identifier')),
    'last-date': date('lastOccurrence'),
    manifestation: token('reaction.manifestation', 'CodeableConcept'),
    onset: dates('reaction.onset'),
    patient: clinicalPatient('patient'),
    recorder: reference('recorder', ...ASSERTERS),
    route: token('reaction.exposureRoute', 'CodeableConcept'),
    severity: token('reaction.severity', 'code', 'http://hl7.org/fhir/reaction-event-severity'),
    type: clinical('type', token('type', 'code', 'http://hl7.org/fhir/allergy-intolerance-type')),
    'verification-status': token('verificationStatus', 'CodeableConcept'),
  },
  sort: ['date'],
  defaultSort: '-date',
  hot: [['patients', '-date']],
} as const satisfies ResourceEntry;
