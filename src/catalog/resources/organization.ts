/** Organization: a provider, school, health plan, vaccine manufacturer or registry. */
import { ALL_INTERACTIONS, phonetic, reference, string, token, type ResourceEntry } from '../define.ts';
import { ADDRESS_SEARCH, OWN_PROFILE, US_CORE } from '../shared.ts';

export const organization = {
  type: 'Organization',
  profiles: [`${US_CORE}organization`, `${OWN_PROFILE}organization`],
  interactions: ALL_INTERACTIONS,
  patient: [],
  custodians: ['id'],
  search: {
    ...ADDRESS_SEARCH,
    active: token('active', 'boolean'),
    endpoint: reference('endpoint', 'Endpoint'),
    identifier: token('identifier', 'Identifier'),
    name: string(['name', 'alias']),
    partof: reference('partOf', 'Organization'),
    phonetic: phonetic('name', 'string'),
    type: token('type', 'CodeableConcept'),
  },
  sort: ['name'],
  hot: [['name']],
} as const satisfies ResourceEntry;
