/** Patient: a person the registry keeps a record of. */
import { ALL_INTERACTIONS, date, reference, string, token, type ResourceEntry } from '../define.ts';
import { individual, PERSON_SEARCH, US_CORE } from '../shared.ts';

export const patient = {
  type: 'Patient',
  profiles: [`${US_CORE}patient`],
  interactions: ALL_INTERACTIONS,
  patient: ['id'],
  custodians: ['managingOrganization'],
  search: {
    ...PERSON_SEARCH,
    active: token('active', 'boolean'),
    birthdate: individual('birthdate', date('birthDate')),
    'death-date': date('deceased'),
    deceased: token('deceased', 'presence'),
    family: individual('family', string('name.family')),
    'general-practitioner': reference(
      'generalPractitioner',
      'Organization',
      'Practitioner',
      'PractitionerRole',
    ),
    given: individual('given', string('name.given')),
    identifier: token('identifier', 'Identifier'),
    language: token('communication.language', 'CodeableConcept'),
    link: reference('link.other', 'Patient', 'RelatedPerson'),
    organization: reference('managingOrganization', 'Organization'),
  },
  sort: ['birthdate', 'family'],
  hot: [['birthdate', 'family'], ['family']],
} as const satisfies ResourceEntry;
