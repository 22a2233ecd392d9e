/** ConceptMap: the translations between code systems that the server knows. */
import { FILES_ONLY, string, token, uri, type ResourceEntry } from '../define.ts';
import { CONFORMANCE_SEARCH, conformance } from '../shared.ts';

export const conceptMap = {
  type: 'ConceptMap',
  profiles: [],
  interactions: FILES_ONLY,
  source: 'files',
  patient: [],
  search: {
    ...CONFORMANCE_SEARCH,
    identifier: conformance('identifier', token('identifier', 'Identifier')),
    'source-code': token('group.element.code', 'code'),
    'source-system': uri('group.source'),
    'target-code': token('group.element.target.code', 'code'),
    'target-system': uri('group.target'),
    title: conformance('title', string('title')),
  },
} as const satisfies ResourceEntry;
