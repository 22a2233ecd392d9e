/** The mistakes of reporting: what each makes of an identity, and to whom it can happen. How often is in error-rates.ts. */
import { dateOf, dayOf } from './calendar.ts';
import type { Dice } from './dice.ts';
import { IDENTITY_ERRORS, type IdentityError } from './error-rates.ts';
import { NICKNAMES } from './nicknames.ts';
import { unaccented } from './naming.ts';
import type { Identity } from './person.ts';
import { mobile, type Place } from './places.ts';

/** Who makes the mistake, and what bounds it. */
export interface Occasion {
  /** Whether a hospital reports a birth. */
  readonly atBirth: boolean;
  /** The mistaken birth date is not after this day, on which something already happened to the person. */
  readonly latestBirth: number;
}

interface Mistake {
  can(identity: Identity, occasion: Occasion): boolean;
  make(chance: Dice, identity: Identity, occasion: Occasion): Identity;
}

const first = ({ given }: Identity): string => given[0] ?? '';
const withFirst = (identity: Identity, name: string): Identity => ({
  ...identity,
  given: [name, ...identity.given.slice(1)],
});

/** An identity without some of what it had. */
function without(identity: Identity, ...keys: readonly (keyof Identity)[]): Identity {
  return Object.fromEntries(
    Object.entries(identity).filter(([key]) => !keys.includes(key as keyof Identity)),
  ) as unknown as Identity;
}

/** A slip of the finger inside a name: two letters change places, one is lost, doubled or another. */
function slip(chance: Dice, name: string): string {
  const at = chance.between(1, Math.max(1, name.length - 2));
  const [before, letter, next] = [name.slice(0, at), name.charAt(at), name.charAt(at + 1)];
  const rest = name.slice(at + 1);
  const slips = [
    before + next + letter + name.slice(at + 2),
    before + rest,
    before + letter + letter + rest,
    before + chance.pick(['a', 'e', 'i', 'n', 'r', 's']) + rest,
  ];
  return slips[chance.between(0, slips.length - 1)] ?? name;
}

function mistyped(chance: Dice, name: string): string {
  for (let tries = 0; tries < 8; tries += 1) {
    const typed = slip(chance, name);
    if (typed !== name) return typed;
  }
  return `${name}n`;
}

const isDate = (date: string): boolean => {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
};

/** The dates that a birth date becomes when two of its digits, or its day and month, change places. */
function transposed(date: string, latest: number): readonly string[] {
  const [year = '', month = '', day = ''] = date.split('-');
  const swap = (two: string): string => two.charAt(1) + two.charAt(0);
  const dates = [
    `${year}-${day}-${month}`,
    `${year}-${month}-${swap(day)}`,
    `${year}-${swap(month)}-${day}`,
    `${year.slice(0, 2)}${swap(year.slice(2))}-${month}-${day}`,
  ];
  return dates.filter(
    (each) => each !== date && isDate(each) && dayOf(each) <= latest && dayOf(each) > latest - 45_000,
  );
}

function dateOff(chance: Dice, identity: Identity, latest: number): string {
  const day = dayOf(identity.birthDate);
  const near = [day - 1, day + 1, day - 365, day - 10, day + 10, day - 31].filter((each) => each <= latest);
  return dateOf(chance.pick(near));
}

const parts = (family: string): readonly string[] => family.split(/[ -]/).filter((part) => part !== '');
const isDouble = ({ family }: Identity): boolean => /^\p{Lu}[^ -]+[ -]\p{Lu}[^ -]+$/u.test(family);
const isPlain = (name: string): boolean => /^\p{L}{4,}$/u.test(name);
const SHORT: Readonly<Record<string, string>> = {
  Street: 'St',
  Avenue: 'Ave',
  Road: 'Rd',
  Lane: 'Ln',
  Drive: 'Dr',
  Court: 'Ct',
  Place: 'Pl',
  Circle: 'Cir',
  Terrace: 'Ter',
};

/** A street as others write it: in short, and the flat on the same line. */
function rewritten(place: Place): Place {
  const street = place.line.join(' ').replaceAll(/\b[A-Z][a-z]+\b/g, (word) => SHORT[word] ?? word);
  return { ...place, line: [street] };
}

const inAllNames = (identity: Identity, change: (name: string) => string): Identity => ({
  ...identity,
  given: identity.given.map(change),
  family: change(identity.family),
  ...(identity.formerFamily !== undefined && { formerFamily: change(identity.formerFamily) }),
  ...(identity.mothersMaidenName !== undefined && { mothersMaidenName: change(identity.mothersMaidenName) }),
});
const hasAccents = (identity: Identity): boolean =>
  [...identity.given, identity.family].some((name) => unaccented(name) !== name);
const babyNames = ({ sex }: Identity): readonly string[] =>
  sex === 'male'
    ? ['Babyboy', 'Baby Boy', 'Boy', 'BB', 'Male']
    : ['Babygirl', 'Baby Girl', 'Girl', 'BG', 'Female'];

/** What a hospital calls a newborn: after the mother, twins by letter. */
function babyName(chance: Dice, identity: Identity): Identity {
  const letter = identity.birthOrder === undefined ? '' : ` ${'ABC'.charAt(identity.birthOrder - 1)}`;
  const name = `${chance.pick(babyNames(identity))}${letter}`;
  return {
    ...without(identity, 'nickname', 'suffix', 'formerFamily'),
    given: [name],
    family: identity.mothersMaidenName ?? identity.family,
  };
}

