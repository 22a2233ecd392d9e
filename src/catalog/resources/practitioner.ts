/** Practitioner: who gives, orders or records doses. */
import { ALL_INTERACTIONS, phonetic, string, token, type ResourceEntry } from '../define.ts';
import { individual, OWN_PROFILE, PERSON_SEARCH, US_CORE } from '../shared.ts';

export const practitioner = {
  type: 'Practitioner',
  profiles: [`${US_CORE}practitioner`, `${OWN_PROFILE}practitioner`],
  interactions: ALL_INTERACTIONS,
  patient: [],
  search: {
    ...PERSON_SEARCH,
    active: token('active', 'boolean'),
    communication: token('communication', 'CodeableConcept'),
    family: individual('family', string('name.family')),
    given: individual('given', string('name.given')),
    identifier: token('identifier', 'Identifier'),
    phonetic: individual('phonetic', phonetic('name', 'HumanName')),
  },
  sort: ['family'],
  hot: [['family']],
} as const satisfies ResourceEntry;
