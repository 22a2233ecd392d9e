/** OperationDefinition: the operations that the server has, defined. */
import { FILES_ONLY, reference, string, token, type ResourceEntry } from '../define.ts';
import { CONFORMANCE_SEARCH, conformance } from '../shared.ts';

export const operationDefinition = {
  type: 'OperationDefinition',
  profiles: [],
  interactions: FILES_ONLY,
  source: 'files',
  patient: [],
  search: {
    ...CONFORMANCE_SEARCH,
    base: reference('base', 'OperationDefinition'),
    code: token('code', 'code'),
    instance: token('instance', 'boolean'),
    kind: token('kind', 'code', 'http://hl7.org/fhir/operation-kind'),
    system: token('system', 'boolean'),
    title: conformance('title', string('title')),
    type: token('type', 'boolean'),
  },
} as const satisfies ResourceEntry;
