/** PID and PD1 as a Patient (HL7 v2-to-FHIR, and iis-patient for what that map leaves out). */
import type { Extension, HumanName, Identifier, Patient } from '@medplum/fhirtypes';
import { isInFuture } from '../../validation/registry/dates.ts';
import type { Findings } from '../findings.ts';
import type { Repetition, Segment } from '../message.ts';
import { dateOf, dateTimeOf, dayOf } from '../time.ts';
import { ethnicityOf, languageOf, raceOf } from './demographics.ts';
import { pd1Of } from './pd1.ts';
import {
  addressOf,
  BIRTH_ADDRESSES,
  filled,
  identifierOf,
  isAddressType,
  isNameType,
  isPhoneUse,
  nameOf,
  part,
  telecomOf,
} from './read.ts';
import { SSN, type Authority } from './systems.ts';

/** What reading a segment needs to know. */
export interface Reading {
  readonly findings: Findings;
  readonly now: Date;
  /** The facility that sends, which numbers what has no authority of its own. */
  readonly facility: Authority;
  /** Its Organization. */
  readonly organization: string;
  /** Whether a person is read of whom something is missing that whoever sends must say: what others answer is taken as it is. */
  readonly takesAll?: boolean;
}

const FHIR = 'http://hl7.org/fhir/StructureDefinition/';

/** The person; undefined where what is required is missing, which has been reported. */
export function patientOf(reading: Reading, pid: Segment, pd1: Segment | undefined): Patient | undefined {
  const identifier = identifiersOf(reading, pid);
  const name = namesOf(reading, pid);
  const birth = birthOf(reading, pid);
  const isWhole = identifier !== undefined && name !== undefined && birth !== undefined;
  if (!isWhole && reading.takesAll !== true) return undefined;
  const { addresses, birthPlace } = addressesOf(reading, pid);
  return filled({
    resourceType: 'Patient',
    identifier,
    name: name ?? pid.field(5).flatMap((repetition) => nameOf(repetition) ?? []),
    telecom: telecomsOf(reading, pid),
    gender: genderOf(reading, pid),
    ...birth,
    ...deathOf(reading, pid, birth?.birthDate ?? ''),
    address: addresses,
    ...multipleBirthOf(reading, pid),
    communication: languageOf(reading, pid),
    extension: [
      ...raceOf(reading, pid),
      ...ethnicityOf(reading, pid),
      ...mothersNameOf(pid),
      ...birthPlace,
      ...(pd1 === undefined ? [] : pd1Of(reading, pd1)),
    ],
    generalPractitioner: practiceOf(pd1),
    managingOrganization: { reference: reading.organization },
  });
}

/** More numbers than one sender has of a person are no help, and each is looked for. */
export const MOST_NUMBERS = 50;

function identifiersOf({ findings, facility }: Reading, pid: Segment): Identifier[] | undefined {
  const all = pid
    .field(3)
    .slice(0, MOST_NUMBERS)
    .flatMap((repetition, at) => {
      const identifier = identifierOf(repetition, facility);
      if (identifier === undefined) return [];
      const place = { field: 3, repetition: at + 1 };
      if (part(repetition, 5) === 'SS')
        return ssnOf(identifier, () => {
          findings.report('patient-ssn-invalid', pid, place);
        });
      if (part(repetition, 4) === '')
        findings.report('patient-id-authority-missing', pid, { ...place, component: 4 });
      if (part(repetition, 5) === '')
        findings.report('patient-id-type-missing', pid, { ...place, component: 5 });
      return [identifier];
    });
  if (all.some(({ system }) => system !== SSN)) return all;
  findings.report('patient-id-missing', pid, { field: 3 });
  return undefined;
}

function ssnOf(identifier: Identifier, invalid: () => void): Identifier[] {
  const { assigner: _assigner, ...rest } = identifier;
  const digits = (identifier.value ?? '').replace(/\D/g, '');
  if (digits.length === 9 && !/^(\d)\1{8}$/.test(digits)) return [{ ...rest, system: SSN, value: digits }];
  invalid();
  return [];
}

const NO_NAME = /^(unknown|unk|un-?named|no ?name|none|n\/?a|xx+|[-.?*]+)$/i;
const TEST_NAME = /^(test|dummy|fake|sample)$/i;
const NEWBORN = /^(baby|newborn|infant|nb)?\s*(boy|girl|baby|newborn|infant|male|female)(\s*[a-d1-4])?$/i;

