/** Task: what waits for a person, such as a match to settle. */
import { ALL_INTERACTIONS, date, reference, token, type ResourceEntry } from '../define.ts';
import { ACTORS } from '../shared.ts';

export const task = {
  type: 'Task',
  profiles: [],
  interactions: ALL_INTERACTIONS,
  patient: ['for', 'focus', 'input.value'],
  about: ['focus', 'input.value'],
  custodians: ['owner', 'requester'],
  search: {
    'authored-on': date('authoredOn'),
    'based-on': reference('basedOn'),
    'business-status': token('businessStatus', 'CodeableConcept'),
    code: token('code', 'CodeableConcept'),
    encounter: reference('encounter', 'Encounter'),
    focus: reference('focus'),
    'group-identifier': token('groupIdentifier', 'Identifier'),
    identifier: token('identifier', 'Identifier'),
    intent: token('intent', 'code', 'http://hl7.org/fhir/request-intent'),
    modified: date('lastModified'),
    owner: reference('owner', ...ACTORS, 'CareTeam', 'HealthcareService'),
    'part-of': reference('partOf', 'Task'),
    patient: reference('for', 'Patient'),
    performer: token('performerType', 'CodeableConcept'),
    period: date('executionPeriod'),
    priority: token('priority', 'code', 'http://hl7.org/fhir/request-priority'),
    requester: reference('requester', ...ACTORS),
    status: token('status', 'code', 'http://hl7.org/fhir/task-status'),
    subject: reference('for'),
  },
  sort: ['authored-on', 'modified'],
  defaultSort: '-modified',
  hot: [['patients', '-modified']],
} as const satisfies ResourceEntry;
