/** AuditEvent: who asked for what, and what came of it; written by the server alone. */
import { date, literal, reference, token, type ResourceEntry } from '../define.ts';
import { ACTORS } from '../shared.ts';

export const auditEvent = {
  type: 'AuditEvent',
  profiles: [],
  interactions: ['read', 'search-type'],
  patient: ['agent.who', 'entity.what'],
  sight: 'role',
  custodians: ['agent.who'],
  // What auditors ask by. Every key is an index entry written for every access, so the nearly constant ones are left out.
  search: {
    action: token('action', 'code', 'http://hl7.org/fhir/audit-event-action'),
    agent: reference('agent.who', ...ACTORS),
    date: date('recorded'),
    entity: literal(reference('entity.what')),
    outcome: token('outcome', 'code', 'http://hl7.org/fhir/audit-event-outcome'),
    patient: literal(reference(['agent.who', 'entity.what'], 'Patient')),
    subtype: token('subtype', 'Coding'),
  },
  sort: ['date'],
  defaultSort: '-date',
  hot: [['patients', '-date']],
} as const satisfies ResourceEntry;
