/** What the entries of a transaction will leave behind, as a search would see it. */
import type { Resource } from '@medplum/fhirtypes';
import { Failure } from '../core/failure.ts';
import type { Clause } from '../search/clause.ts';
import { holds } from '../search/holds.ts';
import { keysOf } from '../search/index-of.ts';
import type { Keyed } from '../search/keys.ts';
import { check } from '../validation/check.ts';
import { entryOf, type Rooms } from './rooms.ts';
import { located, type Step } from './transaction-step.ts';

/** The entries that write something for which all the clauses will be true. */
export type Arrivals = (type: string, clauses: readonly Clause[]) => readonly Step[];

interface Arrival {
  readonly step: Step;
  readonly keyed: Keyed;
}

interface OfType {
  readonly all: readonly Arrival[];
  /** Most conditions ask for an identifier: a Bundle of a thousand entries must not compare each with each. */
  readonly byToken: ReadonlyMap<string, readonly Arrival[]>;
}

/** Makes the search among what creates and updates will leave; a type's contents are read when they are asked for. */
export function arrivalsOf(rooms: Rooms, steps: readonly Step[]): Arrivals {
  const known = new Map<string, OfType>();
  return (type, clauses) => {
    const ofType = known.get(type) ?? read(rooms, steps, type);
    known.set(type, ofType);
    return candidates(ofType, clauses)
      .filter(({ keyed }) => clauses.every((clause) => holds(clause, keyed)))
      .map(({ step }) => step);
  };
}

/** Whether another entry than this one leaves something of the type: only then there is something to compare with. */
export const hasOthers = (steps: readonly Step[], step: Step, type: string): boolean =>
  steps.some((other) => other.at !== step.at && other.ask.type === type && leavesSomething(other));

const leavesSomething = ({ ask }: Step): boolean =>
  ask.interaction === 'create' || ask.interaction === 'update';

function read(rooms: Rooms, steps: readonly Step[], type: string): OfType {
  const all = steps.filter(({ ask }) => ask.type === type).flatMap((step) => arrivalOf(rooms, step));
  const pairs = all.flatMap((arrival) => arrival.keyed.tokens.map((token) => ({ token, arrival })));
  const byToken = new Map<string, Arrival[]>();
  for (const { token, arrival } of pairs) byToken.set(token, [...(byToken.get(token) ?? []), arrival]);
  return { all, byToken };
}

/** References between entries are not followed yet: no condition can ask for them. */
function arrivalOf(rooms: Rooms, step: Step): Arrival[] {
  const { ask, newId } = step;
  if (!leavesSomething(step) || ask.body?.kind !== 'resource' || ask.body.resource.resourceType !== ask.type)
    return [];
  const { resource } = ask.body;
  checkArrival(step, resource);
  const keys = keysOf(entryOf(rooms.catalog, ask.type), resource);
  return [{ step, keyed: { _id: ask.id ?? newId, lastUpdated: rooms.now(), ...keys } }];
}

/** @throws Failure for what is wrong with what an entry would leave */
export function checkArrival({ at }: Step, resource: Resource): void {
  const [first, ...more] = check(resource);
  if (first !== undefined) throw located(new Failure(first, ...more), at);
}

function candidates({ all, byToken }: OfType, clauses: readonly Clause[]): readonly Arrival[] {
  const telling = clauses.find((clause) => clause.op === 'in' && clause.field === 'tokens');
  if (telling?.op !== 'in') return all;
  return [...new Set(telling.keys.flatMap((key) => byToken.get(key) ?? []))];
}
