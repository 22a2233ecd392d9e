/**
 * Every access leaves its record before its answer leaves: a write's in its own transaction, what only reads in
 * groups of those that end at the same moment.
 */
import type { Answer, Ask } from '../core/context.ts';
import type { Clock } from '../core/clock.ts';
import { FAILURES, Failure } from '../core/failure.ts';
import type { Draft } from '../storage/strands.ts';
import { documentOf } from './document.ts';
import { eventsOf } from './event.ts';

/** The record of one request, filled while it runs. */
export interface Entry {
  /** What was written, or read by id: `Type/id/_history/version`. */
  wrote(reference: string): void;
  /** Whose records an answer shows or a write changes. */
  concerns(patients: readonly string[]): void;
  /** Forgets what was gathered: the attempt is made again from the start. */
  startAgain(): void;
  /** The record, to be stored with a unit of work; committed() says that the unit is durable. */
  draft(status: number): Draft;
  committed(): void;
}

export interface Recorder {
  readonly now: Clock;
  /** Stores a record durably, grouped with those of other requests; `under` tells how many may come just now. */
  readonly append: (record: Draft, under: () => number) => Promise<void>;
}

/** What is recorded of an answer. */
type Answered = Pick<Answer, 'status'>;

export type Record = <A extends Answered>(ask: Ask, work: (entry: Entry) => Promise<A>) => Promise<A>;

export interface Recording {
  readonly record: Record;
  /** Kept when nothing that was asked is still under way, whether or not its caller still waits. */
  readonly idle: () => Promise<void>;
}

/** Makes the recording of every request that goes through handle(). */
export function recording(recorder: Recorder): Recording {
  const running = new Set<Promise<unknown>>();
  const record = recordWith(recorder, () => running.size);
  return {
    record: async (ask, work) => {
      const answer = record(ask, work);
      running.add(answer);
      return answer.finally(() => running.delete(answer));
    },
    idle: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

function recordWith(recorder: Recorder, under: () => number): Record {
  return async (ask, work) => {
    const patients = new Set<string>();
    const resources = new Set<string>();
    const state = { isDurable: false };
    const draft = (status: number): Draft => {
      const touched = { resources: [...resources], patients: [...patients] };
      return (newId) => eventsOf(ask, touched, { status, recorded: recorder.now() }, newId).map(documentOf);
    };
    const entry: Entry = {
      wrote: (reference) => void resources.add(reference),
      concerns: (ids) => {
        for (const id of ids) patients.add(id);
      },
      startAgain: () => {
        patients.clear();
        resources.clear();
      },
      draft,
      committed: () => {
        state.isDurable = true;
      },
    };
    try {
      const answer = await work(entry);
      if (!state.isDurable) await recorder.append(draft(answer.status), under);
      return answer;
    } catch (error) {
      if (!state.isDurable) await recorder.append(draft(statusOf(error)), under);
      throw error;
    }
  };
}

const statusOf = (error: unknown): number =>
  FAILURES[error instanceof Failure ? error.kind : 'internal'].status;
