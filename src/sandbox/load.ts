/** Loads a synthetic state through a door of the server: organisations one after the other, then people in parallel. */
import type { Bundle } from '@medplum/fhirtypes';
import { generate, type Asked, type Step } from './generate.ts';
import { byCondition, type Refer } from './identifiers.ts';
import { sharedKeys } from './organization-bodies.ts';
import type { Truth } from './truth.ts';

export interface LoadAsked extends Omit<Asked, 'refer'> {
  /**
   * Sends a transaction and gives back the transaction-response. What it throws ends the load.
   * `source` is the key of the organisation that reports, for a door that wants to know whose actor it is.
   */
  send(bundle: Bundle, source?: string): Promise<Bundle | undefined>;
  /** How many transactions are under way at once; 4 where not given. */
  readonly parallelism?: number;
  /** Takes the truth of each record as it is stored, with the server's ids: one line of the side file. */
  truth?(truth: Truth): void | Promise<void>;
  /** Hears after each transaction how far the load is. */
  progress?(done: Loaded): void;
}

export interface Loaded {
  /** Bundles of organisations. */
  readonly organizations: number;
  /** People whose first record is stored. */
  readonly people: number;
  /** Records of people: some have more than one. */
  readonly records: number;
  readonly resources: number;
}

type RecordStep = Extract<Step, { kind: 'record' }>;

/** The ids that a response says its entries got, entry by entry: `Type/id` of `Type/id/_history/version`. */
function idsIn(response: Bundle | undefined): readonly (string | undefined)[] {
  return (response?.entry ?? []).map(({ response: answer }) => {
    const parts = answer?.location?.split('/_history/')[0]?.split('/').slice(-2);
    return parts?.length === 2 ? parts.join('/') : undefined;
  });
}

interface Learning {
  readonly refer: Refer;
  readonly learn: (sent: Bundle, response: Bundle | undefined) => void;
}

/** References learned from the responses: what has an id is referred to by it, which spares the server a search. */
function learning(): Learning {
  const learned = new Map<string, string>();
  return {
    refer: (type, key) => learned.get(`${type} ${key}`) ?? byCondition(type, key),
    learn: (sent, response) => {
      const ids = idsIn(response);
      for (const [at, shared] of sharedKeys(sent).entries()) {
        const id = ids[at];
        if (shared !== undefined && id !== undefined) learned.set(shared.join(' '), id);
      }
    },
  };
}

function withIds(truth: Truth, response: Bundle | undefined): Truth {
  const [patient, ...others] = idsIn(response);
  const doses = others.slice(0, truth.doses.length);
  if (patient === undefined || doses.some((id) => id === undefined)) return truth;
  return { ...truth, ids: { patient, doses: doses.filter((id) => id !== undefined) } };
}

/** Counts what is stored and tells of it. */
function counter(asked: LoadAsked): { count(step: Step): void; loaded(): Loaded } {
  let done: Loaded = { organizations: 0, people: 0, records: 0, resources: 0 };
  const next = (step: Step): Loaded => ({
    organizations: done.organizations + (step.kind === 'organization' ? 1 : 0),
    people: done.people + (step.kind === 'record' && step.truth.first ? 1 : 0),
    records: done.records + (step.kind === 'record' ? 1 : 0),
    resources: done.resources + (step.bundle.entry?.length ?? 0),
  });
  return {
    count: (step) => {
      done = next(step);
      asked.progress?.(done);
    },
    loaded: () => done,
  };
}

/** Loads the world and says what was stored. Rejects with the first thing that went wrong; then nothing more is sent. */
export async function load(asked: LoadAsked): Promise<Loaded> {
  const { refer, learn } = learning();
  const counted = counter(asked);
  const steps = generate({ ...asked, refer });
  let failed = false;

  const record = async (step: RecordStep): Promise<void> => {
    const response = await asked.send(step.bundle, step.truth.source);
    await asked.truth?.(withIds(step.truth, response));
    counted.count(step);
  };
  const rest = async (first: Step | undefined): Promise<void> => {
    for (
      let step = first;
      step?.kind === 'record';
      step = failed ? undefined : (steps.next().value ?? undefined)
    ) {
      await record(step).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const organizations = async (): Promise<Step | undefined> => {
    for (let step = steps.next().value; step !== undefined; step = steps.next().value) {
      if (step.kind === 'record') return step;
      learn(step.bundle, await asked.send(step.bundle));
      counted.count(step);
    }
    return undefined;
  };

  const first = await organizations();
  const workers = Array.from({ length: Math.max(1, asked.parallelism ?? 4) }, (_, at) =>
    rest(at === 0 ? first : (steps.next().value ?? undefined)),
  );
  await Promise.all(workers);
  return counted.loaded();
}
