/** Cases: one caller and one person of a generated world on one day, through many channels, held to what the model allows. */
import { randomUUID } from 'node:crypto';
import type { Caller } from './callers.ts';
import type { Dice } from './dice.ts';
import { found } from './found.ts';
import type { Finding } from './findings.ts';
import { newName, type Generated, type Known } from './generate.ts';
import { probed } from './probed.ts';
import type { Probe } from './probes.ts';
import type { Place, Ran } from './sight.ts';

export interface Case {
  readonly caller: Caller;
  readonly person: Known;
  /** Somebody who never was. */
  readonly nobody: Known;
  readonly findings: readonly Finding[];
  readonly probes: readonly Probe[];
}

/** Who asks about whom: own tokens mostly about the own record. */
export function drawn(
  { callers, people }: Generated,
  dice: Dice,
): Pick<Case, 'caller' | 'person' | 'nobody'> {
  const caller = dice.oneOf(callers);
  const own = people.find(({ id }) => id === caller.own);
  const person = own !== undefined && dice.chance(0.7) ? own : dice.oneOf(people);
  return { caller, person, nobody: nobodyLike(person, dice) };
}

function nobodyLike(person: Known, dice: Dice): Known {
  const never = (): string => `${randomUUID().slice(0, 14)}7${randomUUID().slice(15)}`;
  return {
    ...person,
    ...newName(dice),
    id: never(),
    identifier: never(),
    task: never(),
    doses: [],
    directives: [],
  };
}

/** Runs one case. */
export async function runCase(place: Place, one: Case): Promise<Ran> {
  const ran: Ran[] = [];
  for (const channel of one.findings) ran.push(await found(place, one, channel));
  for (const channel of one.probes) ran.push(await probed(place, one, channel));
  const { caller, person } = one;
  const about = `${caller.name} ${JSON.stringify({ asker: caller.asker, ties: caller.holder.ties.filter((tie) => tie.person === person.id), launched: caller.holder.launched, day: place.day, person })}`;
  return {
    questions: ran.reduce((sum, { questions }) => sum + questions, 0),
    faults: ran.flatMap(({ faults }) => faults.map((fault) => `${fault}\n    ${about}`)),
  };
}
