/** RelatedPerson: a parent, guardian or other person who stands by a patient. */
import { ALL_INTERACTIONS, date, phonetic, reference, token, type ResourceEntry } from '../define.ts';
import { individual, OWN_PROFILE, PERSON_SEARCH, US_CORE } from '../shared.ts';

export const relatedPerson = {
  type: 'RelatedPerson',
  profiles: [`${US_CORE}relatedperson`, `${OWN_PROFILE}related-person`],
  interactions: ALL_INTERACTIONS,
  patient: ['patient'],
  search: {
    ...PERSON_SEARCH,
    active: token('active', 'boolean'),
    birthdate: individual('birthdate', date('birthDate')),
    identifier: token('identifier', 'Identifier'),
    patient: reference('patient', 'Patient'),
    phonetic: individual('phonetic', phonetic('name', 'HumanName')),
    relationship: token('relationship', 'CodeableConcept'),
  },
} as const satisfies ResourceEntry;
