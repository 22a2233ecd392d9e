/** Parts of long jobs as documents: each is claimed with a lease, so that the work of a process that died is done by another. */
import type { Connection } from 'mongoose';
import { databaseOf } from './connect.ts';
import type { Note } from './store.ts';

/** A stretch of a job, from behind one id up to another. */
export interface Part extends Note {
  readonly job: string;
  readonly after: string;
  readonly upTo: string;
  readonly size: number;
  readonly isDone: boolean;
  /** Until when whoever claimed it may work on it. */
  readonly until: Date;
  readonly by: string;
  readonly changed: number;
  readonly failed: number;
  readonly at: Date;
}

export type NewPart = Pick<Part, 'after' | 'upTo' | 'size'>;
export type Outcome = Pick<Part, 'changed' | 'failed'>;

/** How far a job is; sizes are in what it works on. */
export interface Progress {
  readonly size: number;
  readonly done: number;
  readonly changed: number;
  readonly failed: number;
  readonly openParts: number;
}

export interface JobParts {
  /** Whether all parts of the job are there. */
  isPlanned(job: string): Promise<boolean>;
  /** Adds a part by its number; one that is there already is left as it is. */
  add(job: string, number: number, part: NewPart, at: Date): Promise<void>;
  planned(job: string, at: Date): Promise<void>;
  /** A part that nobody works on, held until then. */
  claim(job: string, by: string, now: Date, until: Date): Promise<Part | undefined>;
  /** Holds a part for longer; false where another has it by now. */
  renew(part: Part, until: Date): Promise<boolean>;
  finish(part: Part, outcome: Outcome): Promise<void>;
  progress(job: string): Promise<Progress>;
}

const NUMBER_DIGITS = 8;
const NEVER = new Date(0);

/** The job parts of one database. */
export function jobParts(connection: Connection): JobParts {
  const db = databaseOf(connection);
  const jobs = db.collection<Note>('jobs');
  const parts = db.collection<Part>('job_parts');
  return {
    isPlanned: async (job) => (await jobs.findOne({ _id: job })) !== null,
    add: async (job, number, part, at) => {
      const fresh = { job, ...part, isDone: false, until: NEVER, by: '', changed: 0, failed: 0, at };
      const _id = `${job} ${String(number).padStart(NUMBER_DIGITS, '0')}`;
      await parts.updateOne({ _id }, { $setOnInsert: fresh }, { upsert: true });
    },
    planned: async (job, at) => {
      await jobs.updateOne({ _id: job }, { $setOnInsert: { at } }, { upsert: true });
    },
    claim: async (job, by, now, until) =>
      (await parts.findOneAndUpdate(
        { job, isDone: false, until: { $lte: now } },
        { $set: { by, until } },
        { returnDocument: 'after' },
      )) ?? undefined,
    renew: async ({ _id, by }, until) => {
      const { matchedCount } = await parts.updateOne({ _id, by, isDone: false }, { $set: { until } });
      return matchedCount === 1;
    },
    finish: async ({ _id, by }, outcome) => {
      await parts.updateOne({ _id, by }, { $set: { ...outcome, isDone: true } });
    },
    progress: async (job) => {
      const [found] = await parts.aggregate<Progress>([{ $match: { job } }, { $group: SUMS }]).toArray();
      return found ?? { size: 0, done: 0, changed: 0, failed: 0, openParts: 0 };
    },
  };
}

const SUMS = {
  _id: null,
  size: { $sum: '$size' },
  done: { $sum: { $cond: ['$isDone', '$size', 0] } },
  changed: { $sum: '$changed' },
  failed: { $sum: '$failed' },
  openParts: { $sum: { $cond: ['$isDone', 0, 1] } },
};
