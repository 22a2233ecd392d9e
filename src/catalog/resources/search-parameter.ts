/** SearchParameter: the registry's own search parameters, defined. */
import { FILES_ONLY, reference, token, type ResourceEntry } from '../define.ts';
import { CONFORMANCE_SEARCH } from '../shared.ts';

const RESOURCE_TYPES = 'http://hl7.org/fhir/resource-types';

export const searchParameter = {
  type: 'SearchParameter',
  profiles: [],
  interactions: FILES_ONLY,
  source: 'files',
  patient: [],
  search: {
    ...CONFORMANCE_SEARCH,
    base: token('base', 'code', RESOURCE_TYPES),
    code: token('code', 'code'),
    'derived-from': reference('derivedFrom', 'SearchParameter'),
    target: token('target', 'code', RESOURCE_TYPES),
    type: token('type', 'code', 'http://hl7.org/fhir/search-param-type'),
  },
} as const satisfies ResourceEntry;
