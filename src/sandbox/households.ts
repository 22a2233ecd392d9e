/**
 * The people of the sandbox, household by household. Households are cut from blocks of eight people, each
 * decided alone, so that a world of any size begins with the same people.
 */
import { dateOf, YEAR } from './calendar.ts';
import { dice, PURPOSE, type Dice, type Weighted } from './dice.ts';
import { CULTURES, type Culture } from './names.ts';
import { drawNames, unaccented, type Drawn, type Named } from './naming.ts';
import type { Cover, Guardian, Habit, Identity, Person } from './person.ts';
import { COUNTRIES, landline, mobile, OTHER_STATES, placeIn, STATE, type District } from './places.ts';
import { seatsOf, type Seat } from './seats.ts';

/** People in a block: the unit in which households are cut. */
export const BLOCK = 8;

/** Shares of households by size. */
const SIZES: readonly Weighted<number>[] = [
  [1, 28],
  [2, 33],
  [3, 16],
  [4, 14],
  [5, 6],
  [6, 2],
  [7, 1],
];
const HABITS: readonly Weighted<Habit>[] = [
  ['prompt', 40],
  ['usual', 36],
  ['late', 15],
  ['rare', 7],
  ['refuses', 2],
];
const COVERS: readonly Weighted<Cover>[] = [
  ['private', 50],
  ['medicaid', 36],
  ['uninsured', 5],
  ['underinsured', 4],
  ['chip', 3],
  ['military', 2],
];

/** The sizes of the households of a block: they add up to BLOCK. */
export function cut(seed: number, block: number): readonly number[] {
  const chance = dice(seed, PURPOSE.household, block);
  const sizes: number[] = [];
  for (let left = BLOCK; left > 0; left -= sizes.at(-1) ?? left)
    sizes.push(Math.min(left, chance.weigh(SIZES)));
  return sizes;
}

/** What the members of a household have in common. */
interface Common extends Pick<
  Person,
  'household' | 'cover' | 'language' | 'guardians' | 'place' | 'former' | 'phone'
> {
  readonly habit: Habit;
  readonly district: District;
  readonly today: number;
  /** Nobody died before this day, so that no child was born after its mother's death. */
  readonly deathsFrom: number;
}

type Contact = Pick<Identity, 'mobile' | 'email'>;
type Origin = Pick<Person, 'arrivedDay' | 'birthState' | 'birthCountry' | 'birthCity'>;

/** Chance of having died, of those the registry has on file. */
function deathRate(age: number): number {
  if (age > 85) return 0.3;
  if (age > 70) return 0.12;
  return age > 50 ? 0.03 : 0.004;
}

function deathOf(chance: Dice, birthDay: number, { today, deathsFrom }: Common): Pick<Person, 'deathDay'> {
  if (!chance.chance(deathRate((today - birthDay) / YEAR))) return {};
  const earliest = Math.max(birthDay, deathsFrom, today - 3000);
  return { deathDay: chance.between(earliest, today) };
}

function originOf(chance: Dice, seat: Seat, culture: Culture, { today, district }: Common): Origin {
  const age = today - seat.birthDay;
  const local = chance.chance(seat.role === 'child' ? 0.86 : 0.55);
  if (local || age < 200)
    return { birthState: STATE, birthCountry: 'US', birthCity: chance.pick(district.cities).name };
  const arrivedDay = seat.birthDay + chance.between(100, age - 30);
  if (culture.language !== undefined && chance.chance(0.6))
    return { arrivedDay, birthCountry: chance.pick(COUNTRIES) };
  return { arrivedDay, birthState: chance.pick(OTHER_STATES), birthCountry: 'US' };
}

/** Numbers that Social Security never gave out: area 000, or from 900 up with a group that taxpayer numbers do not use. */
function ssnOf(chance: Dice): string {
  const area = chance.chance(0.2) ? '000' : String(chance.between(900, 999));
  const group = String(chance.between(1, 49)).padStart(2, '0');
  const serial = String(chance.between(1, 9999)).padStart(4, '0');
  return [area, group, serial].join(chance.chance(0.75) ? '-' : '');
}

const letters = (name: string): string =>
  unaccented(name)
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase();

