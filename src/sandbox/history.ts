/**
 * The vaccinations of a life as they truly happened: visits kept early, late or not at all, catching up,
 * boosters, seasons of influenza, COVID-19. Nothing before birth, nothing after death or after today.
 */
import { yearOf } from './calendar.ts';
import { STOCKS } from './childhood.ts';
import { dice, PURPOSE } from './dice.ts';
import type { Habit, Person } from './person.ts';
import { covid, influenza } from './seasons.ts';
import type { Dose, Refusal, Tale, Temper } from './tale.ts';
import { adulthood, childhood } from './visits.ts';

export interface History {
  readonly doses: readonly Dose[];
  readonly refusals: readonly Refusal[];
}

const TEMPERS: Readonly<Record<Habit, Temper>> = {
  prompt: { delay: 10, missed: 0.02, willing: 1.02 },
  usual: { delay: 40, missed: 0.08, willing: 1 },
  late: { delay: 150, missed: 0.2, willing: 0.93 },
  rare: { delay: 380, missed: 0.5, willing: 0.7 },
  refuses: { delay: 300, missed: 0.6, willing: 0.07 },
};

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
    usual: new Map(),
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
