/** Who sits in a household of a given size: roles, sexes and birthdays, near the shares of the United States. */
import { YEAR } from './calendar.ts';
import type { Dice } from './dice.ts';
import type { Sex } from './names.ts';
import type { Role } from './person.ts';

export interface Seat {
  readonly role: Role;
  readonly sex: Sex;
  readonly birthDay: number;
  /** Place among twins and triplets, from 1. */
  readonly birthOrder?: number;
}

const AGES: readonly (readonly [years: readonly [number, number], weight: number])[] = [
  [[19, 30], 24],
  [[30, 50], 28],
  [[50, 70], 30],
  [[70, 85], 15],
  [[85, 101], 3],
];

const sexOf = (chance: Dice): Sex => (chance.chance(0.505) ? 'female' : 'male');
const years = (chance: Dice, low: number, high: number): number =>
  Math.round((low + chance.next() * (high - low)) * YEAR);

function adultAge(chance: Dice): number {
  const [low, high] = chance.weigh(AGES);
  return years(chance, low, high);
}

const adult = (chance: Dice, today: number): Seat => ({
  role: 'adult',
  sex: sexOf(chance),
  birthDay: today - adultAge(chance),
});

function couple(chance: Dice, today: number): Seat[] {
  const age = adultAge(chance);
  const other = Math.max(Math.ceil(19 * YEAR), age + years(chance, -6, 4));
  return [
    { role: 'mother', sex: 'female', birthDay: today - other },
    { role: 'father', sex: chance.chance(0.985) ? 'male' : 'female', birthDay: today - age },
  ];
}

/** How many children come at one birth. */
function together(chance: Dice, left: number): number {
  if (left >= 3 && chance.chance(0.002)) return 3;
  return left >= 2 && chance.chance(0.04) ? 2 : 1;
}

function birth(chance: Dice, count: number, birthDay: number): Seat[] {
  if (count === 1) return [{ role: 'child', sex: sexOf(chance), birthDay }];
  const alike = chance.chance(0.62) ? sexOf(chance) : undefined;
  return Array.from({ length: count }, (_, at) => ({
    role: 'child',
    sex: alike ?? sexOf(chance),
    birthDay,
    birthOrder: at + 1,
  }));
}

/** Children, the youngest first. A registry hears of every birth, so infants are many. */
function children(chance: Dice, count: number, today: number): Seat[] {
  const seats: Seat[] = [];
  let birthDay = today - (chance.chance(0.1) ? chance.between(0, 300) : years(chance, 0, 17.9));
  while (seats.length < count) {
    seats.push(...birth(chance, together(chance, count - seats.length), birthDay));
    birthDay -= chance.between(400, 1700);
  }
  return seats;
}

const eldest = (seats: readonly Seat[]): number => Math.min(...seats.map((seat) => seat.birthDay));

function parents(chance: Dice, count: number, eldestBorn: number): Seat[] {
  const mother: Seat = { role: 'mother', sex: 'female', birthDay: eldestBorn - years(chance, 18, 36) };
  const father: Seat = { role: 'father', sex: 'male', birthDay: mother.birthDay - years(chance, -2, 8) };
  if (count === 2) return [mother, father];
  return [chance.chance(0.85) ? mother : father];
}

function family(chance: Dice, size: number, today: number): Seat[] {
  const withGrandparent = size >= 4 && chance.chance(0.12);
  const grown = size > 2 && chance.chance(0.76) ? 2 : 1;
  const young = children(chance, size - grown - (withGrandparent ? 1 : 0), today);
  const elders = parents(chance, grown, eldest(young));
  if (!withGrandparent) return [...elders, ...young];
  const grandparent: Seat = {
    role: 'grandparent',
    sex: sexOf(chance),
    birthDay: eldest(elders) - years(chance, 20, 34),
  };
  return [grandparent, ...elders, ...young];
}

/** The members of a household; parents come before their children. */
export function seatsOf(chance: Dice, size: number, today: number): readonly Seat[] {
  if (size === 1) return [adult(chance, today)];
  if (size > 2 || chance.chance(0.18)) return family(chance, size, today);
  return chance.chance(0.9) ? couple(chance, today) : [adult(chance, today), adult(chance, today)];
}