function contactOf(chance: Dice, named: Named): Contact {
  const user = `${letters(named.given[0] ?? '')}.${letters(named.family)}${chance.between(1, 999)}`;
  const domain = chance.pick(['example.com', 'example.org', 'example.net']);
  return {
    ...(chance.chance(0.82) && { mobile: mobile(chance) }),
    ...(chance.chance(0.45) && { email: `${user}@${domain}` }),
  };
}

function guardiansOf(seats: readonly Seat[], drawn: readonly Drawn[]): readonly Guardian[] {
  return seats.flatMap((seat, at): Guardian[] => {
    const named = drawn[at]?.named;
    if (named === undefined || (seat.role !== 'mother' && seat.role !== 'father')) return [];
    return [
      {
        relationship: seat.sex === 'female' ? 'MTH' : 'FTH',
        given: named.given[0] ?? '',
        family: named.family,
      },
    ];
  });
}

/** A few children live with somebody else than their parents. */
function guardiansFor(chance: Dice, family: readonly Guardian[], culture: Culture): readonly Guardian[] {
  if (!chance.chance(0.03)) return family;
  const relationship = chance.pick(['GRPRN', 'GUARD'] as const);
  return [{ relationship, given: chance.pick(culture.given.female), family: chance.pick(culture.families) }];
}

function formerOf(common: Common, birthDay: number): Pick<Person, 'former'> {
  return common.former !== undefined && common.former.until > birthDay ? { former: common.former } : {};
}

function adultOnly(chance: Dice, named: Named): Contact & Pick<Person, 'ssn'> {
  return { ...contactOf(chance, named), ...(chance.chance(0.14) && { ssn: ssnOf(chance) }) };
}

function personOf(
  chance: Dice,
  seat: Seat,
  { named, culture }: Drawn,
  common: Common & { readonly n: number },
): Person {
  const { n, household: first, cover, language, place, phone } = common;
  const adult = common.today - seat.birthDay >= 18 * YEAR;
  return {
    n,
    household: first,
    cover,
    language,
    ...(place !== undefined && { place }),
    ...(phone !== undefined && { phone }),
    ...formerOf(common, seat.birthDay),
    ...named,
    ...seat,
    birthDate: dateOf(seat.birthDay),
    culture,
    race: chance.weigh(culture.race),
    hispanic: chance.chance(culture.hispanic),
    ...deathOf(chance, seat.birthDay, common),
    ...originOf(chance, seat, culture, common),
    habit: chance.chance(0.85) ? common.habit : chance.weigh(HABITS),
    guardians: adult ? [] : guardiansFor(chance, common.guardians, culture),
    ...(adult && adultOnly(chance, named)),
  };
}

function homeOf(chance: Dice, district: District, today: number): Pick<Common, 'place' | 'former' | 'phone'> {
  return {
    place: placeIn(chance, district),
    ...(chance.chance(0.28) && {
      former: { place: placeIn(chance, district), until: today - chance.between(10, 2000) },
    }),
    ...(chance.chance(0.4) && { phone: landline(chance) }),
  };
}

function languageOf(chance: Dice, culture: Culture): Person['language'] {
  const [code, display, share] = culture.language ?? ['en', 'English', 0];
  return chance.chance(share) ? [code, display] : ['en', 'English'];
}

/** Where and when a household lives. */
export interface Setting {
  readonly district: District;
  readonly today: number;
}

/** The people of the household whose first person has the number `first`. */
export function household(seed: number, first: number, size: number, setting: Setting): readonly Person[] {
  const chance = dice(seed, PURPOSE.person, first);
  const culture = chance.weigh(CULTURES);
  const seats = seatsOf(chance, size, setting.today);
  const drawn = drawNames(chance, seats, culture);
  const born = seats.filter((seat) => seat.role === 'child').map((seat) => seat.birthDay);
  const common: Common = {
    ...setting,
    household: first,
    cover: chance.weigh(COVERS),
    language: languageOf(chance, culture),
    guardians: guardiansOf(seats, drawn),
    habit: chance.weigh(HABITS),
    deathsFrom: Math.max(0, ...born),
    ...homeOf(chance, setting.district, setting.today),
  };
  return drawn.flatMap((each, at) => {
    const seat = seats[at];
    return seat === undefined ? [] : [personOf(chance, seat, each, { ...common, n: first + at })];
  });
}
