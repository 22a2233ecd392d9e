/** The person that a FHIR Patient describes (https://hl7.org/fhir/R4/patient.html), with the mother where others name her. */
import type { HumanName, Patient, RelatedPerson } from '@medplum/fhirtypes';
import { isSecretSystem, isSecretType } from '../catalog/secret-systems.ts';
import { folded } from '../search/fold.ts';
import { isPlaceholder, nameOf, orderOf, phoneOf, placeOf } from './normalize.ts';
import type { Person, PersonIdentifier } from './person.ts';

const MAIDEN_NAME = 'http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName';
const MOTHERS = new Set(['MTH', 'NMTH', 'MTHFOST', 'ADOPTM']);

/** Names in use come before familiar and former ones. */
const RANK: Readonly<Record<string, number>> = { nickname: 1, temp: 1, anonymous: 1, old: 2, maiden: 2 };
const rankOf = ({ use = 'usual' }: HumanName): number => RANK[use] ?? 0;

function namesOf({ name = [] }: Patient): Person['names'] {
  return name
    .toSorted((one, other) => rankOf(one) - rankOf(other))
    .map(nameOf)
    .filter(({ given, family }) => given !== undefined || family !== undefined);
}

function numbersOf({ identifier = [] }: Patient): Pick<Person, 'identifiers' | 'secrets'> {
  const identifiers: PersonIdentifier[] = [];
  const secrets: string[] = [];
  for (const { system, value, type } of identifier) {
    if (value === undefined) continue;
    const types = type?.coding ?? [];
    if (isSecretSystem(system) || types.some((coding) => isSecretType(coding.system, coding.code)))
      secrets.push(value.replace(/[\s-]/g, ''));
    else if (system !== undefined) identifiers.push({ system, value });
  }
  return { identifiers, secrets };
}

function reachedAt({ telecom = [] }: Patient): Pick<Person, 'phones' | 'emails'> {
  const of = (systems: readonly string[]): string[] =>
    telecom.filter(({ system = 'phone' }) => systems.includes(system)).flatMap(({ value }) => value ?? []);
  return {
    phones: [...new Set(of(['phone', 'sms']).flatMap((text) => phoneOf(text) ?? []))],
    emails: [...new Set(of(['email']).map((text) => text.trim().toLowerCase()))],
  };
}

const firstGiven = (names: readonly HumanName[]): string | undefined => names.map(nameOf)[0]?.given;

/** The mother as the Patient names her as a contact, or as a RelatedPerson of the same record. */
function motherOf({ contact = [] }: Patient, related: readonly RelatedPerson[]): Pick<Person, 'mother'> {
  const isMother = (kinds: RelatedPerson['relationship'] = []): boolean =>
    kinds.some(({ coding = [] }) => coding.some(({ code = '' }) => MOTHERS.has(code)));
  const names = [
    ...contact.filter(({ relationship }) => isMother(relationship)).flatMap(({ name }) => name ?? []),
    ...related.filter(({ relationship }) => isMother(relationship)).flatMap(({ name = [] }) => name),
  ];
  const mother = firstGiven(names);
  return mother === undefined ? {} : { mother };
}

function birthOrderOf({ multipleBirthInteger, name = [] }: Patient): Pick<Person, 'birthOrder'> {
  const placeholder = name.map(({ given = [] }) => folded(given[0] ?? '')).find(isPlaceholder);
  const birthOrder = multipleBirthInteger ?? (placeholder === undefined ? undefined : orderOf(placeholder));
  return birthOrder === undefined ? {} : { birthOrder };
}

function maidenNameOf({ extension = [] }: Patient): Pick<Person, 'mothersMaidenName'> {
  const written = extension.find(({ url }) => url === MAIDEN_NAME)?.valueString;
  const mothersMaidenName = folded(written ?? '');
  return mothersMaidenName === '' ? {} : { mothersMaidenName };
}

/** The person of a Patient; `related` are the RelatedPersons of the same record, where the caller has them. */
export function personOf(patient: Patient, related: readonly RelatedPerson[] = []): Person {
  const { birthDate, gender, address = [] } = patient;
  return {
    names: namesOf(patient),
    ...(birthDate !== undefined && { birthDate }),
    ...((gender === 'female' || gender === 'male') && { sex: gender }),
    places: address.map(placeOf).filter(({ street, zip, city }) => (street ?? zip ?? city) !== undefined),
    ...reachedAt(patient),
    ...numbersOf(patient),
    ...maidenNameOf(patient),
    ...motherOf(patient, related),
    ...birthOrderOf(patient),
  };
}
