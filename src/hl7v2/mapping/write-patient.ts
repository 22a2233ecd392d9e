/** A Patient as PID and PD1, a RelatedPerson as NK1. */
import type { Address, Coding, Consent, Extension, Patient, RelatedPerson } from '@medplum/fhirtypes';
import { OWN_EXTENSION, US_CORE } from '../../catalog/shared.ts';
import type { Written, WrittenSegment } from '../message.ts';
import { compactOf } from '../time.ts';
import { ROLES } from './guardian.ts';
import { BCP47, ISO639, nameOf, SSN, table } from './systems.ts';
import { ceOf, cxOf, inOrder, repeated, xadOf, xpnOf, xtnOf } from './write.ts';

const FHIR = 'http://hl7.org/fhir/StructureDefinition/';
const extensionOf = ({ extension = [] }: { extension?: Extension[] }, url: string): Extension | undefined =>
  extension.find((each) => each.url === url);
const date = (value: string | undefined): string | undefined => value && compactOf(value);

const GENDERS = { female: 'F', male: 'M', other: 'O', unknown: 'U' } as const;

const blank = (count: number): Written[] => Array.from({ length: count }, () => undefined);

/** The numbers of a person; a secret one is never written. */
const numbersOf = ({ identifier = [] }: Patient): Written =>
  repeated(identifier.filter(({ system }) => system !== SSN).map(cxOf));

/** The person. */
export function pidOf(patient: Patient, setId: number): WrittenSegment {
  const { name = [], gender = 'unknown' } = patient;
  const maiden = extensionOf(patient, `${FHIR}patient-mothersMaidenName`)?.valueString;
  return {
    name: 'PID',
    fields: [
      String(setId),
      undefined,
      numbersOf(patient),
      undefined,
      repeated(name.map(xpnOf)),
      maiden === undefined ? undefined : [maiden, ...blank(5), 'M'].map((part) => part as string | undefined),
      birthOf(patient),
      GENDERS[gender],
      undefined,
      raceOf(patient),
      addressesOf(patient),
      undefined,
      repeated((patient.telecom ?? []).map(xtnOf)),
      undefined,
      languageOf(patient),
      ...blank(6),
      ethnicityOf(patient),
      birthPlaceOf(patient)?.text,
      ...multipleBirthOf(patient),
      ...blank(3),
      date(patient.deceasedDateTime),
      deathOf(patient),
    ],
  };
}

/** Who it may be: enough to choose among candidates, and no more. */
export function candidateOf(patient: Patient, setId: number): WrittenSegment {
  const { name = [], birthDate, gender = 'unknown' } = patient;
  return {
    name: 'PID',
    fields: [
      String(setId),
      undefined,
      numbersOf(patient),
      undefined,
      repeated(name.slice(0, 1).map(xpnOf)),
      undefined,
      date(birthDate),
      GENDERS[gender],
    ],
  };
}

/** Beside a primitive stand its extensions, which Medplum's types leave out. */
type WithBirthTime = Patient & { readonly _birthDate?: { extension?: Extension[] } };

function birthOf(patient: Patient): string | undefined {
  const time = extensionOf(
    (patient as WithBirthTime)._birthDate ?? {},
    `${FHIR}patient-birthTime`,
  )?.valueDateTime;
  return date(time ?? patient.birthDate);
}

const partsOf = (extension: Extension | undefined, ...urls: readonly string[]): readonly Extension[] =>
  (extension?.extension ?? []).filter(({ url }) => urls.includes(url));

function raceOf(patient: Patient): Written {
  const races = partsOf(extensionOf(patient, `${US_CORE}race`), 'ombCategory', 'detailed');
  return repeated(races.flatMap(({ valueCoding }) => (valueCoding ? [ceOf([valueCoding]) ?? []] : [])));
}

function ethnicityOf(patient: Patient): Written {
  const ethnicity = extensionOf(patient, `${US_CORE}ethnicity`);
  const codes = [...partsOf(ethnicity, 'ombCategory'), ...partsOf(ethnicity, 'detailed')];
  return ceOf(codes.flatMap(({ valueCoding }) => valueCoding ?? []));
}

