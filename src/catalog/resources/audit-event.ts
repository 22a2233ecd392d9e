/** AuditEvent: who asked for what, and what came of it; written by the server alone. */
import { date, reference, string, token, uri, type ResourceEntry } from '../define.ts';
import { ACTORS } from '../shared.ts';

export const auditEvent = {
  type: 'AuditEvent',
  profiles: [],
  interactions: ['read', 'search-type'],
  patient: ['agent.who', 'entity.what'],
  custodians: ['agent.who'],
  search: {
    action: token('action', 'code', 'http://hl7.org/fhir/audit-event-action'),
    address: string('agent.network.address'),
    agent: reference('agent.who', ...ACTORS),
    'agent-name': string('agent.name'),
    'agent-role': token('agent.role', 'CodeableConcept'),
    altid: token('agent.altId', 'string'),
    date: date('recorded'),
    entity: reference('entity.what'),
    'entity-name': string('entity.name'),
    'entity-role': token('entity.role', 'Coding'),
    'entity-type': token('entity.type', 'Coding'),
    outcome: token('outcome', 'code', 'http://hl7.org/fhir/audit-event-outcome'),
    patient: reference(['agent.who', 'entity.what'], 'Patient'),
    policy: uri('agent.policy'),
    site: token('source.site', 'string'),
    source: reference('source.observer', ...ACTORS),
    subtype: token('subtype', 'Coding'),
    type: token('type', 'Coding'),
  },
  sort: ['date'],
  defaultSort: '-date',
  hot: [['patients', '-date']],
} as const satisfies ResourceEntry;
