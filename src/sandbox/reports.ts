/**
 * Who reports what of a life: which doses stand in which record of a person, given or known from elsewhere,
 * twice, a day off, or under the code of the whole group. How often is in error-rates.ts.
 */
import type { Terminology } from '../terminology/load.ts';
import { groupCodesOf } from '../terminology/lookup.ts';
import { dateOf, dayOf } from './calendar.ts';
import type { Cast } from './cast.ts';
import type { Dice, Weighted } from './dice.ts';
import type { Known } from './dose-body.ts';
import { DOSE_RATES, type DoseError } from './error-rates.ts';
import type { History } from './history.ts';
import type { Site } from './organizations.ts';
import type { Person } from './person.ts';
import type { Dose, Refusal, Venue } from './tale.ts';

/** A true dose, numbered within its life. */
interface Numbered {
  readonly at: number;
  readonly dose: Dose;
}

/** A report of a dose that its giver makes. */
export interface GivenReport extends Numbered {
  readonly as: 'given';
  readonly site: Site;
}

/** A report of a dose by somebody who only knows of it. */
interface KnownReport extends Numbered {
  readonly as: 'known';
  readonly cvx: string;
  /** `YYYY-MM-DD` or less. */
  readonly date: string;
  readonly origin: Known['origin'];
  readonly errors: readonly DoseError[];
}

interface RefusedReport {
  readonly as: 'refused';
  readonly refusal: Refusal;
  readonly site: Site;
}

export type Report = GivenReport | KnownReport | RefusedReport;

/** What is needed to decide who reports what. */
export interface Newsroom {
  readonly chance: Dice;
  readonly terms: Terminology;
  readonly person: Person;
  readonly cast: Cast;
  readonly today: number;
}

/** Before it, nothing was reported as it was given. */
const REGISTRY_BEGAN = dayOf('2003-01-01');

const ORIGINS: readonly Weighted<Known['origin']>[] = [
  ['record', 45],
  ['provider', 25],
  ['school', 14],
  ['recall', 10],
  ['jurisdiction', 6],
];

/** A dose that is known from elsewhere can be a day off, lose its formulation, or be known by its month or year only. */
function knownOf(
  { chance, terms, person, today }: Newsroom,
  { at, dose }: Numbered,
  origin: Known['origin'],
): KnownReport {
  const errors: DoseError[] = [];
  const happens = (error: DoseError): boolean => {
    const does = chance.chance(DOSE_RATES[error]);
    if (does) errors.push(error);
    return does;
  };
  const off = happens('day-off')
    ? chance.pick([-1, 1])
    : happens('days-off')
      ? chance.pick([-7, -3, -2, 2, 3, 7])
      : 0;
  const day = Math.min(Math.max(dose.day + off, person.birthDay), person.deathDay ?? today, today);
  const [group] = groupCodesOf(terms, dose.cvx);
  const cvx = group !== undefined && group !== dose.cvx && happens('unspecified') ? group : dose.cvx;
  const written = dateOf(day);
  const date = happens('month-only')
    ? written.slice(0, 7)
    : happens('year-only')
      ? written.slice(0, 4)
      : written;
  return { as: 'known', at, dose, cvx, date, origin, errors };
}

/** Whether a dose was given where and when those who gave it reported it. */
const wasReported = ({ person }: Newsroom, { day }: Dose): boolean =>
  day >= Math.max(REGISTRY_BEGAN, person.arrivedDay ?? 0);

/** A dose that another record of the person has from its giver is on the first one from hearsay, if at all. */
function hearsay(room: Newsroom, numbered: Numbered): readonly Report[] {
  return room.chance.chance(DOSE_RATES.copied) ? [knownOf(room, numbered, room.chance.weigh(ORIGINS))] : [];
}

function firstReport(room: Newsroom, numbered: Numbered, elsewhere: readonly Venue[]): readonly Report[] {
  const { chance, cast, person } = room;
  const { dose } = numbered;
  if (!wasReported(room, dose)) {
    const origin =
      dose.day < (person.arrivedDay ?? 0)
        ? chance.weigh<Known['origin']>([
            ['jurisdiction', 5],
            ['record', 5],
          ])
        : chance.weigh(ORIGINS);
    return chance.chance(DOSE_RATES.kept) ? [knownOf(room, numbered, origin)] : [];
  }
  if (elsewhere.includes(dose.venue)) return hearsay(room, numbered);
  if (chance.chance(DOSE_RATES['known-only'])) return [knownOf(room, numbered, chance.weigh(ORIGINS))];
  const given: Report = { as: 'given', ...numbered, site: cast.sites[dose.venue] };
  return chance.chance(DOSE_RATES.again) ? [given, knownOf(room, numbered, chance.weigh(ORIGINS))] : [given];
}

/** Reports on the first record of a person; what was given at the venues of further records is reported there. */
export function firstReports(
  room: Newsroom,
  history: History,
  elsewhere: readonly Venue[],
): readonly Report[] {
  const doses = history.doses.flatMap((dose, at) => firstReport(room, { at, dose }, elsewhere));
  const refusals = history.refusals
    .filter((refusal) => wasReported(room, { ...refusal, venue: 'home' }))
    .map((refusal): Report => ({ as: 'refused', refusal, site: room.cast.sites.home }));
  return [...doses, ...refusals];
}

/** Who keeps a second record of a person, and at which site it was vaccinated there. */
export interface Source {
  readonly organization: string;
  readonly venue?: Venue;
  readonly origin: Known['origin'];
}

type SourceKind = Venue | 'plan' | 'registry';

const SECOND_OF_CHILD: readonly Weighted<SourceKind>[] = [
  ['birth-hospital', 30],
  ['school', 22],
  ['health-department', 18],
  ['registry', 14],
  ['plan', 10],
  ['pharmacy', 6],
];
const SECOND_OF_ADULT: readonly Weighted<SourceKind>[] = [
  ['pharmacy', 50],
  ['health-department', 14],
  ['registry', 12],
  ['plan', 12],
  ['urgent-care', 12],
];

/** Draws who keeps a further record. A hospital keeps one of those it saw born. */
export function sourceOf({ chance, cast, person }: Newsroom, child: boolean): Source {
  const kind = chance.weigh(child ? SECOND_OF_CHILD : SECOND_OF_ADULT);
  if (kind === 'plan') return { organization: cast.plan, origin: 'provider' };
  if (kind === 'registry' || (kind === 'birth-hospital' && person.arrivedDay !== undefined))
    return { organization: cast.registry, origin: 'jurisdiction' };
  return {
    organization: cast.sites[kind].organization,
    venue: kind,
    origin: kind === 'school' ? 'school' : 'record',
  };
}

/** Reports on a further record: what its keeper gave itself, and some of what it heard of. */
export function furtherReports(room: Newsroom, history: History, source: Source): readonly Report[] {
  const { chance, cast } = room;
  return history.doses.flatMap((dose, at): Report[] => {
    const own = dose.venue === source.venue && wasReported(room, dose);
    if (own) return [{ as: 'given', at, dose, site: cast.sites[dose.venue] }];
    const heard = source.venue !== 'birth-hospital' && chance.chance(DOSE_RATES.copied);
    return heard ? [knownOf(room, { at, dose }, source.origin)] : [];
  });
}
