/** What can be odd of a vaccination: its day, its vaccine, and what its sender should know who says that it gave it. */
import { dayAfter } from '../../core/civil-day.ts';
import { terminology } from '../../terminology/load.ts';
import { manufacturerOf, vaccineOf } from '../../terminology/lookup.ts';
import { loincOf } from '../mapping/read.ts';
import { DOCUMENT, PRESENTED, PUBLISHED, VACCINES } from '../mapping/vis.ts';
import { NO_VACCINE } from '../mapping/vaccine.ts';
import { dateOf } from '../time.ts';
import { daysFrom, givenOn, type Look } from './look.ts';

/** The day of the month, and that of the day after. */
function isOnDay(look: Look, is: (day: number, next: number) => boolean): boolean {
  const day = givenOn(look);
  return day.length === 10 && is(Number(day.slice(8)), Number(dayAfter(day, 1).slice(8)));
}

/** Of the vaccine that was sent as CVX, as the table has it. */
const vaccineIn = ({ value }: Look) => vaccineOf(terminology(), value);

const observed = ({ group }: Look, ...codes: readonly string[]): readonly string[] =>
  (group?.observations ?? [])
    .filter((obx) => codes.includes(loincOf(obx)) && obx.value(5) !== '')
    .map((obx) => obx.value(5));
const hasStatement = (look: Look): boolean => observed(look, DOCUMENT, ...VACCINES, PUBLISHED).length > 0;

const sentOn = ({ about: { header, today } }: Look): string => header.sentOn ?? today;
const rxa = ({ group }: Look, field: number): string => group?.rxa?.value(field) ?? '';

/** A dose that was reported within a week of being given, with all that only who gave it knows. */
const WEEK_DAYS = 7;

export const DOSE_TESTS = {
  'after-sending': (look: Look) => (dateOf(look.value) ?? '') > sentOn(look),
  'first-of-month': (look: Look) => isOnDay(look, (day) => day === 1),
  'middle-of-month': (look: Look) => isOnDay(look, (day) => day === 15),
  'last-of-month': (look: Look) => isOnDay(look, (_day, next) => next === 1),
  late: (look: Look) => daysFrom(givenOn(look), sentOn(look)) > look.about.deadline,
  'no-vaccine': ({ value }: Look) => value === NO_VACCINE,
  'inactive-vaccine': (look: Look) => vaccineIn(look)?.status === 'Inactive',
  'inactive-manufacturer': ({ value }: Look) => {
    const known = manufacturerOf(terminology(), value);
    return known !== undefined && known.status !== 'Active';
  },
  'unknown-amount': ({ value }: Look) => value === '999',
  'no-package': ({ group }: Look) =>
    ![3, 6].some((component) => /^NDC$/i.test(group?.rxa?.value(5, component) ?? '')),
  'looks-given': (look: Look) => {
    const days = daysFrom(givenOn(look), sentOn(look));
    return rxa(look, 15) !== '' && rxa(look, 17) !== '' && days >= 0 && days <= WEEK_DAYS;
  },
  'looks-historical': (look: Look) => rxa(look, 15) === '' && rxa(look, 17) === '',
  'no-observation': ({ group }: Look) => group?.observations.length === 0,
  'no-statement': (look: Look) => !hasStatement(look),
  'no-edition': (look: Look) => observed(look, ...VACCINES).length > observed(look, PUBLISHED).length,
  'future-edition': (look: Look) =>
    observed(look, PUBLISHED).some((edition) => (dateOf(edition) ?? '') > look.about.today),
  'not-presented': (look: Look) => hasStatement(look) && observed(look, PRESENTED).length === 0,
  'presented-later': (look: Look) =>
    observed(look, PRESENTED).some((day) => (dateOf(day) ?? '') !== givenOn(look)),
} as const;
