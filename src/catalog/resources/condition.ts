/** Condition: an illness that makes a vaccine needed, dangerous or needless. */
import { ALL_INTERACTIONS, date, quantity, reference, string, token, type ResourceEntry } from '../define.ts';
import { ASSERTERS, FHIR_EXTENSION, clinical, clinicalPatient, usCore } from '../shared.ts';

export const condition = {
  type: 'Condition',
  profiles: [],
  interactions: ALL_INTERACTIONS,
  patient: ['subject', 'asserter'],
  search: {
    'abatement-age': quantity(['abatementAge', 'abatementRange']),
    'abatement-date': date('abatement'),
    'abatement-string': string('abatementString'),
    'asserted-date': usCore(
      'condition-asserted-date',
      date(`extension[url=${FHIR_EXTENSION}condition-assertedDate].value`),
    ),
    asserter: reference('asserter', ...ASSERTERS),
    'body-site': token('bodySite', 'CodeableConcept'),
    category: token('category', 'CodeableConcept'),
    'clinical-status': token('clinicalStatus', 'CodeableConcept'),
    code: clinical('code', token('code', 'CodeableConcept')),
    encounter: reference('encounter', 'Encounter'),
    evidence: token('evidence.code', 'CodeableConcept'),
    'evidence-detail': reference('evidence.detail'),
    identifier: clinical('identifier', token('identifier', 'Identifier')),
    'onset-age': quantity(['onsetAge', 'onsetRange']),
    'onset-date': date('onset'),
    'onset-info': string('onsetString'),
    patient: clinicalPatient('subject'),
    'recorded-date': date('recordedDate'),
    severity: token('severity', 'CodeableConcept'),
    stage: token('stage.summary', 'CodeableConcept'),
    subject: reference('subject', 'Patient', 'Group'),
    'verification-status': token('verificationStatus', 'CodeableConcept'),
  },
  sort: ['recorded-date'],
  defaultSort: '-recorded-date',
  hot: [['patients', '-recorded-date']],
} as const satisfies ResourceEntry;
