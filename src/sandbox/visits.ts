/** Visits to the doctor: what is due is given, put off or refused; well-child visits, and the irregular ones of later years. */
import { ADULTHOOD } from './adulthood.ts';
import { dateOf, dayOf, yearOf } from './calendar.ts';
import { CHILDHOOD, VISITS, type Combination } from './childhood.ts';
import type { Weighted } from './dice.ts';
import { years, type Series, type Use } from './series.ts';
import { productOn, type Progress, type Refusal, type Tale, type Venue } from './tale.ts';

const FRESH: Progress = { given: 0, last: 0, complete: false };

function isOffered(series: Series, { person }: Tale, day: number, given: number): boolean {
  const since = person.sex === 'male' ? (series.boysSince ?? series.since) : series.since;
  const latest = given === 0 ? (series.startBy ?? series.until) : series.until;
  return since <= day && day - person.birthDay <= latest;
}

/** Whether the next dose of a series can be given on a day; in haste it can come days too early. */
function isDue(series: Series, tale: Tale, day: number, haste: number): boolean {
  const { given, last, complete } = tale.progress.get(series.name) ?? FRESH;
  const step = series.steps[given];
  if (step === undefined || complete || !isOffered(series, tale, day, given)) return false;
  if (step.since !== undefined && day < step.since) return false;
  const spaced = given === 0 || day - last >= step.gap - haste;
  return spaced && day - tale.person.birthDay >= step.from - haste;
}

/** Monoclonal antibodies against RSV are given in the season only. */
function inSeason(series: Series, day: number): boolean {
  const month = Number(dateOf(day).slice(5, 7));
  return series.name !== 'RSVMAB' || month >= 10 || month <= 3;
}

/** Whether the person takes a series at all: decided once. */
function takes(tale: Tale, series: Series): boolean {
  const known = tale.takes.get(series.name);
  if (known !== undefined) return known;
  const decided = tale.chance.chance(Math.min(0.995, series.taken * tale.temper.willing));
  tale.takes.set(series.name, decided);
  return decided;
}

const REASONS: readonly Weighted<Refusal['reason']>[] = [
  ['PATOBJ', 50],
  ['RELIG', 15],
  ['PHILISOP', 15],
  ['VACSAF', 14],
  ['VACEFF', 6],
];

/** How often a no is written down: of children often, of grown people hardly ever. */
function refusalShare({ temper, person }: Tale, day: number): number {
  const child = day - person.birthDay < years(19);
  if (temper.willing < 0.5) return child ? 0.5 : 0.05;
  return child ? 0.07 : 0.01;
}

function refuse(tale: Tale, series: Series, day: number): void {
  if (
    tale.refusals.some((refusal) => refusal.series === series.name) ||
    !tale.chance.chance(refusalShare(tale, day))
  )
    return;
  const use = productOn(tale, series.name, series.uses, day);
  if (use !== undefined)
    tale.refusals.push({ day, cvx: use.cvx, series: series.name, reason: tale.chance.weigh(REASONS) });
}

function advance(tale: Tale, name: string, day: number, complete: boolean): void {
  const { given } = tale.progress.get(name) ?? FRESH;
  tale.progress.set(name, { given: given + 1, last: day, complete });
  // A booster against pertussis counts for tetanus too: the next is due ten years later.
  if (name === 'TDAP') tale.progress.set('TD', { ...(tale.progress.get('TD') ?? FRESH), last: day });
}

/** Whether a dose is the last that its series needs, by the product or because the person began late. */
function isLast(tale: Tale, series: Series, use: Use, day: number): boolean {
  const { given } = tale.progress.get(series.name) ?? FRESH;
  const begunLate = given === 0 && day - tale.person.birthDay >= (series.onceFrom ?? Infinity);
  return begunLate || given + 1 >= (use.doses ?? Infinity);
}

function give(tale: Tale, series: Series, day: number, venue: Venue): void {
  const use = productOn(tale, series.name, series.uses, day);
  if (use === undefined) return;
  tale.doses.push({ day, cvx: use.cvx, venue });
  advance(tale, series.name, day, isLast(tale, series, use, day));
}

