/**
 * The vaccinations of a life as they truly happened: well-child visits kept early, late or not at all, catching
 * up, boosters, seasons of influenza, COVID-19. Nothing before birth, nothing after death or after today.
 */
import { ADULTHOOD } from './adulthood.ts';
import { dateOf, dayOf, yearOf } from './calendar.ts';
import { CHILDHOOD, STOCKS, VISITS, type Combination } from './childhood.ts';
import { dice, PURPOSE, type Dice } from './dice.ts';
import type { Habit, Person } from './person.ts';
import { COVID, COVID_ROLLOUT, INFLUENZA, SEASONS_KEPT } from './seasonal.ts';
import { years, type Series, type Use } from './series.ts';

/** Where somebody is vaccinated. */
export type Venue = 'home' | 'birth-hospital' | 'pharmacy' | 'health-department' | 'school' | 'urgent-care';

/** A dose that was truly given. */
export interface Dose {
  readonly day: number;
  readonly cvx: string;
  readonly venue: Venue;
}

/** A vaccine that was offered and not taken; reasons are of v3-ActReason. */
export interface Refusal {
  readonly day: number;
  readonly cvx: string;
  readonly reason: 'PATOBJ' | 'RELIG' | 'PHILISOP' | 'VACSAF' | 'VACEFF';
}

export interface History {
  readonly doses: readonly Dose[];
  readonly refusals: readonly Refusal[];
}

interface Temper {
  /** A visit comes at most so many days late. */
  readonly delay: number;
  readonly missed: number;
  /** What the habit makes of the share that takes a vaccine. */
  readonly willing: number;
}

const TEMPERS: Readonly<Record<Habit, Temper>> = {
  prompt: { delay: 10, missed: 0.02, willing: 1.02 },
  usual: { delay: 40, missed: 0.08, willing: 1 },
  late: { delay: 150, missed: 0.2, willing: 0.93 },
  rare: { delay: 380, missed: 0.5, willing: 0.7 },
  refuses: { delay: 300, missed: 0.6, willing: 0.07 },
};

interface Progress {
  readonly given: number;
  readonly last: number;
  readonly complete: boolean;
}

/** A life being told: what was given so far, and what the person thinks of each series. */
interface Tale {
  readonly chance: Dice;
  readonly person: Person;
  readonly temper: Temper;
  readonly end: number;
  readonly stock: readonly Combination[];
  readonly progress: Map<string, Progress>;
  readonly takes: Map<string, boolean>;
  readonly doses: Dose[];
  readonly refusals: Refusal[];
}

const inUse = (use: Use, day: number, age: number): boolean =>
  (use.from === undefined || dayOf(use.from) <= day) &&
  (use.until === undefined || day <= dayOf(use.until)) &&
  (use.ages === undefined || (use.ages[0] <= age && age <= use.ages[1]));

/** The product for a day and an age, where any is in use. */
function productOn(tale: Tale, uses: readonly Use[], day: number): Use | undefined {
  const age = day - tale.person.birthDay;
  const usable = uses.filter((use) => inUse(use, day, age));
  return usable.length === 0 ? undefined : tale.chance.weigh(usable.map((use) => [use, use.weight]));
}

function isOffered(series: Series, { person }: Tale, day: number): boolean {
  const since = person.sex === 'male' ? (series.boysSince ?? series.since) : series.since;
  return dayOf(since) <= day && day - person.birthDay <= series.until;
}

