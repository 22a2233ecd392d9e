/**
 * Doing units of work: each in a MongoDB transaction, acknowledged when a majority has it in the journal.
 *
 * Units that wait at the same moment share one transaction (a commit costs the same for ten as for one). Where
 * a shared transaction cannot be done, each unit is tried alone, so that no unit fails for another's sake.
 */
import type { Connection, mongo } from 'mongoose';
import { setTimeout as pause } from 'node:timers/promises';
import { fail } from '../core/failure.ts';
import type { Clash, Unit, Write } from './write.ts';

type Row = mongo.Document & { _id: string };

const MOST_IN_ONE = 64;
const LANES = 2;
const ATTEMPTS = 12;
const LONGEST_PAUSE_MS = 200;

/** Thrown inside a transaction to end it where a condition of a unit does not hold. */
class Clashed extends Error {
  readonly clash: Clash;
  constructor(clash: Clash) {
    super(`${clash.why} in ${clash.in}`);
    this.clash = clash;
  }
}

interface Waiting {
  readonly unit: Unit;
  readonly done: (clash: Clash | undefined) => void;
  readonly failed: (error: unknown) => void;
}

export type Commit = (unit: Unit) => Promise<Clash | undefined>;

/**
 * Makes the committer of one connection. A commit answers undefined when all of the unit is durable, and a
 * Clash when none of it was done because a condition did not hold.
 * @throws Failure `conflict` where other writers kept winning; the request may be sent again
 */
export function committer(connection: Connection): Commit {
  const waiting: Waiting[] = [];
  let running = 0;

  const flush = async (): Promise<void> => {
    running += 1;
    while (waiting.length > 0) await doTogether(connection, takeApart(waiting));
    running -= 1;
  };
  return (unit) =>
    new Promise((done, failed) => {
      waiting.push({ unit, done, failed });
      // Started a turn later, so that what arrives in the same turn shares the transaction.
      if (running < LANES) setImmediate(() => void (running < LANES && flush()));
    });
}

/** Takes units that touch different documents; those that meet wait for the next transaction. */
function takeApart(waiting: Waiting[]): Waiting[] {
  const taken: Waiting[] = [];
  const touched = new Set<string>();
  for (let at = 0; at < waiting.length && taken.length < MOST_IN_ONE;) {
    const next = waiting[at];
    const keys = next?.unit.map(keyOf) ?? [];
    if (next === undefined || keys.some((key) => touched.has(key))) {
      at += 1;
      continue;
    }
    for (const key of keys) touched.add(key);
    taken.push(next);
    waiting.splice(at, 1);
  }
  return taken;
}

const idOf = (write: Write): string => (write.do === 'insert' ? write.doc._id : write.match._id);
const keyOf = (write: Write): string => `${write.in}/${idOf(write)}`;

async function doTogether(connection: Connection, group: readonly Waiting[]): Promise<void> {
  if (group.length > 1) {
    try {
      await attempt(
        connection,
        group.flatMap((waiting) => waiting.unit),
      );
      for (const { done } of group) done(undefined);
      return;
    } catch (error) {
      if (!mayBeTriedAlone(error)) {
        for (const { failed } of group) failed(error);
        return;
      }
    }
  }
  await Promise.all(
    group.map(async ({ unit, done, failed }) => doAlone(connection, unit).then(done, failed)),
  );
}

async function doAlone(connection: Connection, unit: Unit): Promise<Clash | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      await attempt(connection, unit);
      return undefined;
    } catch (error) {
      if (error instanceof Clashed) return error.clash;
      if (!isTransient(error)) throw error;
      if (tries >= ATTEMPTS)
        fail('conflict', 'Other writes to the same data kept coming between; send the request again.');
      await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** tries));
    }
  }
}

/** One transaction, begun and ended once; all its state is built here, so that a second try starts clean. */
async function attempt(connection: Connection, writes: readonly Write[]): Promise<void> {
  const session = connection.getClient().startSession();
  try {
    session.startTransaction({
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'snapshot' },
    });
    for (const [name, some] of byCollection(writes)) await run(connection, session, name, some);
    await commitSurely(session);
  } catch (error) {
    if (session.inTransaction()) await session.abortTransaction();
    throw error;
  } finally {
    await session.endSession();
  }
}

/** A commit whose answer was lost may have been done; asking again says so without doing it twice. */
async function commitSurely(session: mongo.ClientSession): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      if (tries >= ATTEMPTS || !hasLabel(error, 'UnknownTransactionCommitResult')) throw error;
      await pause(Math.random() * LONGEST_PAUSE_MS);
    }
  }
}

function byCollection(writes: readonly Write[]): ReadonlyMap<string, readonly Write[]> {
  return Map.groupBy(writes, (write) => write.in);
}

async function run(
  connection: Connection,
  session: mongo.ClientSession,
  name: string,
  writes: readonly Write[],
): Promise<void> {
  const collection = connection.collection<Row>(name);
  try {
    const result = await collection.bulkWrite(writes.map(operation), { session, ordered: true });
    const done = result.insertedCount + result.matchedCount + result.deletedCount;
    if (done !== writes.length) throw new Clashed({ why: 'changed', in: name, id: soleConditional(writes) });
  } catch (error) {
    const at = duplicateAt(error);
    const write = at === undefined ? undefined : writes[at];
    throw write === undefined ? error : new Clashed({ why: 'taken', in: name, id: idOf(write) });
  }
}

/** Which document had changed: sure where one conditional write was sent, else the first of them. */
function soleConditional(writes: readonly Write[]): string {
  const conditional = writes.find((write) => write.do !== 'insert') ?? writes[0];
  return conditional === undefined ? '' : idOf(conditional);
}

function operation(write: Write): mongo.AnyBulkWriteOperation<Row> {
  if (write.do === 'insert') return { insertOne: { document: write.doc } };
  if (write.do === 'delete') return { deleteOne: { filter: write.match } };
  return { replaceOne: { filter: write.match, replacement: write.doc } };
}

const DUPLICATE_KEY = 11000;

/** Where in a bulk the first duplicate key stands, if that is what went wrong. */
function duplicateAt(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== DUPLICATE_KEY) return undefined;
  const first: unknown = 'writeErrors' in error ? [error.writeErrors].flat()[0] : undefined;
  return typeof first === 'object' && first !== null && 'index' in first && typeof first.index === 'number'
    ? first.index
    : 0;
}

function hasLabel(error: unknown, label: string): boolean {
  return (
    error instanceof Error &&
    'hasErrorLabel' in error &&
    typeof error.hasErrorLabel === 'function' &&
    error.hasErrorLabel(label) === true
  );
}

const isTransient = (error: unknown): boolean => hasLabel(error, 'TransientTransactionError');
const mayBeTriedAlone = (error: unknown): boolean => error instanceof Clashed || isTransient(error);
