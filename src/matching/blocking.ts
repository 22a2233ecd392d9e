/**
 * Which records are compared at all: those that share a key. Each key forgives what another does not, so that one
 * person's records share some key whatever was mistyped; how complete they are is measured (docs/matching.md).
 */
import { hash } from 'node:crypto';
import type { Patient } from '@medplum/fhirtypes';
import { partsOf } from './compare-names.ts';
import { personOf } from './from-patient.ts';
import type { Person } from './person.ts';
import { sound } from './phonetic.ts';

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)];
const sounds = (names: readonly string[]): readonly string[] =>
  distinct(names.map(sound).filter((heard) => heard !== ''));

const givens = ({ names }: Person): readonly string[] =>
  sounds(names.flatMap(({ given }) => given?.split(' ')[0] ?? []));
const families = ({ names }: Person): readonly string[] =>
  sounds(names.flatMap(({ family }) => (family === undefined ? [] : partsOf(family))));

/** Family names of the person and of the mother: newborns are filed under either. */
const allFamilies = (person: Person): readonly string[] =>
  distinct([
    ...families(person),
    ...sounds(person.mothersMaidenName === undefined ? [] : partsOf(person.mothersMaidenName)),
  ]);

/** Given and family sounds in alphabetical order, since they are swapped now and then. */
const namePairs = (person: Person): readonly string[] =>
  givens(person).flatMap((given) => families(person).map((family) => [given, family].sort().join('+')));

const isFull = (date: string | undefined): date is string => date?.length === 'YYYY-MM-DD'.length;
const full = ({ birthDate }: Person): readonly string[] =>
  isFull(birthDate) ? [birthDate.replaceAll('-', '')] : [];
const year = ({ birthDate }: Person): readonly string[] =>
  birthDate === undefined ? [] : [birthDate.slice(0, 'YYYY'.length)];
const dayInYear = (person: Person): readonly string[] =>
  full(person).map((date) => date.slice('YYYY'.length));

const firstLetters = ({ names }: Person): readonly string[] =>
  distinct(names.flatMap(({ given }) => given?.charAt(0) ?? []));

const zips = ({ places }: Person): readonly string[] => distinct(places.flatMap(({ zip }) => zip ?? []));
const houses = ({ places }: Person): readonly string[] =>
  distinct(
    places.flatMap(({ number, zip }) =>
      number === undefined || zip === undefined ? [] : [`${number}@${zip}`],
    ),
  );

const joined = (...lists: readonly (readonly string[])[]): readonly string[] =>
  lists.reduce<readonly string[]>(
    (keys, list) => keys.flatMap((key) => list.map((each) => (key === '' ? each : `${key}/${each}`))),
    [''],
  );

/** The keys: what each is made of, under the letter that sets it apart from the others in an index. */
export const BLOCKING_KEYS = {
  /** Birth date and how a family name sounds, the mother's included. */
  f: (person) => joined(full(person), allFamilies(person)),
  /** Birth date and first letter of a given name: whatever became of the family name. */
  d: (person) => joined(full(person), firstLetters(person)),
  /** Birth date and ZIP code: whatever became of the names. */
  b: (person) => joined(full(person), zips(person)),
  /** How both names sound and the birth year: whatever became of day and month. */
  y: (person) => joined(namePairs(person), year(person)),
  /** How both names sound, day and month of birth: whatever became of the year. */
  n: (person) => joined(namePairs(person), dayInYear(person)),
  /** How both names sound, and the ZIP code: whatever became of the birth date. */
  z: (person) => joined(namePairs(person), zips(person)),
  /** House number, ZIP code and birth year: whatever became of the names. */
  a: (person) => joined(houses(person), year(person)),
  /** House number, ZIP code and how a given name sounds: whatever became of family name and birth date. */
  h: (person) => joined(houses(person), givens(person)),
  /** Telephone and birth year: a household, a shelter or a ward has one number for many people. */
  p: (person) => joined(person.phones, year(person)),
  /** Telephone and how a given name sounds: whatever became of the birth date. */
  t: (person) => joined(person.phones, givens(person)),
  e: ({ emails }) => emails,
  i: ({ identifiers }) => identifiers.map(({ system, value }) => `${system}|${value}`),
  s: ({ secrets }) => secrets,
} as const satisfies Record<string, (person: Person) => readonly string[]>;

export type BlockingKey = keyof typeof BLOCKING_KEYS;
export const BLOCKING_KEY_NAMES = Object.keys(BLOCKING_KEYS) as readonly BlockingKey[];

/** No person needs more; a record with hundreds of names or numbers is not compared with everybody for it. */
const MOST_KEYS = 96;

const keysBy = (names: readonly BlockingKey[], person: Person): readonly string[] =>
  distinct(names.flatMap((name) => BLOCKING_KEYS[name](person).map((key) => `${name}:${key}`))).slice(
    0,
    MOST_KEYS,
  );

/** The keys of a person, each once: two records are compared when they share one. */
export const keysOf = (person: Person): readonly string[] => keysBy(BLOCKING_KEY_NAMES, person);

/** Secrets are not among the stored keys: their hashes have an index of their own, and change with the master key. */
const STORED = BLOCKING_KEY_NAMES.filter((name) => name !== 's');

/** Characters of a stored key: 54 bits, by which hardly two of a thousand million keys are confused. */
const KEY_LENGTH = 9;

/** Hashed, so that an index of people is small, and holds no names. */
const shortened = (key: string): string => hash('sha1', key, 'base64url').slice(0, KEY_LENGTH);

/** The keys under which a person is kept. */
export const blocksOf = (patient: Patient): readonly string[] => blocksOfPerson(personOf(patient));

/** The same of a person who is looked for. */
export const blocksOfPerson = (person: Person): readonly string[] =>
  distinct(keysBy(STORED, person).map(shortened));
