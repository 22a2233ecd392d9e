/** Measure: what the registry measures and reports, defined. */
import { date, FILES_ONLY, rare, string, token, uri, type ResourceEntry } from '../define.ts';

export const measure = {
  type: 'Measure',
  profiles: [],
  interactions: FILES_ONLY,
  source: 'files',
  patient: [],
  search: {
    date: date('date'),
    description: string('description'),
    identifier: token('identifier', 'Identifier'),
    jurisdiction: token('jurisdiction', 'CodeableConcept'),
    name: string('name'),
    publisher: string('publisher'),
    status: token('status', 'code', 'http://hl7.org/fhir/publication-status'),
    title: string('title'),
    url: rare(uri('url')),
    version: token('version', 'string'),
  },
} as const satisfies ResourceEntry;
