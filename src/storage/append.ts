/** Appending records that belong to no other write: what arrives while one group is under way is the next group. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Connection, mongo } from 'mongoose';
import { databaseOf } from './connect.ts';
import { originalOf } from './faults.ts';
import type { Draft, SealedGroup, Strands } from './strands.ts';
import type { Stored } from './store.ts';

interface Waiting {
  readonly draft: Draft;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

const MOST_IN_ONE = 500;
/**
 * A group costs what ten records cost, however few are in it: while others are under way it waits so long for theirs.
 * Who is alone never waits.
 */
const GATHER_MS = 1;

const nobody = (): number => 0;
const nothing = (): void => undefined;

export interface Appender {
  /**
   * Kept when a majority has the records in the journal, and broken for everybody in a group of which one record
   * could not be stored: then it is not known which were.
   * @param under how many are under way just now that may end with a record, this one among them; none: do not wait
   */
  readonly append: (draft: Draft, under?: () => number) => Promise<void>;
  /** Ends the chains; nothing is appended afterwards. */
  readonly end: () => Promise<void>;
}

/** Makes an appender to one collection. */
export function appender(
  connection: Connection,
  name: string,
  strands: Strands,
  gatherMs = GATHER_MS,
): Appender {
  const collection = databaseOf(connection).collection<Stored>(name);
  const waiting: Waiting[] = [];
  let running = false;
  let underWay = nobody;
  const gathering = gatheringOf(gatherMs, () => waiting.length >= underWay());

  const write = async (group: readonly Waiting[]): Promise<void> => {
    try {
      await store(collection, strands.seal(group.map(({ draft }) => draft)));
      for (const { done } of group) done();
    } catch (error) {
      const cause = originalOf(error);
      for (const { failed } of group) failed(cause);
    }
  };
  const flush = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0) {
      await gathering.wait();
      await write(waiting.splice(0, MOST_IN_ONE));
    }
    running = false;
  };
  return {
    append: (draft, under = nobody) =>
      new Promise((done, failed) => {
        waiting.push({ draft, done, failed });
        underWay = under;
        if (!running) void flush();
        else gathering.look();
      }),
    end: async () => {
      for (const group of strands.end()) await store(collection, group);
    },
  };
}

interface Gathering {
  /** Until there is enough, or it took too long. */
  readonly wait: () => Promise<void>;
  /** Something has come. */
  readonly look: () => void;
}

function gatheringOf(ms: number, isEnough: () => boolean): Gathering {
  let go = nothing;
  return {
    wait: async () => {
      // A turn later, so that what arrives in the same turn goes together.
      await nextTurn();
      if (isEnough()) return;
      await new Promise<void>((ready) => {
        const timer = setTimeout(ready, ms);
        go = () => {
          clearTimeout(timer);
          ready();
        };
      });
      go = nothing;
    },
    look: () => {
      if (isEnough()) go();
    },
  };
}

/** In order, so that what is there of a group that was broken off is its beginning. */
async function store(collection: mongo.Collection<Stored>, group: SealedGroup): Promise<void> {
  try {
    await collection.insertMany([...group.records], {
      ordered: true,
      writeConcern: { w: 'majority', journal: true },
    });
    group.stored();
  } catch (error) {
    group.unknown();
    throw error;
  }
}
