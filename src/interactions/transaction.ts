/** transaction: all entries or none, in the specification's order (https://hl7.org/fhir/R4/http.html#trules). */
import type { BundleEntry } from '@medplum/fhirtypes';
import type { Answer, Ask } from '../core/context.ts';
import { Failure, fail } from '../core/failure.ts';
import { decide } from '../policy/decide.ts';
import { askOf, entriesOf, failureEntry, responseBundle, responseEntry } from './bundle-entry.ts';
import { planCreate } from './create.ts';
import { planDelete } from './delete.ts';
import { planPatch } from './patch.ts';
import type { Handler, Rooms } from './rooms.ts';
import { resolver, type Step } from './transaction-references.ts';
import { planUpdate } from './update.ts';
import { writeThrough, type Plan } from './write-through.ts';

export const transaction: Handler = async (rooms, ask, grant, entry) => {
  const steps = stepsOf(rooms, ask);
  const answer = await writeThrough(rooms, { ask, grant, entry }, () => planAll(rooms, ask, steps));
  const parts = answer.parts ?? [];
  const texts = await Promise.all(steps.map(async (step, at) => responseOf(rooms, step, parts[at])));
  return {
    status: 200,
    body: responseBundle('transaction-response', texts),
    ...(answer.headers && { headers: answer.headers }),
  };
};

/** Reads and searches see what the transaction wrote, so that they run after it. */
async function responseOf(rooms: Rooms, { ask }: Step, part: Answer | undefined): Promise<string> {
  if (!isRead(ask)) return responseEntry(rooms, part ?? { status: 200 });
  try {
    return responseEntry(rooms, await rooms.handle(ask));
  } catch (error) {
    // The writes are done by now; what only reads cannot undo them.
    if (error instanceof Failure) return failureEntry(error);
    throw error;
  }
}

const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete']);
const isRead = ({ interaction }: Ask): boolean => !WRITES.has(interaction);

/** The entries as asks, each fault told with the entry it is in. */
function stepsOf(rooms: Rooms, outer: Ask): Step[] {
  return entriesOf(rooms, outer).map((entry, at) =>
    inEntry(at, () => {
      const ask = askOf(rooms, outer, entry);
      if (ask.interaction === 'batch' || ask.interaction === 'transaction')
        fail('malformed', 'A Bundle cannot hold another.');
      return { at, ask, grant: decide(rooms.rules, ask), ...namesOf(rooms, entry, ask) };
    }),
  );
}

function namesOf(rooms: Rooms, { fullUrl }: BundleEntry, ask: Ask): Pick<Step, 'fullUrl' | 'newId'> {
  const creates = ask.interaction === 'create' || (ask.interaction === 'update' && ask.id === undefined);
  return { ...(fullUrl !== undefined && { fullUrl }), ...(creates && { newId: rooms.newId() }) };
}

/** Runs for one entry and names it in whatever goes wrong: `Bundle.entry[3]…`. */
function inEntry<T>(at: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw located(error, at);
  }
}

function located(error: unknown, at: number): unknown {
  if (!(error instanceof Failure)) return error;
  const [first, ...more] = error.issues.map((issue) => ({
    ...issue,
    expression: (issue.expression?.length ? issue.expression : ['']).map((path) => inBundle(path, at)),
  }));
  return first === undefined ? error : new Failure(first, ...more);
}

/** Paths of a resource go below the entry's resource; others below the entry. */
const inBundle = (path: string, at: number): string => {
  if (path === '') return `Bundle.entry[${at}]`;
  return /^[A-Z]/.test(path)
    ? `Bundle.entry[${at}].resource.${path.replace(/^[^.]+\.?/, '')}`.replace(/\.$/, '')
    : `Bundle.entry[${at}].${path}`;
};

/** DELETE, POST, PUT and PATCH, whatever the order in the Bundle; reads come last of all. */
const ORDER = ['delete', 'create', 'update', 'patch'];

async function planAll(rooms: Rooms, outer: Ask, steps: readonly Step[]): Promise<Plan> {
  const references = await resolver(rooms, steps);
  const parts = new Array<Answer>(steps.length).fill({ status: 200 });
  const plans: Plan[] = [];
  for (const step of inOrder(steps)) {
    const plan = await planStep(rooms, step, references).catch((error: unknown) => {
      throw located(error, step.at);
    });
    parts[step.at] = representation(outer, plan.answer);
    plans.push(plan);
  }
  const unit = plans.flatMap((plan) => [...plan.unit]);
  checkIdentities(
    unit.map((write) => `${write.in}/${write.do === 'insert' ? write.doc._id : write.match._id}`),
  );
  return {
    unit,
    answer: { status: 200, parts },
    wrote: plans.flatMap((plan) => [...plan.wrote]),
    patients: [...new Set(plans.flatMap((plan) => [...plan.patients]))],
  };
}

const inOrder = (steps: readonly Step[]): Step[] =>
  ORDER.flatMap((verb) => steps.filter(({ ask }) => ask.interaction === verb));

/** Entries give resources back only where that is asked for: a Bundle of a thousand would double on its way. */
function representation(outer: Ask, answer: Answer): Answer {
  if (outer.prefer.return === 'representation') return answer;
  const { body: _body, ...rest } = answer;
  return rest;
}

async function planStep(
  rooms: Rooms,
  step: Step,
  references: Awaited<ReturnType<typeof resolver>>,
): Promise<Plan> {
  const { grant } = step;
  const ask = references.rewrite(step);
  const settled = { ...(step.newId !== undefined && { id: step.newId }), coming: references.coming };
  if (ask.interaction === 'create') return planCreate(rooms, ask, grant, settled);
  if (ask.interaction === 'update') return planUpdate(rooms, ask, grant, settled);
  if (ask.interaction === 'patch') return planPatch(rooms, ask, grant, settled);
  return planDelete(rooms, ask, grant);
}

/**
 * No resource may be written twice in one transaction.
 * @throws Failure `malformed`
 */
function checkIdentities(keys: readonly string[]): void {
  if (new Set(keys).size < keys.length) {
    fail(
      'malformed',
      'Two entries of the transaction write the same resource (or reserve the same condition); send one of them.',
      ['Bundle.entry'],
    );
  }
}
