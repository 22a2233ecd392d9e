/** How the people of a household are named: who shares a family name, who has two, who is a junior, who was named otherwise before. */
import type { Dice } from './dice.ts';
import { CULTURES, type Culture } from './names.ts';
import { NICKNAMES } from './nicknames.ts';
import type { Identity } from './person.ts';
import type { Seat } from './seats.ts';

export type Named = Pick<
  Identity,
  'given' | 'family' | 'suffix' | 'nickname' | 'formerFamily' | 'mothersMaidenName'
>;

export interface Drawn {
  readonly named: Named;
  readonly culture: Culture;
}

/** People born before 1965 are named from the older pool. */
const OLDER = -5 * 365;

/** A text without its accents, as many systems keep it. */
export function unaccented(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replaceAll('đ', 'd')
    .replaceAll('Đ', 'D')
    .replaceAll('ł', 'l')
    .replaceAll('Ł', 'L');
}

/** Twins are often named alike: the second then begins with the letter of the first. */
function alike(
  chance: Dice,
  seat: Seat,
  names: readonly string[],
  before: string | undefined,
): readonly string[] {
  if ((seat.birthOrder ?? 1) === 1 || before === undefined || !chance.chance(0.5)) return names;
  const similar = names.filter((name) => name.startsWith(before.charAt(0)));
  return similar.length === 0 ? names : similar;
}

/** A given name that nobody of `taken` has, the last of whom was named just before. */
function givenOf(chance: Dice, culture: Culture, seat: Seat, taken: readonly string[]): string {
  const pools = seat.birthDay < OLDER ? (culture.older ?? culture.given) : culture.given;
  const free = pools[seat.sex].filter((name) => !taken.includes(name));
  return chance.favor(alike(chance, seat, free, taken.at(-1)));
}

function middleOf(chance: Dice, culture: Culture, seat: Seat, first: string): readonly string[] {
  if (!chance.chance(culture.middle)) return [];
  const middle = givenOf(chance, culture, seat, [first]);
  return [chance.chance(0.12) ? `${middle.charAt(0)}.` : middle];
}

interface Families {
  readonly fathers: string;
  readonly mothers: string;
  readonly motherNow: string;
  readonly childrens: string;
}

function childFamily(chance: Dice, culture: Culture, fathers: string, mothers: string): string {
  if (culture.twoFamilies && chance.chance(0.7)) return `${fathers} ${mothers}`;
  return chance.weigh([
    [fathers, 80],
    [mothers, 12],
    [`${mothers}-${fathers}`, 5],
    [`${fathers}-${mothers}`, 3],
  ]);
}

function familiesOf(chance: Dice, culture: Culture, mothersCulture: Culture): Families {
  const fathers = chance.favor(culture.families);
  const mothers = chance.favor(mothersCulture.families);
  const motherNow = chance.weigh([
    [fathers, 66],
    [`${mothers}-${fathers}`, 7],
    [mothers, 27],
  ]);
  return { fathers, mothers, motherNow, childrens: childFamily(chance, culture, fathers, mothers) };
}

function familyNames(
  chance: Dice,
  seat: Seat,
  culture: Culture,
  of: Families,
): Pick<Named, 'family' | 'formerFamily' | 'mothersMaidenName'> {
  const own = chance.favor(culture.families);
  if (seat.role === 'mother')
    return {
      family: of.motherNow,
      ...(of.motherNow !== of.mothers && { formerFamily: of.mothers }),
      mothersMaidenName: own,
    };
  const mothersMaidenName = seat.role === 'child' ? of.mothers : own;
  const family = seat.role === 'child' ? of.childrens : of.fathers;
  return { family, mothersMaidenName, ...(chance.chance(0.015) && { formerFamily: own }) };
}

const hasJunior = (father: Named | undefined, seat: Seat, family: string, chance: Dice): father is Named =>
  father !== undefined &&
  seat.role === 'child' &&
  seat.sex === 'male' &&
  father.family === family &&
  chance.chance(0.07);

function nicknameOf(chance: Dice, first: string): Pick<Named, 'nickname'> {
  const known = NICKNAMES[first];
  return known !== undefined && chance.chance(0.08) ? { nickname: chance.pick(known) } : {};
}

/** Some organisations cannot write accents: then the whole household is on file without. */
function writtenBy(named: Named, accents: boolean): Named {
  if (accents) return named;
  const { given, family, formerFamily, mothersMaidenName } = named;
  return {
    ...named,
    given: given.map(unaccented),
    family: unaccented(family),
    ...(formerFamily !== undefined && { formerFamily: unaccented(formerFamily) }),
    ...(mothersMaidenName !== undefined && { mothersMaidenName: unaccented(mothersMaidenName) }),
  };
}

/** Names for the members of a household, in their order. A son can be his father's junior. */
export function drawNames(chance: Dice, seats: readonly Seat[], culture: Culture): readonly Drawn[] {
  const mothersCulture = chance.chance(0.12) ? chance.weigh(CULTURES) : culture;
  const families = familiesOf(chance, culture, mothersCulture);
  const accents = chance.chance(0.6);
  const taken: string[] = [];
  let father: Named | undefined;
  return seats.map((seat) => {
    const own = seat.role === 'mother' ? mothersCulture : culture;
    const names = familyNames(chance, seat, own, families);
    const junior = hasJunior(father, seat, names.family, chance);
    const first = junior ? (father?.given[0] ?? '') : givenOf(chance, own, seat, taken);
    taken.push(first);
    const given = junior ? (father?.given ?? []) : [first, ...middleOf(chance, own, seat, first)];
    const named: Named = { given, ...names, ...nicknameOf(chance, first), ...(junior && { suffix: 'Jr.' }) };
    if (seat.role === 'father') father = named;
    return { named: writtenBy(named, accents), culture: own };
  });
}
