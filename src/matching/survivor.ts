/**
 * Which values stand on the surviving Patient of a merge. Nothing that either record says is lost: what does not
 * win stays as a former name or address, or as one identifier more. Pure; the merge itself keeps both records.
 */
import type { Address, ContactPoint, Extension, HumanName, Identifier, Patient } from '@medplum/fhirtypes';
import { folded } from '../search/fold.ts';
import { isPlaceholder, phoneOf, placeOf } from './normalize.ts';

/** A record with what decides between it and another. */
export interface Mergeable {
  readonly patient: Patient;
  /** When it was last said that this is so, as an instant. */
  readonly updated: string;
  /** Whether the registry's staff confirmed the record. */
  readonly confirmed?: boolean;
}

/** Adds those of others that are not there yet, as the key tells. */
function unite<T>(mine: readonly T[], others: readonly T[], keyOf: (value: T) => string): T[] {
  const known = new Set(mine.map(keyOf));
  return [...mine, ...others.filter((value) => !known.has(keyOf(value)))];
}

const nameKey = ({ given = [], family = '', suffix = [] }: HumanName): string =>
  folded([...given, family, ...suffix].join(' '));
const addressKey = (address: Address): string => JSON.stringify(placeOf(address));
const telecomKey = ({ system, value = '' }: ContactPoint): string =>
  `${system ?? ''}|${phoneOf(value) ?? value.trim().toLowerCase()}`;
const identifierKey = ({ system = '', value = '' }: Identifier): string => `${system}|${value}`;

const isNamed = ({ given = [] }: HumanName): boolean =>
  given.length > 0 && !given.every((each) => isPlaceholder(folded(each)));
const isUsual = ({ use = 'usual' }: HumanName): boolean => use === 'usual' || use === 'official';

/** The names of the other record become former ones, unless the own name is a placeholder. */
function namesOf(mine: readonly HumanName[], others: readonly HumanName[]): HumanName[] {
  const own = mine.filter((name) => !isUsual(name) || isNamed(name));
  const isNameless = !own.some(isUsual);
  const theirs = others
    .filter((name) => !isUsual(name) || isNamed(name))
    .map((name): HumanName => (isNameless || !isUsual(name) ? name : { ...name, use: 'old' }));
  const united = isNameless ? unite(theirs, own, nameKey) : unite(own, theirs, nameKey);
  return united.length === 0 ? [...mine] : united;
}

/** Addresses of the other record become old ones. */
const addressesOf = (mine: readonly Address[], others: readonly Address[]): Address[] =>
  unite(
    mine,
    mine.length === 0 ? others : others.map((address): Address => ({ ...address, use: 'old' })),
    addressKey,
  );

/** Orders two records: the confirmed one wins, then the newer. */
function ranked(one: Mergeable, other: Mergeable): readonly [Mergeable, Mergeable] {
  if (one.confirmed !== other.confirmed) return one.confirmed === true ? [one, other] : [other, one];
  return one.updated >= other.updated ? [one, other] : [other, one];
}

/** Death is no value that a newer silence takes back. */
function deathOf(winner: Patient, loser: Patient): Pick<Patient, 'deceasedBoolean' | 'deceasedDateTime'> {
  const dated = winner.deceasedDateTime ?? loser.deceasedDateTime;
  if (dated !== undefined) return { deceasedDateTime: dated };
  const said = [winner, loser].flatMap(({ deceasedBoolean }) => deceasedBoolean ?? []);
  return said.length === 0 ? {} : { deceasedBoolean: said.includes(true) };
}

/** A place among twins says more than that there are twins; R4 has room for one of the two. */
function birthOf(
  winner: Patient,
  loser: Patient,
): Pick<Patient, 'multipleBirthInteger' | 'multipleBirthBoolean'> {
  const place = winner.multipleBirthInteger ?? loser.multipleBirthInteger;
  if (place !== undefined) return { multipleBirthInteger: place };
  const multiple = winner.multipleBirthBoolean ?? loser.multipleBirthBoolean;
  return multiple === undefined ? {} : { multipleBirthBoolean: multiple };
}

function birthDateOf({ birthDate: one }: Patient, { birthDate: other }: Patient): Pick<Patient, 'birthDate'> {
  // `1980-05` of the newer record does not take the day from the older one's `1980-05-17`.
  const finer = one !== undefined && other?.startsWith(one) === true ? other : (one ?? other);
  return finer === undefined ? {} : { birthDate: finer };
}

/** What belongs to a record and not to the person. */
const OWN = ['id', 'meta', 'link', 'active'] as const satisfies readonly (keyof Patient)[];
/** Elements of which R4 has one of two. */
const CHOICES = [
  'deceasedBoolean',
  'deceasedDateTime',
  'multipleBirthBoolean',
  'multipleBirthInteger',
] as const satisfies readonly (keyof Patient)[];

const only = (patient: Patient, keys: readonly (keyof Patient)[]): Partial<Patient> =>
  Object.fromEntries(Object.entries(patient).filter(([key]) => keys.includes(key as keyof Patient)));
const without = (patient: Patient, keys: readonly (keyof Patient)[]): Patient =>
  Object.fromEntries(
    Object.entries(patient).filter(([key]) => !keys.includes(key as keyof Patient)),
  ) as unknown as Patient;

type Join<T> = (mine: readonly T[], others: readonly T[]) => T[];

/** One list of two, or none: FHIR has no empty lists. */
function joined<T>(key: keyof Patient, join: Join<T>, mine: T[] = [], others: T[] = []): Partial<Patient> {
  const values = join(mine, others);
  return values.length === 0 ? {} : { [key]: values };
}

const urlOf = ({ url }: Extension): string => url;

const joinBy =
  <T>(keyOf: (value: T) => string): Join<T> =>
  (mine, others) =>
    unite(mine, others, keyOf);

const listsOf = (winner: Patient, loser: Patient): Partial<Patient> => ({
  ...joined('name', namesOf, winner.name, loser.name),
  ...joined('address', addressesOf, winner.address, loser.address),
  ...joined('telecom', joinBy(telecomKey), winner.telecom, loser.telecom),
  ...joined('identifier', joinBy(identifierKey), winner.identifier, loser.identifier),
  ...joined('extension', joinBy(urlOf), winner.extension, loser.extension),
});

/**
 * The surviving Patient: `survivor` keeps its id, the better record's values win field by field, lists are united.
 * Links between the two are the merge's own matter and stay as the survivor has them.
 */
export function survive(survivor: Mergeable, merged: Mergeable): Patient {
  const [winner, loser] = ranked(survivor, merged).map(({ patient }) => patient) as [Patient, Patient];
  return {
    ...without({ ...loser, ...winner }, [...OWN, ...CHOICES]),
    ...only(survivor.patient, OWN),
    ...birthDateOf(winner, loser),
    ...birthOf(winner, loser),
    ...deathOf(winner, loser),
    ...listsOf(winner, loser),
  };
}
