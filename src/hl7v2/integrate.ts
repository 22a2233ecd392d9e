/**
 * What a message changes in a patient who is there already: what it says is newer, what it leaves out stays, and
 * nothing that was known before is lost.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Address, ContactPoint, Extension, HumanName, Identifier, Patient } from '@medplum/fhirtypes';
import { OWN_EXTENSION } from '../catalog/shared.ts';
import { folded as fold } from '../search/fold.ts';
import { isNumber, SSN } from './mapping/systems.ts';

/** @returns the stored patient itself where the message says nothing new */
export function integrate(stored: Patient, sent: Patient): Patient {
  const {
    multipleBirthBoolean,
    multipleBirthInteger,
    deceasedBoolean,
    deceasedDateTime,
    _birthDate: _hour,
    ...rest
  } = stored as Born;
  const merged: Patient = {
    ...rest,
    identifier: numbersOf(stored, sent),
    name: namesOf(stored.name ?? [], sent.name ?? []),
    ...birthOf(stored, sent),
    ...(sent.gender !== undefined && sent.gender !== 'unknown' && { gender: sent.gender }),
    ...listsOf(stored, sent),
    ...(sent.multipleBirthBoolean === undefined && sent.multipleBirthInteger === undefined
      ? given({ multipleBirthBoolean, multipleBirthInteger })
      : given({
          multipleBirthBoolean: sent.multipleBirthBoolean,
          multipleBirthInteger: sent.multipleBirthInteger,
        })),
    ...deathOf({ deceasedBoolean, deceasedDateTime }, sent),
  };
  return isDeepStrictEqual(merged, stored) ? stored : merged;
}

/** Beside a primitive stand its extensions, which Medplum's types leave out: the hour of the birth. */
type Born = Patient & { readonly _birthDate?: object };

/** A date without an hour does not take the hour away, unless it is another date. */
function birthOf(stored: Born, sent: Born): Partial<Born> {
  const birthDate = sent.birthDate ?? stored.birthDate;
  const hour = sent._birthDate ?? (birthDate === stored.birthDate ? stored._birthDate : undefined);
  return {
    ...(birthDate !== undefined && { birthDate }),
    ...(hour !== undefined && { _birthDate: hour }),
  };
}

type MaybeSaid = { readonly [K in keyof Patient]?: Patient[K] | undefined };

const given = (values: MaybeSaid): Partial<Patient> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** Nobody comes back to life because a message does not know of the death. */
function deathOf(stored: MaybeSaid, sent: Patient): Partial<Patient> {
  if (sent.deceasedDateTime !== undefined) return { deceasedDateTime: sent.deceasedDateTime };
  if (stored.deceasedDateTime !== undefined || stored.deceasedBoolean === true) return given(stored);
  return given({ deceasedBoolean: sent.deceasedBoolean ?? stored.deceasedBoolean });
}

/** Of a secret number nothing can be compared: the one that is stored stays. A use that is said is newer. */
function numbersOf({ identifier = [] }: Patient, sent: Patient): Identifier[] {
  const isThere = (number: Identifier): boolean =>
    identifier.some((each) => (number.system === SSN ? each.system === SSN : isNumber(number)(each)));
  const used = identifier.map((each): Identifier => {
    const use = sent.identifier?.find(isNumber(each))?.use;
    return use === undefined ? each : { ...each, use };
  });
  return [...used, ...(sent.identifier ?? []).filter((each) => !isThere(each))];
}

const keyOfName = ({ family = '', given: names = [] }: HumanName): string =>
  fold([family, ...names].join(' '));

/** The legal name that is sent takes the place of the one before, which is kept as a former one. */
function namesOf(stored: readonly HumanName[], sent: readonly HumanName[]): HumanName[] {
  const added = sent.filter((name) => !stored.some((each) => keyOfName(each) === keyOfName(name)));
  const official = added.find(({ use }) => use === 'official');
  const kept = stored.map((name): HumanName =>
    official !== undefined && name.use === 'official' ? { ...name, use: 'old' } : name,
  );
  return official === undefined
    ? [...kept, ...added]
    : [official, ...kept, ...added.filter((name) => name !== official)];
}

const keyOfAddress = ({ line = [], city = '', postalCode = '', text = '' }: Address): string =>
  fold([...line, city, postalCode, text].join(' '));

function addressesOf(stored: readonly Address[], sent: readonly Address[]): Address[] {
  if (sent.length === 0) return [...stored];
  const isSent = (address: Address): boolean =>
    sent.some((each) => keyOfAddress(each) === keyOfAddress(address));
  const [first] = stored;
  // The same addresses in the same order are no news, however they are written.
  if (
    first !== undefined &&
    sent.every((each) =>
      stored.some((old) => keyOfAddress(old) === keyOfAddress(each) && old.use === each.use),
    )
  )
    return [...stored];
  const former = stored.filter((each) => !isSent(each)).map((each): Address => ({ ...each, use: 'old' }));
  return [...sent, ...former];
}

function telecomsOf(stored: readonly ContactPoint[], sent: readonly ContactPoint[]): ContactPoint[] {
  const isKnown = sent.every(({ value }) => stored.some((each) => each.value === value));
  if (isKnown) return [...stored];
  return [...sent, ...stored].filter(
    (each, at, all) => all.findIndex((other) => other.value === each.value) === at,
  );
}

/** Lists, which must not be there empty, and what a message says anew as a whole. */
function listsOf(stored: Patient, sent: Patient): Partial<Patient> {
  const lists = {
    telecom: telecomsOf(stored.telecom ?? [], sent.telecom ?? []),
    address: addressesOf(stored.address ?? [], sent.address ?? []),
    extension: extensionsOf(stored.extension ?? [], sent.extension ?? []),
    communication: sent.communication ?? [],
    generalPractitioner: sent.generalPractitioner ?? [],
  };
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}

const PROVIDER_STATUS = `${OWN_EXTENSION}provider-status`;

/** A status is of one organisation with the patient: those of others stay. */
function keyOfExtension({ url, extension = [] }: Extension): string {
  const of = extension.find((each) => each.url === 'organization')?.valueReference?.reference;
  return url === PROVIDER_STATUS ? `${url} ${of ?? ''}` : url;
}

function extensionsOf(stored: readonly Extension[], sent: readonly Extension[]): Extension[] {
  const bySent = new Map(sent.map((each) => [keyOfExtension(each), each]));
  const kept = stored.map((each) => bySent.get(keyOfExtension(each)) ?? each);
  const known = new Set(stored.map(keyOfExtension));
  return [...kept, ...sent.filter((each) => !known.has(keyOfExtension(each)))];
}
