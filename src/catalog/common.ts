/** The search parameters of every type (https://hl7.org/fhir/R4/search.html#all). */
import { date, definedBy, token, uri, type ResourceEntry, type SearchParameter } from './define.ts';

const base = (name: string): string => `http://hl7.org/fhir/SearchParameter/Resource-${name}`;

export const COMMON_SEARCH = {
  _id: definedBy(base('id'), token('id', 'id')),
  _lastUpdated: definedBy(base('lastUpdated'), date('meta.lastUpdated')),
  _profile: definedBy(base('profile'), uri('meta.profile')),
  _security: definedBy(base('security'), token('meta.security', 'Coding')),
  _source: definedBy(base('source'), uri('meta.source')),
  _tag: definedBy(base('tag'), token('meta.tag', 'Coding')),
} as const satisfies Readonly<Record<string, SearchParameter>>;

/** The parameter that a type has under a name. */
export function parameterOf(entry: ResourceEntry, name: string): SearchParameter | undefined {
  if (Object.hasOwn(entry.search, name)) return entry.search[name];
  return Object.hasOwn(COMMON_SEARCH, name) ? COMMON_SEARCH[name as keyof typeof COMMON_SEARCH] : undefined;
}
