/** ValueSet: the value sets that codes are checked against. */
import { FILES_ONLY, string, token, uri, type ResourceEntry } from '../define.ts';
import { CONFORMANCE_SEARCH, conformance } from '../shared.ts';

export const valueSet = {
  type: 'ValueSet',
  profiles: [],
  interactions: FILES_ONLY,
  source: 'files',
  patient: [],
  search: {
    ...CONFORMANCE_SEARCH,
    identifier: conformance('identifier', token('identifier', 'Identifier')),
    reference: uri('compose.include.system'),
    title: conformance('title', string('title')),
  },
} as const satisfies ResourceEntry;