/** Whether a combination is on the market, is for this dose, and at least two of its series are due. */
function fits(tale: Tale, combination: Combination, named: readonly string[], day: number): boolean {
  const { covers, doses, from, until } = combination;
  const [first = ''] = covers;
  const given = tale.progress.get(first)?.given ?? 0;
  const sold = from <= day && day <= (until ?? Infinity);
  const forThis = doses[0] <= given && given <= doses[1] && named.includes(first);
  return sold && forThis && covers.filter((name) => named.includes(name)).length > 1;
}

/** Gives what the practice stocks as a combination, where enough of it is due, and says which series that was for. */
function combine(tale: Tale, due: readonly Series[], day: number, venue: Venue): readonly string[] {
  const named = due.map((series) => series.name);
  const chosen = tale.stock.find((combination) => fits(tale, combination, named, day));
  if (chosen === undefined) return [];
  tale.doses.push({ day, cvx: chosen.cvx, venue });
  for (const name of chosen.covers) advance(tale, name, day, false);
  return chosen.covers;
}

/** One visit: what is due is given, put off or refused. */
function visit(tale: Tale, all: readonly Series[], day: number, venue: Venue): void {
  const haste = tale.chance.chance(0.012) ? 14 : 4;
  const due = all.filter((series) => inSeason(series, day) && isDue(series, tale, day, haste));
  const wanted = due.filter((series) => takes(tale, series));
  for (const series of due) if (!wanted.includes(series)) refuse(tale, series, day);
  const combined = combine(tale, wanted, day, venue);
  for (const series of wanted) {
    // Now and then something is out of stock or forgotten, and comes at the next visit.
    if (!combined.includes(series.name) && !tale.chance.chance(0.03)) give(tale, series, day, venue);
  }
}

const SMALL: readonly Weighted<Venue>[] = [
  ['home', 95],
  ['health-department', 5],
];
const GROWING: readonly Weighted<Venue>[] = [
  ['home', 82],
  ['school', 8],
  ['pharmacy', 6],
  ['health-department', 4],
];
const WITHOUT_COVER: readonly Weighted<Venue>[] = [
  ['health-department', 6],
  ['home', 4],
];
const GROWN: readonly Weighted<Venue>[] = [
  ['home', 50],
  ['pharmacy', 38],
  ['health-department', 6],
  ['urgent-care', 6],
];

function childVenue(tale: Tale, age: number): Venue {
  if (tale.person.cover === 'uninsured') return tale.chance.weigh(WITHOUT_COVER);
  return tale.chance.weigh(age > years(10) ? GROWING : SMALL);
}

function atBirth(tale: Tale): void {
  const { birthDay } = tale.person;
  const share = yearOf(birthDay) >= 2005 ? 0.88 : 0.45;
  const offered = CHILDHOOD.filter(({ name }) => name === 'HEPB' || name === 'RSVMAB');
  if (tale.chance.chance(share))
    visit(tale, offered, Math.min(tale.end, birthDay + tale.chance.between(0, 1)), 'birth-hospital');
}

/** Well-child visits from birth on. */
export function childhood(tale: Tale): void {
  const { chance, person, temper, end } = tale;
  atBirth(tale);
  let before = person.birthDay + 7;
  for (const due of VISITS) {
    const late = Math.floor(temper.delay * chance.next() ** 2);
    const day = Math.max(before + 14, person.birthDay + due + late);
    if (day > end) return;
    if (chance.chance(temper.missed)) continue;
    visit(tale, CHILDHOOD, day, childVenue(tale, due));
    before = day;
  }
}

/** Visits of a grown person. */
export function adulthood(tale: Tale): void {
  const { chance, person, temper, end } = tale;
  let day = Math.max(person.birthDay + years(19), dayOf('2005-01-01')) + chance.between(0, 700);
  while (day <= end) {
    const venue = chance.weigh(GROWN);
    const open = ADULTHOOD.filter(() => chance.chance(0.55));
    if (!chance.chance(temper.missed)) visit(tale, open, day, venue);
    day += chance.between(200, 800);
  }
}
