/** How two people's addresses compare, former ones included: the best pair counts. */
import { likeness } from './distance.ts';
import type { Level } from './fields.ts';
import type { Place } from './person.ts';

const ALIKE = 0.88;

const same = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && one === other;
const alike = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && likeness(one, other) >= ALIKE;

const isSameArea = (one: Place, other: Place): boolean =>
  same(one.zip, other.zip) || same(one.city, other.city);

/** The street is alike and one thing more, or all but the street. */
function isAlike(one: Place, other: Place): boolean {
  const [area, number] = [isSameArea(one, other), same(one.number, other.number)];
  return alike(one.street, other.street) ? number || area : number && area;
}

function placePair(one: Place, other: Place): Level<'place'> {
  const area = isSameArea(one, other);
  if (area && one.number === other.number && same(one.street, other.street)) return 'same';
  if (isAlike(one, other)) return 'alike';
  return area || alike(one.city, other.city) ? 'area' : 'different';
}

const ORDER: readonly Level<'place'>[] = ['same', 'alike', 'area'];

export function comparePlaces(mine: readonly Place[], yours: readonly Place[]): Level<'place'> {
  if (mine.length === 0 || yours.length === 0) return 'missing';
  const reached = mine.flatMap((one) => yours.map((other) => placePair(one, other)));
  return ORDER.find((level) => reached.includes(level)) ?? 'different';
}
