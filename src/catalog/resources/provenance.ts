/** Provenance: who brought about a version of a resource; never changed once written. */
import { date, reference, token, type ResourceEntry } from '../define.ts';
import { ACTORS, OWN_PROFILE, US_CORE } from '../shared.ts';

export const provenance = {
  type: 'Provenance',
  profiles: [`${US_CORE}provenance`, `${OWN_PROFILE}provenance`],
  interactions: ['read', 'vread', 'create', 'search-type', 'history-instance', 'history-type'],
  patient: ['target'],
  recordOf: ['target'],
  custodians: ['agent.who', 'agent.onBehalfOf'],
  search: {
    agent: reference('agent.who', ...ACTORS),
    'agent-role': token('agent.role', 'CodeableConcept'),
    'agent-type': token('agent.type', 'CodeableConcept'),
    entity: reference('entity.what'),
    location: reference('location', 'Location'),
    patient: reference('target', 'Patient'),
    recorded: date('recorded'),
    'signature-type': token('signature.type', 'Coding'),
    target: reference('target'),
    when: date('occurredDateTime'),
  },
  sort: ['recorded'],
  defaultSort: '-recorded',
  hot: [['patients', '-recorded']],
} as const satisfies ResourceEntry;
