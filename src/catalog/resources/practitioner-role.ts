/** PractitionerRole: what a practitioner does for an organisation, and where. */
import { ALL_INTERACTIONS, date, reference, token, type ResourceEntry } from '../define.ts';
import { OWN_PROFILE, TELECOM_SEARCH, US_CORE } from '../shared.ts';

export const practitionerRole = {
  type: 'PractitionerRole',
  profiles: [`${US_CORE}practitionerrole`, `${OWN_PROFILE}practitioner-role`],
  interactions: ALL_INTERACTIONS,
  patient: [],
  custodians: ['organization'],
  search: {
    ...TELECOM_SEARCH,
    active: token('active', 'boolean'),
    date: date('period'),
    endpoint: reference('endpoint', 'Endpoint'),
    identifier: token('identifier', 'Identifier'),
    location: reference('location', 'Location'),
    organization: reference('organization', 'Organization'),
    practitioner: reference('practitioner', 'Practitioner'),
    role: token('code', 'CodeableConcept'),
    service: reference('healthcareService', 'HealthcareService'),
    specialty: token('specialty', 'CodeableConcept'),
  },
} as const satisfies ResourceEntry;
