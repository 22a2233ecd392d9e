/** Location: where doses are given. */
import { ALL_INTERACTIONS, reference, string, token, type ResourceEntry } from '../define.ts';
import { ADDRESS_SEARCH, OWN_PROFILE, US_CORE } from '../shared.ts';

export const location = {
  type: 'Location',
  profiles: [`${US_CORE}location`, `${OWN_PROFILE}location`],
  interactions: ALL_INTERACTIONS,
  patient: [],
  custodians: ['managingOrganization'],
  search: {
    ...ADDRESS_SEARCH,
    endpoint: reference('endpoint', 'Endpoint'),
    identifier: token('identifier', 'Identifier'),
    name: string(['name', 'alias']),
    'operational-status': token('operationalStatus', 'Coding'),
    organization: reference('managingOrganization', 'Organization'),
    partof: reference('partOf', 'Location'),
    status: token('status', 'code', 'http://hl7.org/fhir/location-status'),
    type: token('type', 'CodeableConcept'),
  },
  sort: ['name'],
  hot: [['name']],
} as const satisfies ResourceEntry;
