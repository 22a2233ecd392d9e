/** How two birth dates compare: digits or day and month transposed, one digit mistyped, days or a year off. Civil dates, no time zone. */
import type { Level } from './fields.ts';

const FULL = 'YYYY-MM-DD'.length;
const DAY = 86_400_000;
const MONTH_DAYS = 31;

const daysBetween = (one: string, other: string): number =>
  Math.abs(Date.parse(`${one}T00:00:00Z`) - Date.parse(`${other}T00:00:00Z`)) / DAY;

/** Places in which two texts of one length differ. */
function differing(one: string, other: string): readonly number[] {
  const places: number[] = [];
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) places.push(at);
  return places;
}

/** Whether two neighbouring digits, or day and month, changed places. */
function isTransposed(one: string, other: string, places: readonly number[]): boolean {
  const [year = '', month = '', day = ''] = one.split('-');
  if (other === `${year}-${day}-${month}`) return true;
  const [first = 0, second = 0] = places;
  if (places.length !== 2 || second !== first + 1) return false;
  return one[first] === other[second] && one[second] === other[first];
}

const isNear = (one: string, other: string): boolean => {
  const days = daysBetween(one, other);
  return days <= MONTH_DAYS || days === 365 || days === 366;
};

/** Compares as far as the less precise date goes. */
function comparePartial(one: string, other: string): Level<'birthDate'> {
  const length = Math.min(one.length, other.length);
  return one.slice(0, length) === other.slice(0, length) ? 'partial' : 'different';
}

export function compareBirthDates(one: string | undefined, other: string | undefined): Level<'birthDate'> {
  if (one === undefined || other === undefined) return 'missing';
  if (one.length < FULL || other.length < FULL) return comparePartial(one, other);
  if (one === other) return 'same';
  const places = differing(one, other);
  if (isTransposed(one, other, places)) return 'transposed';
  if (places.length === 1) return 'typo';
  return isNear(one, other) ? 'near' : 'different';
}
