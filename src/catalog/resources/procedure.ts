/** Procedure: what was done to a patient and bears on immunization. */
import { ALL_INTERACTIONS, period, reference, token, type ResourceEntry } from '../define.ts';
import { ACTORS, clinical, clinicalPatient, EVENT_STATUS } from '../shared.ts';

export const procedure = {
  type: 'Procedure',
  profiles: [],
  interactions: ALL_INTERACTIONS,
  patient: ['subject', 'performer.actor'],
  custodians: ['performer.actor'],
  search: {
    category: token('category', 'CodeableConcept'),
    code: clinical('code', token('code', 'CodeableConcept')),
    date: clinical('date', period('performed')),
    encounter: clinical('encounter', reference('encounter', 'Encounter', 'EpisodeOfCare')),
    identifier: clinical('identifier', token('identifier', 'Identifier')),
    location: reference('location', 'Location'),
    patient: clinicalPatient('subject'),
    performer: reference('performer.actor', ...ACTORS),
    'reason-code': token('reasonCode', 'CodeableConcept'),
    status: token('status', 'code', EVENT_STATUS),
    subject: reference('subject', 'Patient', 'Group'),
  },
  sort: ['date'],
  defaultSort: '-date',
  hot: [['patients', '-date']],
} as const satisfies ResourceEntry;
