/** Patient: a person the registry keeps a record of. */
import {
  ALL_INTERACTIONS,
  composite,
  date,
  number,
  phonetic,
  reference,
  string,
  token,
  type ResourceEntry,
} from '../define.ts';
import {
  FHIR_EXTENSION,
  individual,
  own,
  OWN_EXTENSION,
  OWN_PROFILE,
  PERSON_SEARCH,
  US_CORE,
  usCore,
} from '../shared.ts';

const PROVIDER_STATUS = `extension[url=${OWN_EXTENSION}provider-status]`;
/** The values of the parts of an extension that has parts. */
const partOfExtension = (url: string): string => `extension[url=${url}].extension.value`;

export const patient = {
  type: 'Patient',
  profiles: [`${US_CORE}patient`, `${OWN_PROFILE}patient`],
  interactions: ALL_INTERACTIONS,
  patient: ['id'],
  custodians: ['managingOrganization'],
  search: {
    ...PERSON_SEARCH,
    active: token('active', 'boolean'),
    'birth-order': own('patient-birth-order', number('multipleBirthInteger')),
    birthdate: individual('birthdate', date('birthDate')),
    'death-date': date('deceased'),
    deceased: token('deceased', 'presence'),
    ethnicity: usCore('ethnicity', token(partOfExtension(`${US_CORE}ethnicity`), 'Coding')),
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
    'mothers-maiden-name': own(
      'patient-mothers-maiden-name',
      string(`extension[url=${FHIR_EXTENSION}patient-mothersMaidenName].value`),
    ),
    organization: reference('managingOrganization', 'Organization'),
    phonetic: individual('phonetic', phonetic('name', 'HumanName')),
    'provider-organization': own(
      'patient-provider-organization',
      reference(`${PROVIDER_STATUS}.extension[url=organization].value`, 'Organization'),
    ),
    'provider-status': own(
      'patient-provider-status',
      token(`${PROVIDER_STATUS}.extension[url=status].value`, 'CodeableConcept'),
    ),
    'provider-status-at': own(
      'patient-provider-status-at',
      composite(
        PROVIDER_STATUS,
        reference('extension[url=organization].value', 'Organization'),
        token('extension[url=status].value', 'CodeableConcept'),
      ),
    ),
    race: usCore('race', token(partOfExtension(`${US_CORE}race`), 'Coding')),
    'registry-status': own(
      'patient-registry-status',
      token(`extension[url=${OWN_EXTENSION}registry-status].extension[url=status].value`, 'CodeableConcept'),
    ),
  },
  sort: ['birthdate', 'family'],
  hot: [['birthdate', 'family'], ['family']],
  blocking: 2,
} as const satisfies ResourceEntry;
