/** A life as it is being told: who, how, until when, and what was given so far. */
import type { Combination } from './childhood.ts';
import type { Dice } from './dice.ts';
import type { Person } from './person.ts';
import type { Use } from './series.ts';

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
  readonly series: string;
  readonly reason: 'PATOBJ' | 'RELIG' | 'PHILISOP' | 'VACSAF' | 'VACEFF';
}

export interface Temper {
  /** A visit comes at most so many days late. */
  readonly delay: number;
  readonly missed: number;
  /** What the habit makes of the share that takes a vaccine. */
  readonly willing: number;
}

export interface Progress {
  readonly given: number;
  readonly last: number;
  readonly complete: boolean;
}

/** A life being told: what was given so far, and what the person thinks of each series. */
export interface Tale {
  readonly chance: Dice;
  readonly person: Person;
  readonly temper: Temper;
  readonly end: number;
  readonly stock: readonly Combination[];
  readonly progress: Map<string, Progress>;
  readonly takes: Map<string, boolean>;
  /** What the practice has of each series, by series. */
  readonly usual: Map<string, string>;
  readonly doses: Dose[];
  readonly refusals: Refusal[];
}

const inUse = (use: Use, day: number, age: number): boolean =>
  (use.from === undefined || use.from <= day) &&
  (use.until === undefined || day <= use.until) &&
  (use.ages === undefined || (use.ages[0] <= age && age <= use.ages[1]));

/** The product for a day, where any is in use: mostly the one the person had of the series before. */
export function productOn(tale: Tale, name: string, uses: readonly Use[], day: number): Use | undefined {
  const age = day - tale.person.birthDay;
  const usable = uses.filter((use) => inUse(use, day, age));
  if (usable.length === 0) return undefined;
  const same = usable.find((use) => use.cvx === tale.usual.get(name));
  if (same !== undefined && tale.chance.chance(0.9)) return same;
  const chosen = tale.chance.weigh(usable.map((use) => [use, use.weight] as const));
  tale.usual.set(name, chosen.cvx);
  return chosen;
}
