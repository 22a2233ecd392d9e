/** What the model says of one caller on one day. */
import type { Caller } from './callers.ts';
import type { Need } from './findings.ts';
import type { Generated, Known } from './generate.ts';
import { lawLeaves, type Directive, type Dose } from './model.ts';
import { rightLeaves, type Letter, type Type } from './rights.ts';
import type { Door } from './server.ts';

export interface Place {
  readonly door: Door;
  readonly world: Generated;
  /** The civil day. */
  readonly day: string;
}

/** What went wrong, told so that it can be done again. */
export type Fault = string;

/** How many questions were asked, and what went wrong. */
export interface Ran {
  readonly questions: number;
  readonly faults: readonly Fault[];
}

export interface Sight {
  readonly of: (person: Known, need: Need, part?: boolean) => boolean;
  readonly dose: (person: Known, dose: Dose, need: Need, part?: boolean) => boolean;
  readonly directive: (person: Known, directive: Directive, need: Need) => boolean;
  /** Whether no directive, age or death hides the person. */
  readonly isOpen: (person: Known) => boolean;
}

export function sightOf(
  { world: { law }, day }: Pick<Place, 'world' | 'day'>,
  { holder, asker }: Caller,
): Sight {
  const right = (person: Known, need: Need, more: { vaccine?: string; isPart?: boolean }): boolean => {
    const [type, letter] = need.split('.') as [Type, Letter];
    return rightLeaves(holder, { type, letter, person: person.id, day, ...more });
  };
  return {
    of: (person, need, isPart = false) =>
      right(person, need, { isPart }) && lawLeaves({ law, asker, person, day }),
    dose: (person, dose, need, isPart = false) =>
      right(person, need, { vaccine: dose.vaccine, isPart }) && lawLeaves({ law, asker, person, dose, day }),
    directive: (person, directive, need) =>
      right(person, need, {}) && lawLeaves({ law, asker, person, directive, day }),
    isOpen: (person) => lawLeaves({ law, asker, person, day }),
  };
}
