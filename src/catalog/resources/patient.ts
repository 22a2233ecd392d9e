/** Patient: a person the registry keeps a record of. */
import { ALL_INTERACTIONS, date, reference, string, token, type ResourceEntry } from '../define.ts';

export const patient = {
  type: 'Patient',
  profiles: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient'],
  interactions: ALL_INTERACTIONS,
  patient: ['id'],
  custodians: ['managingOrganization'],
  search: {
    identifier: token('identifier', 'Identifier'),
    name: string('name', 'HumanName'),
    family: string('name.family'),
    given: string('name.given'),
    birthdate: date('birthDate'),
    gender: token('gender', 'code'),
    active: token('active', 'boolean'),
    'general-practitioner': reference('generalPractitioner', 'Organization', 'Practitioner', 'PractitionerRole'),
    organization: reference('managingOrganization', 'Organization'),
  },
  sort: ['birthdate', 'family'],
  hot: [['birthdate', 'family'], ['family']],
} as const satisfies ResourceEntry;
