/** CodeSystem: the code systems that the server knows. */
import { FILES_ONLY, reference, string, token, uri, type ResourceEntry } from '../define.ts';
import { CONFORMANCE_SEARCH, conformance } from '../shared.ts';

export const codeSystem = {
  type: 'CodeSystem',
  profiles: [],
  interactions: FILES_ONLY,
  source: 'files',
  patient: [],
  search: {
    ...CONFORMANCE_SEARCH,
    'content-mode': token('content', 'code', 'http://hl7.org/fhir/codesystem-content-mode'),
    identifier: conformance('identifier', token('identifier', 'Identifier')),
    supplements: reference('supplements', 'CodeSystem'),
    system: uri('url'),
    title: conformance('title', string('title')),
  },
} as const satisfies ResourceEntry;
