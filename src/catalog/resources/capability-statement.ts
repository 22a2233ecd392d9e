/** CapabilityStatement: what the server can do, as `GET /metadata` says it. */
import { FILES_ONLY, string, token, type ResourceEntry } from '../define.ts';
import { CONFORMANCE_SEARCH, conformance } from '../shared.ts';

export const capabilityStatement = {
  type: 'CapabilityStatement',
  profiles: [],
  interactions: FILES_ONLY,
  source: 'files',
  patient: [],
  search: {
    ...CONFORMANCE_SEARCH,
    mode: token('rest.mode', 'code', 'http://hl7.org/fhir/restful-capability-mode'),
    resource: token('rest.resource.type', 'code', 'http://hl7.org/fhir/resource-types'),
    title: conformance('title', string('title')),
  },
} as const satisfies ResourceEntry;
