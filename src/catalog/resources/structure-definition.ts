/** StructureDefinition: the profiles and extensions that the server checks by. */
import { FILES_ONLY, reference, string, token, uri, type ResourceEntry } from '../define.ts';
import { CONFORMANCE_SEARCH, conformance } from '../shared.ts';

export const structureDefinition = {
  type: 'StructureDefinition',
  profiles: [],
  interactions: FILES_ONLY,
  source: 'files',
  patient: [],
  search: {
    ...CONFORMANCE_SEARCH,
    abstract: token('abstract', 'boolean'),
    base: reference('baseDefinition', 'StructureDefinition'),
    derivation: token('derivation', 'code', 'http://hl7.org/fhir/type-derivation-rule'),
    identifier: conformance('identifier', token('identifier', 'Identifier')),
    kind: token('kind', 'code', 'http://hl7.org/fhir/structure-definition-kind'),
    title: conformance('title', string('title')),
    type: uri('type'),
  },
} as const satisfies ResourceEntry;
