/** Condition: an illness that makes a vaccine needed, dangerous or needless. */
import { ALL_INTERACTIONS, date, period, reference, token, type ResourceEntry } from '../define.ts';
import { ASSERTERS, clinical, clinicalPatient } from '../shared.ts';

export const condition = {
  type: 'Condition',
  profiles: [],
  interactions: ALL_INTERACTIONS,
  patient: ['subject', 'asserter'],
  search: {
    'abatement-date': period('abatement'),
    asserter: reference('asserter', ...ASSERTERS),
    category: token('category', 'CodeableConcept'),
    'clinical-status': token('clinicalStatus', 'CodeableConcept'),
    code: clinical('code', token('code', 'CodeableConcept')),
    encounter: reference('encounter', 'Encounter'),
    identifier: clinical('identifier', token('identifier', 'Identifier')),
    'onset-date': period('onset'),
    patient: clinicalPatient('subject'),
    'recorded-date': date('recordedDate'),
    severity: token('severity', 'CodeableConcept'),
    subject: reference('subject', 'Patient', 'Group'),
    'verification-status': token('verificationStatus', 'CodeableConcept'),
  },
  sort: ['recorded-date'],
  defaultSort: '-recorded-date',
  hot: [['patients', '-recorded-date']],
} as const satisfies ResourceEntry;
