/**
 * transaction: all entries or none, in the specification's order (https://hl7.org/fhir/R4/http.html#trules).
 * Writes are planned on what is stored now and committed as one; reads are answered after that, so that they see
 * what was written, but what can be known to fail in them fails the transaction before (transaction-reads.ts).
 */
import type { BundleEntry } from '@medplum/fhirtypes';
import type { Answer, Ask } from '../core/context.ts';
import { Failure, fail } from '../core/failure.ts';
import { decide } from '../policy/decide.ts';
import type { Known } from '../policy/known.ts';
import { fewAtOnce } from './at-once.ts';
import { askOf, entriesOf, failureEntry, isWrite, responseBundle, responseEntry } from './bundle-entry.ts';
import { planCreate, type Settled } from './create.ts';
import { planDelete } from './delete.ts';
import { failureOf } from './fault.ts';
import { checkLinks, leavingOf } from './links.ts';
import { planPatch } from './patch.ts';
import type { Handler, Rooms } from './rooms.ts';
import { settle } from './transaction-conditions.ts';
import { checkReads } from './transaction-reads.ts';
import { rewriter } from './transaction-references.ts';
import { located, type Step } from './transaction-step.ts';
import { planUpdate } from './update.ts';
import { planWait } from './wait.ts';
import { writeThrough, type Plan } from './write-through.ts';

export const transaction: Handler = async (rooms, ask, grant, entry) => {
  const steps = stepsOf(rooms, ask, grant.known);
  const answer = await writeThrough(rooms, { ask, grant, entry }, () => planAll(rooms, ask, steps));
  if (answer.status === WAITS) return answer;
  const parts = answer.parts ?? [];
  const texts = await fewAtOnce(steps, (step, at) => responseOf(rooms, step, parts[at]));
  const headers = answer.headers && { headers: answer.headers };
  return { status: 200, body: responseBundle('transaction-response', texts), ...headers };
};

/** A transaction is done as a whole: where one of its people waits to be told apart, all of it waits. */
const WAITS = 202;

/** Reads run after the writes; these are done by then, and what only reads cannot undo them. */
async function responseOf(rooms: Rooms, { ask, isHead }: Step, part: Answer | undefined): Promise<string> {
  if (isWrite(ask)) return responseEntry(rooms, ask, part ?? { status: 200 }, isHead);
  try {
    return responseEntry(rooms, ask, await rooms.handle(ask), isHead);
  } catch (error) {
    return failureEntry(failureOf(error, ask.requestId, rooms.log));
  }
}

/** The entries as asks, each fault told with the entry it is in. */
const stepsOf = (rooms: Rooms, outer: Ask, known: Known): Step[] =>
  entriesOf(rooms, outer).map((entry, at) => {
    try {
      return { at, ...stepOf(rooms, outer, entry, known) };
    } catch (error) {
      throw located(error, at);
    }
  });

function stepOf(rooms: Rooms, outer: Ask, entry: BundleEntry, known: Known): Omit<Step, 'at'> {
  const ask = askOf(rooms, outer, entry);
  const { fullUrl } = entry;
  return {
    ask,
    grant: decide(rooms.rules, ask, known),
    isHead: entry.request?.method === 'HEAD',
    newId: rooms.newId(),
    ...(fullUrl !== undefined && { fullUrl }),
  };
}

/** DELETE, POST, PUT and PATCH, whatever the order in the Bundle. */
const ORDER: readonly (readonly Ask['interaction'][])[] = [['delete'], ['create'], ['update', 'patch']];

const inOrder = (steps: readonly Step[]): readonly Step[] =>
  ORDER.flatMap((verbs) => steps.filter(({ ask }) => verbs.includes(ask.interaction)));

interface Planned {
  readonly step: Step;
  readonly plan: Plan;
}

async function planAll(rooms: Rooms, ask: Ask, steps: readonly Step[]): Promise<Plan> {
  const settled = await settle(rooms, steps);
  const [waits] = steps.flatMap((step) => settled.of(step).resolved?.arrival?.waits ?? []);
  if (waits !== undefined) return planWait(rooms, ask, waits);
  const rewrite = await rewriter(rooms, steps, settled);
  const planned = await eachLocated(inOrder(steps), async (step): Promise<Planned> => {
    return { step, plan: await planStep(rooms, { ...step, ask: rewrite(step) }, settled.of(step)) };
  });
  checkIdentities(planned);
  const unit = planned.flatMap(({ plan }) => [...plan.unit]);
  checkReservations(unit);
  const leaving = leavingOf(rooms, unit);
  await eachLocated(planned, ({ step, plan }) => checkLinks(rooms, step.grant, plan.unit, leaving));
  await eachLocated(steps, (step) => checkReads(rooms, step, leaving));
  const parts = steps.map((): Answer => ({ status: 200 }));
  for (const { step, plan } of planned) parts[step.at] = plan.answer;
  return {
    unit,
    own: planned.flatMap(({ plan }) => [...(plan.own ?? [])]),
    told: planned.flatMap(({ plan }) => [...(plan.told ?? [])]),
    answer: { status: 200, parts },
    wrote: planned.flatMap(({ plan }) => [...plan.wrote]),
    patients: [...new Set(planned.flatMap(({ plan }) => [...plan.patients]))],
  };
}

/** Works on some entries at once; the first one's fault is told with its place. */
const eachLocated = <T extends Step | Planned, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> =>
  fewAtOnce(items, (item) =>
    work(item).catch((error: unknown) => {
      throw located(error, 'step' in item ? item.step.at : item.at);
    }),
  );

function planStep(rooms: Rooms, { ask, grant }: Step, settled: Settled): Promise<Plan> {
  if (ask.interaction === 'create') return planCreate(rooms, ask, grant, settled);
  if (ask.interaction === 'update') return planUpdate(rooms, ask, grant, settled);
  return ask.interaction === 'patch' ? planPatch(rooms, ask, grant) : planDelete(rooms, ask, grant);
}

/**
 * A resource is written by one entry only, whether the entry names it by id or by a condition.
 * @throws Failure `malformed`
 */
function checkIdentities(planned: readonly Planned[]): void {
  const first = new Map<string, number>();
  for (const { step, plan } of planned) {
    const identity = identityOf(step, plan);
    if (identity === undefined) continue;
    if (first.has(identity)) {
      const message = 'Another entry of the transaction writes the same resource; send one of them.';
      throw located(new Failure({ kind: 'malformed', message }), step.at);
    }
    first.set(identity, step.at);
  }
}

/** `Type/id` of what an entry writes; a conditional create that found its resource writes nothing. */
function identityOf({ ask }: Step, { wrote, answer }: Plan): string | undefined {
  if (ask.interaction === 'create' && answer.status !== 201) return undefined;
  const byId = ask.id === undefined ? undefined : `${ask.type ?? ''}/${ask.id}`;
  return wrote[0]?.replace(/\/_history\/.*$/, '') ?? byId;
}

/** @throws Failure `malformed` where two entries would create one and the same thing */
function checkReservations(unit: Plan['unit']): void {
  const keys = unit.filter((write) => write.in === 'reservations').map((write) => idOf(write));
  if (new Set(keys).size < keys.length) {
    fail('malformed', 'Two entries of the transaction have the same condition; send one of them.', [
      'Bundle.entry',
    ]);
  }
}

const idOf = (write: Plan['unit'][number]): string =>
  write.do === 'insert' ? write.doc._id : write.match._id;