function addressesOf(patient: Patient): Written {
  const birth = birthPlaceOf(patient);
  const places = (patient.address ?? []).map((address) => xadOf(address));
  // The name of the facility stands in PID-23.
  const { text: _named, ...born } = birth ?? {};
  return repeated(Object.keys(born).length === 0 ? places : [...places, xadOf(born, 'BDL')]);
}

const birthPlaceOf = (patient: Patient): Address | undefined =>
  extensionOf(patient, `${FHIR}patient-birthPlace`)?.valueAddress;

function languageOf({ communication = [] }: Patient): Written {
  const [spoken] = communication;
  const [first] = spoken === undefined ? [] : inOrder(spoken.language, ISO639, BCP47);
  return first && [first.code, spoken?.language.text, nameOf(first.system)];
}

function multipleBirthOf({ multipleBirthBoolean, multipleBirthInteger }: Patient): Written[] {
  if (multipleBirthInteger !== undefined) return ['Y', String(multipleBirthInteger)];
  return [multipleBirthBoolean === undefined ? undefined : multipleBirthBoolean ? 'Y' : 'N', undefined];
}

function deathOf({ deceasedBoolean, deceasedDateTime }: Patient): Written {
  if (deceasedDateTime !== undefined) return 'Y';
  return deceasedBoolean === undefined ? undefined : deceasedBoolean ? 'Y' : 'N';
}

/**
 * What PD1 says; undefined where it would say nothing.
 * @param directives those that close the record to somebody
 * @param organization `Organization/id` of who asks: a status is between it and the patient
 */
export function pd1SegmentOf(
  patient: Patient,
  directives: readonly Consent[],
  organization: string | undefined,
): WrittenSegment | undefined {
  const publicity = extensionOf(patient, `${OWN_EXTENSION}reminder-recall`);
  const status = statusWith(patient, organization);
  const active = directives.find((each) => each.status === 'active');
  const fields: Written[] = [
    ...blank(2),
    ...practicesOf(patient),
    ...blank(6),
    ceOf(codingsIn(publicity, 'code')),
    active && 'Y',
    date(active?.dateTime?.slice(0, 10)),
    undefined,
    undefined,
    codingsIn(status, 'status')[0]?.code,
    dateIn(status),
    dateIn(publicity),
  ];
  return fields.every((field) => field === undefined) ? undefined : { name: 'PD1', fields };
}

/** PD1-3 and PD1-4: the practice (XON) and the physician (XCN), as far as they are named. */
function practicesOf({ generalPractitioner = [] }: Patient): readonly [Written, Written] {
  const of = (type: string) => generalPractitioner.find((each) => each.type === type);
  const [practice, physician] = [of('Organization'), of('Practitioner')];
  const words = physician?.display?.split(' ') ?? [];
  return [
    practice && [practice.display, ...Array.from({ length: 8 }, () => undefined), practice.identifier?.value],
    physician && [physician.identifier?.value, words.at(-1), words.slice(0, -1).join(' ')],
  ];
}

const codingsIn = (extension: Extension | undefined, url: string): readonly Coding[] =>
  partsOf(extension, url)[0]?.valueCodeableConcept?.coding ?? [];
const dateIn = (extension: Extension | undefined): string | undefined =>
  date(partsOf(extension, 'date')[0]?.valueDate);

/** Of the asker; else, where only one is kept, that one. */
function statusWith({ extension = [] }: Patient, organization: string | undefined): Extension | undefined {
  const all = extension.filter(({ url }) => url === `${OWN_EXTENSION}provider-status`);
  const own = all.find(
    (each) => partsOf(each, 'organization')[0]?.valueReference?.reference === organization,
  );
  return own ?? (all.length === 1 ? all[0] : undefined);
}

export function nk1Of(guardian: RelatedPerson, setId: number): WrittenSegment {
  const codings = (guardian.relationship ?? []).flatMap(({ coding = [] }) => coding);
  const role = codings.find(({ system }) => system === table('0063'));
  const known = Object.keys(ROLES).find((code) => codings.some((each) => each.code === ROLES[code]?.[0]));
  return {
    name: 'NK1',
    fields: [
      String(setId),
      repeated((guardian.name ?? []).map(xpnOf)),
      role === undefined ? [known ?? 'OTH', undefined, 'HL70063'] : ceOf([role]),
      repeated((guardian.address ?? []).map((address) => xadOf(address))),
      repeated((guardian.telecom ?? []).map(xtnOf)),
    ],
  };
}