const MISTAKES: Readonly<Record<IdentityError, Mistake>> = {
  'baby-name': { can: (_, { atBirth }) => atBirth, make: babyName },
  nickname: {
    can: (identity) => NICKNAMES[first(identity)] !== undefined,
    make: (chance, identity) =>
      withFirst(without(identity, 'nickname'), chance.pick(NICKNAMES[first(identity)] ?? [first(identity)])),
  },
  'maiden-name': {
    can: ({ formerFamily }) => formerFamily !== undefined,
    make: (_, identity) => ({
      ...without(identity, 'formerFamily'),
      family: identity.formerFamily ?? identity.family,
    }),
  },
  'middle-missing': {
    can: ({ given }) => given.length > 1,
    make: (_, identity) => ({ ...identity, given: identity.given.slice(0, 1) }),
  },
  'middle-initial': {
    can: ({ given }) => given.length > 1 && !(given[1] ?? '').endsWith('.'),
    make: (_, identity) => ({ ...identity, given: [first(identity), (identity.given[1] ?? '').charAt(0)] }),
  },
  'suffix-missing': {
    can: ({ suffix }) => suffix !== undefined,
    make: (_, identity) => without(identity, 'suffix'),
  },
  'given-typo': {
    can: (identity) => isPlain(first(identity)),
    make: (chance, identity) => withFirst(identity, mistyped(chance, first(identity))),
  },
  'family-typo': {
    can: ({ family }) => isPlain(family),
    make: (chance, identity) => ({ ...identity, family: mistyped(chance, identity.family) }),
  },
  'family-shortened': {
    can: isDouble,
    make: (chance, identity) => ({ ...identity, family: chance.pick(parts(identity.family)) }),
  },
  'hyphen-dropped': {
    can: ({ family }) => family.includes('-'),
    make: (_, identity) => ({ ...identity, family: identity.family.replaceAll('-', ' ') }),
  },
  'names-swapped': {
    can: ({ given }) => given.length > 0,
    make: (_, identity) => ({ ...withFirst(identity, identity.family), family: first(identity) }),
  },
  'birth-date-transposed': {
    can: ({ birthDate }, { latestBirth }) => transposed(birthDate, latestBirth).length > 0,
    make: (chance, identity, { latestBirth }) => ({
      ...identity,
      birthDate: chance.pick(transposed(identity.birthDate, latestBirth)),
    }),
  },
  'birth-date-off': {
    can: () => true,
    make: (chance, identity, { latestBirth }) => ({
      ...identity,
      birthDate: dateOff(chance, identity, latestBirth),
    }),
  },
  'sex-wrong': {
    can: () => true,
    make: (_, identity) => ({ ...identity, sex: identity.sex === 'male' ? 'female' : 'male' }),
  },
  'former-address': {
    can: ({ former }) => former !== undefined,
    make: (_, identity) => ({
      ...without(identity, 'former'),
      ...(identity.former !== undefined && { place: identity.former.place }),
    }),
  },
  'address-missing': {
    can: ({ place }) => place !== undefined,
    make: (_, identity) => without(identity, 'place', 'former'),
  },
  'street-written-otherwise': {
    can: ({ place }) => place !== undefined && rewritten(place).line.join() !== place.line.join(),
    make: (_, identity) => ({
      ...identity,
      ...(identity.place !== undefined && { place: rewritten(identity.place) }),
    }),
  },
  'phone-changed': {
    can: (identity) => identity.mobile !== undefined,
    make: (chance, identity) => ({ ...identity, mobile: mobile(chance) }),
  },
  'phone-missing': {
    can: (identity) => identity.mobile !== undefined || identity.phone !== undefined,
    make: (_, identity) => without(identity, 'mobile', 'phone'),
  },
  'mothers-name-missing': {
    can: ({ mothersMaidenName }) => mothersMaidenName !== undefined,
    make: (_, identity) => without(identity, 'mothersMaidenName'),
  },
  'accents-dropped': { can: hasAccents, make: (_, identity) => inAllNames(identity, unaccented) },
  'upper-case': {
    can: () => true,
    make: (_, identity) => inAllNames(identity, (name) => name.toUpperCase()),
  },
};

export interface Mistaken {
  readonly identity: Identity;
  /** The mistakes that were made. */
  readonly errors: readonly IdentityError[];
  /** The mistakes that could have been made, for which the rates hold. */
  readonly possible: readonly IdentityError[];
}

/** An identity as another organisation writes it down, with mistakes as often as error-rates.ts says. */
export function mistaken(chance: Dice, truth: Identity, occasion: Occasion): Mistaken {
  let identity = truth;
  const errors: IdentityError[] = [];
  const possible: IdentityError[] = [];
  for (const error of Object.keys(IDENTITY_ERRORS) as IdentityError[]) {
    const mistake = MISTAKES[error];
    if (!mistake.can(identity, occasion)) continue;
    possible.push(error);
    if (!chance.chance(IDENTITY_ERRORS[error])) continue;
    identity = mistake.make(chance, identity, occasion);
    errors.push(error);
  }
  return { identity, errors, possible };
}
