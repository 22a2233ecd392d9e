/**
 * One MongoDB transaction, acknowledged when a majority has it in the journal, and what its failure means: that a
 * condition does not hold, that it may go well another time, that the database cannot be reached, or that the
 * writes themselves are at fault.
 */
import { mongo } from 'mongoose';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../core/failure.ts';
import { duplicateAt, isTransient, isUnreachable, originalOf } from './faults.ts';
import { restate } from './restate.ts';
import type { SealedGroup } from './strands.ts';
import type { Clash, Deed } from './write.ts';

type Row = mongo.Document & { _id: string };

const DURABLE = new mongo.WriteConcern('majority', undefined, true);
const COMMIT_ATTEMPTS = 5;
/** A replica set has elected a new primary by then. */
const COMMIT_MS = 20_000;
const LONGEST_PAUSE_MS = 200;

/** A condition of a write does not hold; nothing was done. */
export class Clashed extends Error {
  readonly clash: Clash;
  constructor(clash: Clash) {
    super(`${clash.why} in ${clash.in}`);
    this.clash = clash;
  }
}

/** The commit was sent and no answer came, however often it was asked for: all may have been done, or nothing. */
class Uncertain extends Failure {
  constructor(cause: unknown) {
    super({
      kind: 'unavailable',
      message:
        'The database did not say whether the write was done. Look before sending it again, or send it with the Idempotency-Key it had.',
    });
    this.cause = cause;
  }
}

/** Records that are stored with the writes, and where. */
export interface Records {
  readonly in: string;
  readonly group: SealedGroup;
}

/** Does the writes, all or none; all of its state is built here, so that another try starts clean. */
export async function transact(db: mongo.Db, writes: readonly Deed[], records?: Records): Promise<void> {
  try {
    await inTransaction(db, records === undefined ? writes : [...writes, ...insertsOf(records)]);
    records?.group.stored();
  } catch (error) {
    if (error instanceof Uncertain) records?.group.unknown();
    else records?.group.notStored();
    throw error;
  }
}

const insertsOf = ({ in: name, group }: Records): readonly Deed[] =>
  group.records.map((doc) => ({ do: 'insert', in: name, doc }));

async function inTransaction(db: mongo.Db, writes: readonly Deed[]): Promise<void> {
  const session = db.client.startSession();
  try {
    session.startTransaction({
      writeConcern: DURABLE,
      readConcern: { level: 'snapshot' },
    });
    for (const [name, some] of Map.groupBy(writes, (write) => write.in)) await run(db, session, name, some);
    // Last, so that it sees what else the transaction writes to the record.
    for (const write of writes) if (write.do === 'restate') await restate(db, session, write);
    await commitSurely(session);
  } catch (error) {
    // Where this fails as well, MongoDB ends the transaction by itself; the first fault is the one to tell.
    if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
    throw error;
  } finally {
    await session.endSession();
  }
}

/**
 * A commit whose answer was lost may have been done; asking again says so without doing it twice. Only a
 * transient fault says for sure that it was not done.
 * @throws Uncertain
 */
async function commitSurely(session: mongo.ClientSession): Promise<void> {
  const begun = performance.now();
  for (let tries = 1; ; tries += 1) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      if (isTransient(error)) throw error;
      const isLate = performance.now() - begun > COMMIT_MS;
      if (isLate || tries >= COMMIT_ATTEMPTS) throw new Uncertain(error);
      await pause(Math.random() * LONGEST_PAUSE_MS);
    }
  }
}

async function run(
  db: mongo.Db,
  session: mongo.ClientSession,
  name: string,
  writes: readonly Deed[],
): Promise<void> {
  const result = await db
    .collection<Row>(name)
    .bulkWrite(writes.map(operation), { session, ordered: true })
    .catch((error: unknown) => {
      const at = duplicateAt(error);
      const write = at === undefined ? undefined : writes[at];
      throw write === undefined
        ? originalOf(error)
        : new Clashed({ why: 'taken', in: name, id: idOf(write) });
    });
  const done = result.insertedCount + result.matchedCount + result.deletedCount;
  if (done !== writes.length) throw new Clashed({ why: 'changed', in: name, id: firstConditional(writes) });
}

/** The document that a write is about. */
export const idOf = (write: Deed): string => (write.do === 'insert' ? write.doc._id : write.match._id);

/** Which document had changed: sure where one conditional write was sent, else the first of them. */
function firstConditional(writes: readonly Deed[]): string {
  const conditional = writes.find((write) => write.do !== 'insert') ?? writes[0];
  return conditional === undefined ? '' : idOf(conditional);
}

function operation(write: Deed): mongo.AnyBulkWriteOperation<Row> {
  if (write.do === 'insert') return { insertOne: { document: write.doc } };
  if (write.do === 'delete') return { deleteOne: { filter: write.match } };
  if (write.do === 'touch') return { updateOne: { filter: write.match, update: { $inc: { touched: 1 } } } };
  return { replaceOne: { filter: write.match, replacement: write.doc } };
}

/** Why a transaction was not done. `moment`: it may go well if tried again. */
export type Cause = 'clash' | 'moment' | 'database' | 'writes';

/** What to make of an error of transact(). */
export function causeOf(error: unknown): Cause {
  if (error instanceof Clashed) return 'clash';
  // A connection that breaks before the commit leaves nothing done, whether the driver says so or not.
  if (isTransient(error) || error instanceof mongo.MongoNetworkError) return 'moment';
  return isUnreachable(error) || error instanceof Uncertain ? 'database' : 'writes';
}