/** Whether the next dose of a series can be given on a day; in haste it can come days too early. */
function isDue(series: Series, tale: Tale, day: number, haste: number): boolean {
  const { given, last, complete } = tale.progress.get(series.name) ?? { given: 0, last: 0, complete: false };
  const step = series.steps[given];
  if (step === undefined || complete || !isOffered(series, tale, day)) return false;
  if (step.since !== undefined && day < dayOf(step.since)) return false;
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

function refuse(tale: Tale, series: Series, day: number): void {
  const share = tale.temper.willing < 0.5 ? 0.55 : 0.1;
  const known = tale.progress.has(`${series.name} refused`);
  const use = productOn(tale, series.uses, day);
  if (known || use === undefined || !tale.chance.chance(share)) return;
  tale.progress.set(`${series.name} refused`, { given: 0, last: day, complete: true });
  const reason = tale.chance.weigh<Refusal['reason']>([
    ['PATOBJ', 50],
    ['RELIG', 15],
    ['PHILISOP', 15],
    ['VACSAF', 14],
    ['VACEFF', 6],
  ]);
  tale.refusals.push({ day, cvx: use.cvx, reason });
}

function advance(tale: Tale, name: string, day: number, complete: boolean): void {
  const { given } = tale.progress.get(name) ?? { given: 0 };
  tale.progress.set(name, { given: given + 1, last: day, complete });
  // A booster against pertussis counts for tetanus too: the next is due ten years later.
  const tetanus = tale.progress.get('TD') ?? { given: 0, complete: false };
  if (name === 'TDAP') tale.progress.set('TD', { ...tetanus, last: day });
}

function give(tale: Tale, series: Series, day: number, venue: Venue): void {
  const use = productOn(tale, series.uses, day);
  if (use === undefined) return;
  tale.doses.push({ day, cvx: use.cvx, venue });
  advance(tale, series.name, day, use.completes === true);
}

/** Gives what the practice stocks as a combination, where enough of it is due, and says which series that was for. */
function combine(tale: Tale, due: readonly Series[], day: number, venue: Venue): readonly string[] {
  const named = due.map((series) => series.name);
  const fits = ({ covers: [first = ''], covers, doses, from, until }: Combination): boolean => {
    const given = tale.progress.get(first)?.given ?? 0;
    const inTime = dayOf(from) <= day && (until === undefined || day <= dayOf(until));
    return (
      inTime &&
      doses[0] <= given &&
      given <= doses[1] &&
      named.includes(first) &&
      covers.filter((name) => named.includes(name)).length > 1
    );
  };
  const chosen = tale.stock.find(fits);
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

function childVenue(tale: Tale, age: number): Venue {
  if (tale.person.cover === 'uninsured')
    return tale.chance.weigh([
      ['health-department', 6],
      ['home', 4],
    ]);
  return tale.chance.weigh([
    ['home', age > years(10) ? 82 : 94],
    ['health-department', 4],
    ['school', age > years(10) ? 8 : 0],
    ['pharmacy', age > years(10) ? 6 : 0],
  ]);
}

function atBirth(tale: Tale): void {
  const { birthDay } = tale.person;
  const share = yearOf(birthDay) >= 2005 ? 0.88 : 0.45;
  const offered = CHILDHOOD.filter(({ name }) => name === 'HEPB' || name === 'RSVMAB');
  if (tale.chance.chance(share))
    visit(tale, offered, Math.min(tale.end, birthDay + tale.chance.between(0, 1)), 'birth-hospital');
}

function childhood(tale: Tale): void {
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

function adulthood(tale: Tale): void {
  const { chance, person, temper, end } = tale;
  let day = Math.max(person.birthDay + years(19), dayOf('2005-01-01')) + chance.between(0, 700);
  while (day <= end) {
    const venue = chance.weigh<Venue>([
      ['home', 50],
      ['pharmacy', 38],
      ['health-department', 6],
      ['urgent-care', 6],
    ]);
    const open = ADULTHOOD.filter(() => chance.chance(0.55));
    if (!chance.chance(temper.missed)) visit(tale, open, day, venue);
    day += chance.between(200, 800);
  }
}

function seasonalVenue(chance: Dice, age: number): Venue {
  if (age < years(18))
    return chance.weigh([
      ['home', 75],
      ['pharmacy', age > years(5) ? 14 : 0],
      ['school', age > years(5) ? 5 : 0],
      ['health-department', 6],
    ]);
  return chance.weigh([
    ['pharmacy', 55],
    ['home', 33],
    ['health-department', 7],
    ['urgent-care', 5],
  ]);
}

/** Shares of those who take an influenza vaccine in a season, by age. */
function influenzaShare(age: number): number {
  if (age < years(18)) return 0.5;
  if (age < years(50)) return 0.32;
  return age < years(65) ? 0.45 : 0.68;
}

function influenza(tale: Tale, faithful: number): void {
  const { chance, person, end } = tale;
  const latest = yearOf(end);
  let vaccinated = false;
  for (let year = latest - SEASONS_KEPT; year <= latest; year += 1) {
    const day = dayOf(`${year}-09-04`) + Math.floor(chance.next() * chance.next() * 170);
    const age = day - person.birthDay;
    const share = age < 183 ? 0 : influenzaShare(age) * faithful * tale.temper.willing;
    const use = chance.chance(share) && day <= end ? productOn(tale, INFLUENZA, day) : undefined;
    if (use === undefined) continue;
    tale.doses.push({ day, cvx: use.cvx, venue: seasonalVenue(chance, age) });
    const second = day + chance.between(28, 50);
    // Children below nine who never had one before get two.
    if (!vaccinated && age < years(9) && second <= end && chance.chance(0.6))
      tale.doses.push({ day: second, cvx: use.cvx, venue: 'home' });
    vaccinated = true;
  }
}

function covidFirst(tale: Tale): number | undefined {
  const { chance, person, end } = tale;
  for (const { minAge, from, taken } of COVID_ROLLOUT) {
    const day = dayOf(from) + Math.floor(-70 * Math.log(1 - chance.next()));
    if (dayOf(from) - person.birthDay < minAge) continue;
    return chance.chance(taken * tale.temper.willing) && day <= Math.min(end, dayOf('2022-08-20'))
      ? day
      : undefined;
  }
  return undefined;
}

function covid(tale: Tale): void {
  const { chance, end } = tale;
  const give = (day: number): string | undefined => {
    const use = day <= end ? productOn(tale, COVID, day) : undefined;
    if (use !== undefined)
      tale.doses.push({
        day,
        cvx: use.cvx,
        venue: chance.weigh([
          ['pharmacy', 55],
          ['health-department', 22],
          ['home', 23],
        ]),
      });
    return use?.cvx;
  };
  const first = covidFirst(tale);
  const cvx = first === undefined ? undefined : give(first);
  if (first === undefined || cvx === undefined) return;
  const second = first + chance.between(21, 42);
  if (cvx !== '212' && second <= end && chance.chance(0.93))
    tale.doses.push({
      day: second,
      cvx,
      venue: chance.weigh([
        ['pharmacy', 60],
        ['health-department', 40],
      ]),
    });
  const third = Math.max(second + chance.between(150, 300), dayOf('2021-10-20') + chance.between(0, 90));
  if (third <= dayOf('2022-08-20') && chance.chance(0.5)) give(third);
  for (let year = 2022; year <= yearOf(end); year += 1) {
    const day = dayOf(`${year}-09-13`) + Math.floor(chance.next() * chance.next() * 190);
    if (day - second > 60 && chance.chance(year === 2022 ? 0.34 : 0.25)) give(day);
  }
}

/** Childhood of those born long ago is mostly not on file. */
const isOnFile = (tale: Tale): boolean => {
  const born = yearOf(tale.person.birthDay);
  return tale.chance.chance(born >= 1998 ? 1 : born >= 1985 ? 0.45 : 0.12);
};

/** Days that are known only roughly do not matter here: what happened is told; how it is reported comes later. */
export function historyOf(seed: number, person: Person, today: number, immune: boolean): History {
  const chance = dice(seed, PURPOSE.history, person.n);
  const tale: Tale = {
    chance,
    person,
    temper: TEMPERS[person.habit],
    end: Math.min(today, person.deathDay ?? today),
    stock: chance.weigh(STOCKS),
    progress: new Map(),
    takes: new Map(immune ? [['VARICELLA', false]] : []),
    doses: [],
    refusals: [],
  };
  if (isOnFile(tale)) childhood(tale);
  adulthood(tale);
  influenza(
    tale,
    chance.weigh([
      [0.1, 30],
      [1, 40],
      [1.6, 30],
    ]),
  );
  covid(tale);
  tale.doses.sort((a, b) => a.day - b.day);
  return { doses: tale.doses, refusals: tale.refusals };
}
