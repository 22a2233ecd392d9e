/** How two people's names compare: typing errors, nicknames, parts, former names, and given and family name swapped. */
import { isOneEdit, likeness } from './distance.ts';
import type { Level } from './fields.ts';
import { areNicknames } from './nicknames.ts';
import type { Person, PersonName } from './person.ts';

/** Likeness above which two names are alike; below four letters one edit makes another name. */
const ALIKE = 0.88;
const SHORT = 4;

const squeezed = (name: string): string => name.replaceAll(' ', '');
const isTypo = (one: string, other: string): boolean =>
  Math.min(one.length, other.length) >= SHORT && isOneEdit(one, other);
const isAlike = (one: string, other: string): boolean => likeness(one, other) >= ALIKE;

/** The degree among those reached that comes first in the order given. */
function best<L>(order: readonly L[], reached: readonly L[]): L | undefined {
  return order.find((level) => reached.includes(level));
}

function givenPair(one: string, other: string): Level<'given'> {
  const [a, b] = [squeezed(one), squeezed(other)];
  if (a === b) return 'same';
  if (areNicknames(one, other)) return 'nickname';
  if (isTypo(a, b)) return 'typo';
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  // An initial, a name cut short (Vale for Valentina), or one of two given names.
  if (long.startsWith(short) || long.split(' ').includes(short)) return 'part';
  return isAlike(a, b) ? 'alike' : 'different';
}

const GIVEN_ORDER: readonly Level<'given'>[] = ['same', 'nickname', 'typo', 'part', 'alike', 'different'];

const givensOf = ({ names }: Person): readonly string[] => [
  ...new Set(names.flatMap(({ given }) => given ?? [])),
];

/** Some go by their second name: then it stands where the other record has the first. */
function goesByMiddle(one: Person, other: Person): boolean {
  const by = (middle: PersonName | undefined, first: PersonName | undefined): boolean =>
    first?.given !== undefined && first.given.length > 2 && middle?.middle.includes(first.given) === true;
  return by(one.names[0], other.names[0]) || by(other.names[0], one.names[0]);
}

/** A person all of whose names lack the given one is known by a placeholder only. */
const isUnnamed = ({ names }: Person): boolean =>
  names.some(({ placeholder }) => placeholder === true) && names.every(({ given }) => given === undefined);

export function compareGiven(one: Person, other: Person): Level<'given'> {
  const [mine, yours] = [givensOf(one), givensOf(other)];
  if (mine.length === 0 || yours.length === 0)
    return isUnnamed(one) || isUnnamed(other) ? 'unnamed' : 'missing';
  const reached = mine.flatMap((a) => yours.map((b) => givenPair(a, b)));
  const level = best(GIVEN_ORDER, reached) ?? 'different';
  return level === 'different' && goesByMiddle(one, other) ? 'part' : level;
}

const sameName = (one: string | undefined, other: string | undefined): boolean => {
  if (one === undefined || other === undefined) return false;
  const [a, b] = [squeezed(one), squeezed(other)];
  return a === b || isTypo(a, b);
};

/** Whether each one's given name is the other's family name. */
export function areSwapped(one: Person, other: Person): boolean {
  const [a, b] = [one.names[0], other.names[0]];
  return sameName(a?.given, b?.family) && sameName(a?.family, b?.given);
}

function middlePair(one: string, other: string): Level<'middle'> {
  if (one === other) return 'same';
  if (one.length === 1 || other.length === 1) return one[0] === other[0] ? 'initial' : 'different';
  return isTypo(one, other) || isAlike(one, other) ? 'alike' : 'different';
}

const MIDDLE_ORDER: readonly Level<'middle'>[] = ['same', 'initial', 'alike', 'different'];

export function compareMiddle(one: Person, other: Person): Level<'middle'> {
  const [mine, yours] = [one.names[0]?.middle ?? [], other.names[0]?.middle ?? []];
  if (mine.length === 0 && yours.length === 0) return 'missing';
  if (mine.length === 0 || yours.length === 0) return 'one-only';
  return (
    best(
      MIDDLE_ORDER,
      mine.flatMap((a) => yours.map((b) => middlePair(a, b))),
    ) ?? 'different'
  );
}

export function compareSuffix(one: Person, other: Person): Level<'suffix'> {
  const [a, b] = [one.names[0]?.suffix, other.names[0]?.suffix];
  if (a === undefined && b === undefined) return 'missing';
  if (a === undefined || b === undefined) return 'one-only';
  return a === b ? 'same' : 'different';
}

/** Particles are parts of many names and say nothing alone. */
const PARTICLES = new Set([
  'de',
  'la',
  'las',
  'los',
  'del',
  'da',
  'dos',
  'van',
  'von',
  'der',
  'den',
  'al',
  'el',
  'bin',
  'ben',
  'st',
  'y',
  'e',
]);

/** The telling words of a family name. */
export const partsOf = (family: string): readonly string[] => {
  const parts = family.split(' ').filter((part) => !PARTICLES.has(part));
  return parts.length === 0 ? [family] : parts;
};

function familyPair(one: string, other: string): Level<'family'> {
  const [a, b] = [squeezed(one), squeezed(other)];
  if (a === b) return 'same';
  if (isTypo(a, b)) return 'typo';
  const [mine, yours] = [partsOf(one), partsOf(other)];
  if (mine.some((part) => yours.includes(part))) return 'part';
  return isAlike(a, b) ? 'alike' : 'different';
}

const FAMILY_ORDER: readonly Level<'family'>[] = ['same', 'typo', 'part', 'alike', 'different'];

const familiesOf = ({ names }: Person): readonly string[] => [
  ...new Set(names.flatMap(({ family }) => family ?? [])),
];

/** Whether the family name of one is that of the other's mother, as hospitals name newborns. */
function isMothers(one: Person, other: Person): boolean {
  const by = ({ mothersMaidenName }: Person, families: readonly string[]): boolean =>
    mothersMaidenName !== undefined &&
    families.some((family) => family === mothersMaidenName || partsOf(family).includes(mothersMaidenName));
  return by(one, familiesOf(other)) || by(other, familiesOf(one));
}

function otherwiseCalled(one: Person, other: Person, level: Level<'family'>): Level<'family'> {
  const [mine, yours] = [familiesOf(one), familiesOf(other)];
  if (mine.length + yours.length > 2 && mine.some((a) => yours.some((b) => sameName(a, b)))) return 'former';
  return level !== 'part' && isMothers(one, other) ? 'mothers' : level;
}

export function compareFamily(one: Person, other: Person): Level<'family'> {
  const [a, b] = [one.names[0]?.family, other.names[0]?.family];
  if (a === undefined || b === undefined) return 'missing';
  const level = best(FAMILY_ORDER, [familyPair(a, b)]) ?? 'different';
  return level === 'same' || level === 'typo' ? level : otherwiseCalled(one, other, level);
}

/** A single name of somebody else than the two compared, such as the mother's. */
export function compareOther(
  one: string | undefined,
  other: string | undefined,
): 'same' | 'alike' | 'different' | 'missing' {
  if (one === undefined || other === undefined) return 'missing';
  const [a, b] = [squeezed(one), squeezed(other)];
  if (a === b) return 'same';
  return isTypo(a, b) || isAlike(a, b) || partsOf(one).some((part) => partsOf(other).includes(part))
    ? 'alike'
    : 'different';
}
