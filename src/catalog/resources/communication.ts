/** Communication: a reminder or recall that was sent. */
import { ALL_INTERACTIONS, date, reference, token, uri, type ResourceEntry } from '../define.ts';
import { ACTORS, EVENT_STATUS } from '../shared.ts';

export const communication = {
  type: 'Communication',
  profiles: [],
  interactions: ALL_INTERACTIONS,
  patient: ['subject', 'sender', 'recipient'],
  custodians: ['sender', 'recipient'],
  search: {
    'based-on': reference('basedOn'),
    category: token('category', 'CodeableConcept'),
    encounter: reference('encounter', 'Encounter'),
    identifier: token('identifier', 'Identifier'),
    'instantiates-canonical': reference(
      'instantiatesCanonical',
      ...['Questionnaire', 'Measure', 'PlanDefinition', 'OperationDefinition', 'ActivityDefinition'],
    ),
    'instantiates-uri': uri('instantiatesUri'),
    medium: token('medium', 'CodeableConcept'),
    'part-of': reference('partOf'),
    patient: reference('subject', 'Patient'),
    received: date('received'),
    recipient: reference('recipient', ...ACTORS, 'Group', 'CareTeam', 'HealthcareService'),
    sender: reference('sender', ...ACTORS, 'HealthcareService'),
    sent: date('sent'),
    status: token('status', 'code', EVENT_STATUS),
    subject: reference('subject', 'Patient', 'Group'),
  },
  sort: ['sent'],
  defaultSort: '-sent',
  hot: [['patients', '-sent']],
} as const satisfies ResourceEntry;