/** What is no name of this person, though it is taken as one. */
function remarkName({ report }: Findings, pid: Segment, first: Repetition): void {
  const [family, given] = [part(first, 1), part(first, 2)];
  const has = (pattern: RegExp): boolean => pattern.test(family) || pattern.test(given);
  const place = { field: 5, repetition: 1 };
  if (has(NO_NAME)) report('patient-name-junk', pid, place);
  if (has(TEST_NAME)) report('patient-name-test', pid, place);
  if (NEWBORN.test(given) || part(first, 7) === 'NB') report('patient-name-newborn', pid, place);
}

/** The first is the legal name; what it must have, it must have first. */
function namesOf({ findings }: Reading, pid: Segment): HumanName[] | undefined {
  const [first] = pid.field(5);
  if (first === undefined) {
    findings.report('patient-name-missing', pid, { field: 5 });
    return undefined;
  }
  const [family, given] = [part(first, 1), part(first, 2)];
  const place = { field: 5, repetition: 1 };
  if (family === '') findings.report('patient-family-missing', pid, { ...place, component: 1 });
  if (given === '') findings.report('patient-given-missing', pid, { ...place, component: 2 });
  if (family === '' || given === '') return undefined;
  remarkName(findings, pid, first);
  return pid.field(5).flatMap((repetition, at) => {
    if (!isNameType(part(repetition, 7)))
      findings.report('patient-name-type', pid, { field: 5, repetition: at + 1, component: 7 });
    const name = nameOf(repetition);
    if (name === undefined) return [];
    return [at === 0 && name.use === undefined ? { use: 'official' as const, ...name } : name];
  });
}

type Birth = Required<Pick<Patient, 'birthDate'>> & { readonly _birthDate?: { extension: Extension[] } };

function birthOf({ findings, now }: Reading, pid: Segment): Birth | undefined {
  const text = pid.value(7);
  const birthDate = dayOf(text);
  if (text === '') findings.report('birth-date-missing', pid, { field: 7 });
  else if (birthDate === undefined) findings.report('birth-date-invalid', pid, { field: 7 });
  else if (isInFuture(birthDate, now)) findings.report('birth-date-future', pid, { field: 7 });
  else
    return withTime(birthDate, dateTimeOf(text), () => {
      if (Number(birthDate.slice(0, 4)) < now.getUTCFullYear() - 120)
        findings.report('birth-date-old', pid, { field: 7 });
    });
  return undefined;
}

function withTime(birthDate: string, dateTime: string | undefined, check: () => void): Birth {
  check();
  if (dateTime === undefined || dateTime.length === birthDate.length) return { birthDate };
  return {
    birthDate,
    _birthDate: { extension: [{ url: `${FHIR}patient-birthTime`, valueDateTime: dateTime }] },
  };
}

const GENDERS: Readonly<Record<string, NonNullable<Patient['gender']>>> = {
  F: 'female',
  M: 'male',
  U: 'unknown',
  O: 'other',
  A: 'other',
  N: 'other',
  X: 'other',
};

function genderOf({ findings }: Reading, pid: Segment): NonNullable<Patient['gender']> {
  const sent = pid.value(8).toUpperCase();
  if (sent === '') findings.report('gender-missing', pid, { field: 8 });
  else if (!(sent in GENDERS)) findings.report('gender-unrecognized', pid, { field: 8 });
  return GENDERS[sent] ?? 'unknown';
}

function addressesOf(
  { findings }: Reading,
  pid: Segment,
): { addresses: NonNullable<Patient['address']>; birthPlace: Extension[] } {
  const read = pid.field(11).flatMap((repetition, at) => {
    const type = part(repetition, 7);
    const place = { field: 11, repetition: at + 1, component: 7 };
    if (!isAddressType(type)) findings.report('address-type', pid, place);
    if (type === 'BA') findings.report('address-bad', pid, place);
    const address =
      addressOf(repetition) ?? (type === 'BDL' ? filled({ country: part(repetition, 6) }) : undefined);
    return address === undefined ? [] : [{ type, address }];
  });
  const [birth] = read.filter(({ type }) => BIRTH_ADDRESSES.has(type));
  const place = filled({ ...birth?.address, text: pid.value(23) });
  return {
    addresses: read.filter(({ type }) => !BIRTH_ADDRESSES.has(type)).map(({ address }) => address),
    birthPlace:
      Object.keys(place).length === 0 ? [] : [{ url: `${FHIR}patient-birthPlace`, valueAddress: place }],
  };
}

