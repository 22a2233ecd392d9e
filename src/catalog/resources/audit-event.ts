/** AuditEvent: who asked for what, and what came of it; written by the server alone. */
import { date, literal, reference, token, usually, type ResourceEntry } from '../define.ts';
import { ACTORS } from '../shared.ts';

/** Nearly every event is of an interaction, and nearly every interaction a read or a search that went well. */
const RESTFUL = 'http://hl7.org/fhir/restful-interaction';
const USUAL = ['read', 'search-type'];

export const auditEvent = {
  type: 'AuditEvent',
  profiles: [],
  interactions: ['read', 'search-type'],
  patient: ['agent.who', 'entity.what'],
  sight: 'role',
  custodians: ['agent.who'],
  // What auditors ask by. Every key is an index entry written for every access, but for those of usual values.
  search: {
    action: usually(token('action', 'code', 'http://hl7.org/fhir/audit-event-action'), 'R', 'E'),
    agent: reference('agent.who', ...ACTORS),
    date: date('recorded'),
    entity: literal(reference('entity.what')),
    outcome: usually(token('outcome', 'code', 'http://hl7.org/fhir/audit-event-outcome'), '0'),
    patient: literal(reference(['agent.who', 'entity.what'], 'Patient')),
    subtype: usually(
      token('subtype', 'Coding'),
      ...USUAL,
      `${RESTFUL}|`,
      ...USUAL.map((code) => `${RESTFUL}|${code}`),
    ),
  },
  sort: ['date'],
  defaultSort: '-date',
  hot: [['patients', '-date']],
  oneTime: 'date',
} as const satisfies ResourceEntry;
