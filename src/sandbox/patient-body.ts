/** A person as a FHIR Patient, shaped as US Core asks (https://hl7.org/fhir/us/core/STU6.1/StructureDefinition-us-core-patient.html), and guardians as RelatedPerson. */
import type {
  Address,
  ContactPoint,
  Extension,
  HumanName,
  Identifier,
  Patient,
  RelatedPerson,
} from '@medplum/fhirtypes';
import { dateOf } from './calendar.ts';
import { coding, concept, SYSTEM } from './concepts.ts';
import { mrnSystem, type Refer } from './identifiers.ts';
import { RACES } from './names.ts';
import type { Guardian, Identity, Person } from './person.ts';
import type { Place } from './places.ts';

const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition';
const FHIR = 'http://hl7.org/fhir/StructureDefinition';

/** What an organisation knows of a person beside the identity. */
export interface PatientFacts {
  readonly person: Person;
  /** The identity as the organisation wrote it. */
  readonly identity: Identity;
  readonly source: string;
  /** Medical record numbers, by organisation. */
  readonly records: readonly (readonly [organization: string, number: string])[];
  readonly withSsn: boolean;
  /** The practice that the person goes to. */
  readonly practice?: string;
}

function raceOf(race: string): Extension {
  const known = race.split('+').flatMap((key) => (key in RACES ? [RACES[key as keyof typeof RACES]] : []));
  const categories = known.map(([code, display]) => ({
    url: 'ombCategory',
    valueCoding: coding('cdcrec', code, display),
  }));
  const text = known.length === 0 ? 'Unknown' : known.map(([, display]) => display).join(', ');
  return { url: `${US_CORE}/us-core-race`, extension: [...categories, { url: 'text', valueString: text }] };
}

function ethnicityOf(hispanic: boolean): Extension {
  const [code, display] = hispanic ? ['2135-2', 'Hispanic or Latino'] : ['2186-5', 'Not Hispanic or Latino'];
  const category = { url: 'ombCategory', valueCoding: coding('cdcrec', code, display) };
  return {
    url: `${US_CORE}/us-core-ethnicity`,
    extension: [category, { url: 'text', valueString: display }],
  };
}

function birthPlaceOf({ birthCity, birthState, birthCountry }: Person): Extension[] {
  if (birthCountry === undefined) return [];
  const valueAddress: Address = {
    ...(birthCity !== undefined && { city: birthCity }),
    ...(birthState !== undefined && { state: birthState }),
    country: birthCountry,
  };
  return [{ url: `${FHIR}/patient-birthPlace`, valueAddress }];
}

function extensionsOf({ person, identity }: PatientFacts): Extension[] {
  const { mothersMaidenName } = identity;
  return [
    raceOf(person.race),
    ethnicityOf(person.hispanic),
    { url: `${US_CORE}/us-core-birthsex`, valueCode: person.sex === 'female' ? 'F' : 'M' },
    ...(mothersMaidenName === undefined
      ? []
      : [{ url: `${FHIR}/patient-mothersMaidenName`, valueString: mothersMaidenName }]),
    ...birthPlaceOf(person),
  ];
}

function identifiersOf({ person, records, withSsn }: PatientFacts): Identifier[] {
  const numbers = records.map(([organization, value]): Identifier => ({
    use: 'usual',
    type: concept('identifierType', 'MR', 'Medical record number'),
    system: mrnSystem(organization),
    value,
  }));
  if (person.ssn === undefined || !withSsn) return numbers;
  return [
    ...numbers,
    {
      use: 'official',
      type: concept('identifierType', 'SS', 'Social Security number'),
      system: SYSTEM.ssn,
      value: person.ssn,
    },
  ];
}

function namesOf({ given, family, suffix, nickname, formerFamily, sex }: Identity): HumanName[] {
  const official: HumanName = {
    use: 'official',
    family,
    ...(given.length > 0 && { given: [...given] }),
    ...(suffix !== undefined && { suffix: [suffix] }),
  };
  const former: HumanName[] =
    formerFamily === undefined
      ? []
      : [
          {
            use: sex === 'female' ? 'maiden' : 'old',
            family: formerFamily,
            ...(given.length > 0 && { given: [...given] }),
          },
        ];
  const familiar: HumanName[] = nickname === undefined ? [] : [{ use: 'nickname', given: [nickname] }];
  return [official, ...former, ...familiar];
}

function telecomOf({ phone, mobile, email }: Pick<Identity, 'phone' | 'mobile' | 'email'>): ContactPoint[] {
  return [
    ...(phone === undefined ? [] : [{ system: 'phone', value: phone, use: 'home' } as const]),
    ...(mobile === undefined ? [] : [{ system: 'phone', value: mobile, use: 'mobile' } as const]),
    ...(email === undefined ? [] : [{ system: 'email', value: email } as const]),
  ];
}

/** A place as a FHIR Address. */
export function addressOf(place: Place): Address {
  return {
    line: [...place.line],
    city: place.city,
    district: place.county,
    state: place.state,
    postalCode: place.zip,
    country: 'US',
  };
}

function addressesOf({ place, former }: Identity): Address[] {
  const now: Address[] = place === undefined ? [] : [{ use: 'home', ...addressOf(place) }];
  const old: Address[] =
    former === undefined
      ? []
      : [{ use: 'old', ...addressOf(former.place), period: { end: dateOf(former.until) } }];
  return [...now, ...old];
}

/** Elements that must not be there empty. */
function listsOf(facts: PatientFacts): Pick<Patient, 'telecom' | 'address'> {
  const [telecom, address] = [telecomOf(facts.identity), addressesOf(facts.identity)];
  return { ...(telecom.length > 0 && { telecom }), ...(address.length > 0 && { address }) };
}

function languageOf([code, display]: Person['language']): NonNullable<Patient['communication']> {
  return [{ language: { coding: [{ system: SYSTEM.language, code, display }] }, preferred: true }];
}

/** The Patient that an organisation reports. */
export function patientBody(facts: PatientFacts, refer: Refer): Patient {
  const { person, identity, source, practice } = facts;
  return {
    resourceType: 'Patient',
    extension: extensionsOf(facts),
    identifier: identifiersOf(facts),
    active: person.deathDay === undefined,
    name: namesOf(identity),
    gender: identity.sex,
    birthDate: identity.birthDate,
    ...(person.deathDay !== undefined && { deceasedDateTime: dateOf(person.deathDay) }),
    ...listsOf(facts),
    ...(identity.birthOrder !== undefined && { multipleBirthInteger: identity.birthOrder }),
    communication: languageOf(person.language),
    ...(practice !== undefined && { generalPractitioner: [{ reference: refer('Organization', practice) }] }),
    managingOrganization: { reference: refer('Organization', source) },
  };
}

const RELATIONSHIPS = { MTH: 'mother', FTH: 'father', GRPRN: 'grandparent', GUARD: 'guardian' } as const;

/** A guardian of a child, reached where the child is. */
export function guardianBody(guardian: Guardian, patient: string, identity: Identity): RelatedPerson {
  const telecom = telecomOf({ ...(identity.phone !== undefined && { phone: identity.phone }) });
  const { relationship, given, family } = guardian;
  return {
    resourceType: 'RelatedPerson',
    active: true,
    patient: { reference: patient },
    relationship: [concept('roleCode', relationship, RELATIONSHIPS[relationship])],
    name: [{ use: 'official', family, given: [given] }],
    ...(telecom.length > 0 && { telecom }),
    ...(identity.place !== undefined && { address: [{ use: 'home', ...addressOf(identity.place) }] }),
  };
}
