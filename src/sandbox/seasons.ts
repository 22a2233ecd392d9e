/** What comes by the season or came with the pandemic: a shot every autumn for the faithful, COVID-19 as it was rolled out. */
import { dayOf, yearOf } from './calendar.ts';
import type { Dice, Weighted } from './dice.ts';
import { COVID, COVID_ROLLOUT, INFLUENZA, SEASONS_KEPT } from './seasonal.ts';
import { years } from './series.ts';
import { productOn, type Tale, type Venue } from './tale.ts';

const OF_SMALL: readonly Weighted<Venue>[] = [
  ['home', 94],
  ['health-department', 6],
];
const OF_CHILDREN: readonly Weighted<Venue>[] = [
  ['home', 75],
  ['pharmacy', 14],
  ['school', 5],
  ['health-department', 6],
];
const OF_ADULTS: readonly Weighted<Venue>[] = [
  ['pharmacy', 55],
  ['home', 33],
  ['health-department', 7],
  ['urgent-care', 5],
];
const OF_PANDEMIC: readonly Weighted<Venue>[] = [
  ['pharmacy', 55],
  ['health-department', 22],
  ['home', 23],
];

function seasonalVenue(chance: Dice, age: number): Venue {
  if (age < years(5)) return chance.weigh(OF_SMALL);
  return chance.weigh(age < years(18) ? OF_CHILDREN : OF_ADULTS);
}

/** Shares of those who take an influenza vaccine in a season, by age. */
function influenzaShare(age: number): number {
  if (age < years(18)) return 0.5;
  if (age < years(50)) return 0.32;
  return age < years(65) ? 0.45 : 0.68;
}

/** A day of the vaccinating season that begins in a year: most come early. */
const autumnDay = (chance: Dice, year: number): number =>
  dayOf(`${year}-09-13`) + Math.floor(chance.next() * chance.next() * 160);

/** Influenza vaccines of the seasons that are kept, for a person so faithful to them (1 is usual). */
export function influenza(tale: Tale, faithful: number): void {
  const { chance, person, end, temper } = tale;
  let before = 0;
  for (let year = yearOf(end) - SEASONS_KEPT; year <= yearOf(end); year += 1) {
    const day = autumnDay(chance, year);
    const age = day - person.birthDay;
    if (age < 183 || day > end || !chance.chance(influenzaShare(age) * faithful * temper.willing)) continue;
    shots(tale, day, before);
    before += 1;
  }
}

/** The shot of a season; children below nine who never had one before get two. */
function shots(tale: Tale, day: number, before: number): void {
  const { chance, person, end } = tale;
  const use = productOn(tale, 'INFLUENZA', INFLUENZA, day);
  if (use === undefined) return;
  const age = day - person.birthDay;
  const venue = seasonalVenue(chance, age);
  tale.doses.push({ day, cvx: use.cvx, venue });
  const second = day + chance.between(28, 50);
  const wanted = before === 0 && age < years(9) && second <= end;
  if (wanted && chance.chance(0.6)) tale.doses.push({ day: second, cvx: use.cvx, venue });
}

/** Until when first doses and boosters of the first products were given. */
const FIRST_PRODUCTS_END = dayOf('2022-08-20');
/** One dose of it made a series. */
const ONE_DOSE = '212';

/** The day of the first dose against COVID-19, of those who took it. */
function covidFirst({ chance, person, end, temper }: Tale): number | undefined {
  const group = COVID_ROLLOUT.find(({ minAge, from }) => from - person.birthDay >= minAge);
  if (group === undefined || !chance.chance(group.taken * temper.willing)) return undefined;
  const day = group.from + Math.floor(-70 * Math.log(1 - chance.next()));
  return day <= Math.min(end, FIRST_PRODUCTS_END) ? day : undefined;
}

function covidDose(tale: Tale, day: number, cvx?: string): string | undefined {
  const given = cvx ?? productOn(tale, 'COVID', COVID, day)?.cvx;
  if (day > tale.end || given === undefined) return undefined;
  tale.doses.push({ day, cvx: given, venue: tale.chance.weigh(OF_PANDEMIC) });
  return given;
}

/** A booster in the first winter, then now and then a shot in autumn. */
function boosters(tale: Tale, second: number): void {
  const { chance, end } = tale;
  const third = Math.max(second + chance.between(150, 300), dayOf('2021-10-20') + chance.between(0, 90));
  if (third <= FIRST_PRODUCTS_END && chance.chance(0.5)) covidDose(tale, third);
  for (let year = 2022; year <= yearOf(end); year += 1) {
    const day = autumnDay(chance, year);
    if (day - second > 60 && chance.chance(year === 2022 ? 0.34 : 0.25)) covidDose(tale, day);
  }
}

/** Vaccines against COVID-19, for those who took a first. */
export function covid(tale: Tale): void {
  const { chance } = tale;
  const first = covidFirst(tale);
  const cvx = first === undefined ? undefined : covidDose(tale, first);
  if (first === undefined || cvx === undefined) return;
  const second = first + chance.between(21, 42);
  if (cvx !== ONE_DOSE && chance.chance(0.93)) covidDose(tale, second, cvx);
  boosters(tale, second);
}
