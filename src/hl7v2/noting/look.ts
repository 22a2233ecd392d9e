/** What a test of what is noted looks at. */
import { daysBetween } from '../../core/civil-day.ts';
import { dateOf } from '../time.ts';
import type { OrderGroup, VaccinationRecord } from '../groups.ts';
import type { Header } from '../header.ts';
import type { Segment } from '../message.ts';

/** The message, and what tests must know of the time and the rules. */
export interface About {
  readonly header: Header;
  readonly record: VaccinationRecord;
  /** The civil day on which it came. */
  readonly today: string;
  /** Days within which the jurisdiction wants a dose reported. */
  readonly deadline: number;
}

/** One field of one segment. */
export interface Look {
  /** The field's first repetition: of a component, or of the first that says something; empty where nothing is there. */
  readonly value: string;
  /** Nothing where the segment is missing. */
  readonly segment: Segment | undefined;
  /** The number of the field, where one is meant. */
  readonly number: number;
  /** The order that it is of. */
  readonly group?: OrderGroup;
  readonly about: About;
}

/** A person under 18, by the years of its birth and of the message. */
export function isChild({ header, record, today }: About): boolean {
  const born = dateOf(record.pid?.value(7) ?? '');
  const [year = ''] = (header.sentOn ?? today).split('-');
  return born !== undefined && Number(year) - Number(born.slice(0, 4)) < ADULT_YEARS;
}
const ADULT_YEARS = 18;

/** The civil date of RXA-3. */
export const givenOn = ({ group }: Look): string => dateOf(group?.rxa?.value(3) ?? '') ?? '';
/** Days from one civil day to another; NaN where one is no whole day. */
export const daysFrom = (from: string, to: string): number =>
  from.length === 10 && to.length === 10 ? daysBetween(from, to) : NaN;