function telecomsOf({ findings }: Reading, pid: Segment): NonNullable<Patient['telecom']> {
  const read = (repetition: Repetition, at: number, field: number) => {
    if (repetition.every((component) => component.every((each) => each === ''))) return [];
    const place = { field, repetition: at + 1 };
    const telecom = telecomOf(repetition);
    if (telecom === undefined) findings.report('phone-invalid', pid, place);
    else if (!isPhoneUse(part(repetition, 2))) findings.report('phone-use', pid, { ...place, component: 2 });
    return telecom === undefined ? [] : [telecom];
  };
  return [
    ...pid.field(13).flatMap((repetition, at) => read(repetition, at, 13)),
    ...pid
      .field(14)
      .flatMap((repetition, at) =>
        read(repetition, at, 14).map((each) => ({ ...each, use: 'work' as const })),
      ),
  ];
}

function multipleBirthOf(
  reading: Reading,
  pid: Segment,
): Pick<Patient, 'multipleBirthBoolean' | 'multipleBirthInteger'> {
  const { report } = reading.findings;
  const [indicator, order] = [pid.value(24).toUpperCase(), birthOrderOf(reading, pid)];
  if (!['', 'Y', 'N'].includes(indicator)) report('birth-indicator-invalid', pid, { field: 24 });
  if (indicator === 'N') return { multipleBirthBoolean: false };
  if (order !== undefined && (indicator === 'Y' || order > 1)) return { multipleBirthInteger: order };
  if (indicator !== 'Y') return {};
  report('birth-order-missing', pid, { field: 25 });
  return { multipleBirthBoolean: true };
}

/** A single birth is often sent with the order 0 or 1. */
function birthOrderOf({ findings }: Reading, pid: Segment): number | undefined {
  const order = pid.value(25);
  if (/^[1-9]\d?$/.test(order)) return Number(order);
  const isSingle = order === '0' && pid.value(24).toUpperCase() !== 'Y';
  if (order !== '' && !isSingle) findings.report('birth-order-invalid', pid, { field: 25 });
  return undefined;
}

function deathOf(
  reading: Reading,
  pid: Segment,
  birthDate: string,
): Pick<Patient, 'deceasedBoolean' | 'deceasedDateTime'> {
  const [text, indicator] = [pid.value(29), pid.value(30).toUpperCase()];
  const date = deathDateOf(reading, pid, birthDate);
  if (date !== undefined && indicator === 'N') {
    reading.findings.report('death-indicator', pid, { field: 30 });
    return { deceasedBoolean: false };
  }
  if (date !== undefined) return { deceasedDateTime: date };
  if (indicator === 'Y') return { deceasedBoolean: true };
  return indicator === 'N' && text === '' ? { deceasedBoolean: false } : {};
}

function deathDateOf({ findings, now }: Reading, pid: Segment, birthDate: string): string | undefined {
  const text = pid.value(29);
  if (text === '') return undefined;
  const date = dateOf(text);
  if (date === undefined) findings.report('death-date-invalid', pid, { field: 29 });
  else if (isInFuture(dateTimeOf(text), now)) findings.report('death-date-future', pid, { field: 29 });
  else if (date < birthDate.slice(0, date.length)) findings.report('death-before-birth', pid, { field: 29 });
  else return dateTimeOf(text);
  return undefined;
}

function mothersNameOf(pid: Segment): Extension[] {
  const family = pid.value(6);
  return family === '' ? [] : [{ url: `${FHIR}patient-mothersMaidenName`, valueString: family }];
}

/** The practice (PD1-3) and the physician (PD1-4), as far as they are named. */
function practiceOf(pd1: Segment | undefined): NonNullable<Patient['generalPractitioner']> {
  if (pd1 === undefined) return [];
  const [practice] = pd1.field(3);
  const [physician] = pd1.field(4);
  const named = [
    {
      display: part(practice, 1),
      number: part(practice, 10) || part(practice, 3),
      type: 'Organization' as const,
    },
    {
      display: [part(physician, 3), part(physician, 2)].filter((each) => each !== '').join(' '),
      number: part(physician, 1),
      type: 'Practitioner' as const,
    },
  ];
  return named.flatMap(({ display, number, type }) =>
    display === '' && number === ''
      ? []
      : [{ type, ...(number !== '' && { identifier: { value: number } }), ...filled({ display }) }],
  );
}
