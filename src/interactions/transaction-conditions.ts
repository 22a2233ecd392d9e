/**
 * What the conditions in a transaction name: what will be there once its writes are done, as far as that can be
 * known before (https://hl7.org/fhir/R4/http.html#trules). The condition of an entry must not name what another
 * entry writes, because the order of entries must not matter; a conditional reference may.
 */
import type { Ask, QueryPair } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { parseCondition } from '../search/parse.ts';
import { isPlaced } from './arrival.ts';
import { fewAtOnce } from './at-once.ts';
import { resolve, soleMatch, tooMany, type Resolved, type Target } from './condition.ts';
import { resourceOf, type Settled } from './create.ts';
import { resolveCreate } from './resolve-create.ts';
import { settingOf, type Rooms } from './rooms.ts';
import { arrivalsOf, checkArrival, hasOthers, type Arrivals } from './transaction-arrivals.ts';
import { located, type Step } from './transaction-step.ts';

/** What is settled before anything is planned. */
export interface Settlement {
  readonly of: (step: Step) => Settled;
  /** The id of what an entry writes or finds, where it can be known. */
  readonly idOf: (step: Step) => string | undefined;
  /** Whether an entry makes a new resource. */
  readonly isNew: (step: Step) => boolean;
  /**
   * The id of the one resource that a conditional reference names.
   * @throws Failure `invalid-value` for none, `multiple-matches` for several
   */
  readonly find: (step: Step, type: string, query: readonly QueryPair[]) => Promise<string>;
}

/** Settles the conditions of all entries. */
export async function settle(rooms: Rooms, steps: readonly Step[]): Promise<Settlement> {
  const around: Around = {
    steps,
    leaving: await idsOfDeletes(rooms, steps),
    arrivals: arrivalsOf(rooms, steps),
  };
  const resolved = new Map<number, Resolved | undefined>();
  await fewAtOnce(steps, async (step) => {
    resolved.set(step.at, await inPlace(step, () => resolvedOf(rooms, step, around)));
  });
  const idOf = (step: Step): string | undefined => idAfter(step, resolved.get(step.at));
  const known = new Map<string, Promise<string>>();
  return {
    of: (step) => {
      const found = resolved.get(step.at);
      return { id: step.newId, ...(found && { resolved: found }) };
    },
    idOf,
    isNew: (step) => idOf(step) === step.newId,
    find: (step, type, query) => {
      const key = JSON.stringify([type, query]);
      const found = known.get(key) ?? findAfter(rooms, { step, type, query }, { ...around, idOf });
      known.set(key, found);
      return found;
    },
  };
}

/** Runs for one entry and names it in whatever goes wrong. */
async function inPlace<T>(step: Step, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw located(error, step.at);
  }
}

interface Around {
  readonly steps: readonly Step[];
  /** `Type/id` of what the transaction deletes. */
  readonly leaving: ReadonlySet<string>;
  readonly arrivals: Arrivals;
}

function idAfter({ ask, newId }: Step, resolved: Resolved | undefined): string | undefined {
  if (ask.id !== undefined) return ask.id;
  const creates = ask.interaction === 'create' || ask.interaction === 'update';
  return resolved?.match?._id ?? (creates ? newId : undefined);
}

async function idsOfDeletes(rooms: Rooms, steps: readonly Step[]): Promise<ReadonlySet<string>> {
  const deletes = steps.filter(({ ask }) => ask.interaction === 'delete');
  const found = await fewAtOnce(deletes, (step) =>
    inPlace(step, async () => {
      const { type = '', id, query } = step.ask;
      const _id = id ?? (await soleMatch(rooms, { grant: step.grant, type }, query))?._id;
      return _id === undefined ? [] : [`${type}/${_id}`];
    }),
  );
  return new Set(found.flat());
}

/** The condition of an entry that may create or change something. */
function conditionOf({ interaction, id, query, conditions }: Ask): readonly QueryPair[] | undefined {
  if (interaction === 'create') return conditions.ifNoneExist;
  return (interaction === 'update' || interaction === 'patch') && id === undefined ? query : undefined;
}

const idsLeaving = (leaving: ReadonlySet<string>, type: string): readonly string[] =>
  [...leaving]
    .filter((reference) => reference.startsWith(`${type}/`))
    .map((reference) => reference.slice(type.length + 1));

async function resolvedOf(rooms: Rooms, step: Step, around: Around): Promise<Resolved | undefined> {
  const { ask, grant } = step;
  const condition = conditionOf(ask);
  const { type } = ask;
  if (type === undefined || (condition === undefined && !isPlaced(ask))) return undefined;
  const target = { ask, grant, type };
  if (condition !== undefined) return conditional(rooms, step, { target, condition }, around);
  return ask.interaction === 'create' ? resolveCreate(rooms, target, resourceOf(ask, type)) : undefined;
}

interface Conditional {
  readonly target: Target;
  readonly condition: readonly QueryPair[];
}

async function conditional(
  rooms: Rooms,
  step: Step,
  { target, condition }: Conditional,
  { steps, arrivals, leaving }: Around,
): Promise<Resolved | undefined> {
  const { ask, type } = target;
  const leftOut = idsLeaving(leaving, type);
  const isCompared = hasOthers(steps, step, type);
  if (isCompared) {
    const clauses = parseCondition(type, condition, settingOf(rooms, step.grant));
    if (arrivals(type, clauses).some(({ at }) => at !== step.at)) nameOne();
  }
  if (ask.interaction === 'patch') return resolve(rooms, target, condition, leftOut);
  const resource = resourceOf(ask, type);
  const resolved = await resolveCreate(rooms, target, resource, { condition, leftOut });
  // What is new is checked when it is planned, and what is compared has been; what is not right is refused all the same.
  if (!isCompared && resolved?.match !== undefined) checkArrival(step, resource);
  return resolved;
}

/** @throws Failure `malformed` */
const nameOne = (): never =>
  fail(
    'malformed',
    'The condition also names what another entry of the transaction writes; send one of them.',
  );

interface Wanted {
  readonly step: Step;
  readonly type: string;
  readonly query: readonly QueryPair[];
}

/** A conditional reference is resolved last: what is deleted is gone by then, and what is written is there. */
async function findAfter(
  rooms: Rooms,
  { step, type, query }: Wanted,
  { steps, leaving, arrivals, idOf }: Around & Pick<Settlement, 'idOf'>,
): Promise<string> {
  const clauses = parseCondition(type, query, settingOf(rooms, step.grant));
  const rewritten = steps
    .filter(({ ask }) => ask.type === type && ask.interaction === 'update')
    .map(idOf)
    .filter((id) => id !== undefined);
  const leftOut = [...idsLeaving(leaving, type), ...rewritten];
  const stored = await soleMatch(rooms, { grant: step.grant, type }, query, leftOut);
  // A conditional create that found its resource writes nothing: what it names is found where it is stored.
  const coming = arrivals(type, clauses).map(idOf);
  const [only, ...more] = new Set([stored?._id, ...coming].filter((id) => id !== undefined));
  if (more.length > 0) tooMany();
  return (
    only ??
    fail(
      'invalid-value',
      'A conditional reference matches no resource; create it first or in the same transaction.',
      ['resource'],
    )
  );
}
