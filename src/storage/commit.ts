/**
 * Doing units of work, several in one transaction: a commit costs the same for ten as for one. Units that wait at
 * the same moment and touch different documents go together; where that fails they are parted until the one at
 * fault is alone, so that no unit fails for another's sake.
 */
import type { Connection, mongo } from 'mongoose';
import { Failure } from '../core/failure.ts';
import { databaseOf } from './connect.ts';
import { isUnreachable } from './faults.ts';
import { causeOf, Clashed, idOf, transact, type Records } from './transact.ts';
import type { Draft, Strands } from './strands.ts';
import type { Clash, Deed } from './write.ts';

/** How much goes together. What is large goes alone rather than make the others wait for it. */
const SHARING = { lanes: 3, units: 64, writes: 512 };
const ATTEMPTS = 12;
const LONGEST_PAUSE_MS = 200;

interface Waiting {
  readonly unit: readonly Deed[];
  /** What is recorded with it. */
  readonly record: Draft | undefined;
  /** The documents it writes. */
  readonly keys: readonly string[];
  /** The standings it touches: others of the same transaction may as well. */
  readonly shared: readonly string[];
  /** How often it was tried alone. */
  readonly tries: number;
  readonly done: (clash: Clash | undefined) => void;
  readonly failed: (error: unknown) => void;
}

/** The units of one connection on their way. */
interface Queue {
  readonly db: mongo.Db;
  readonly recording: Recorded | undefined;
  readonly sharing: typeof SHARING;
  readonly waiting: Waiting[];
  /** Documents that transactions under way write or touch. */
  readonly busy: Set<string>;
  lanes: number;
}

export type Commit = (unit: readonly Deed[], record?: Draft) => Promise<Clash | undefined>;

/** Where what is recorded with a unit goes. */
export interface Recorded {
  readonly in: string;
  readonly strands: Strands;
}

/**
 * Makes the committer of one connection. A commit answers undefined when all of the unit is durable, and a
 * Clash when none of it was done because a condition did not hold.
 * @throws Failure `conflict` where other writers kept winning; the request may be sent again
 * @throws Uncertain where MongoDB does not say whether it was done
 */
export function committer(connection: Connection, recording?: Recorded, sharing = SHARING): Commit {
  const db = databaseOf(connection);
  const queue: Queue = { db, recording, sharing, waiting: [], busy: new Set(), lanes: 0 };
  return (unit, record) =>
    new Promise((done, failed) => {
      const [shared, own] = [unit.filter(isTouch), unit.filter((write) => !isTouch(write))];
      enqueue(queue, {
        unit,
        record,
        keys: own.map(keyOf),
        shared: shared.map(keyOf),
        tries: 0,
        done,
        failed,
      });
    });
}

const isTouch = (write: Deed): boolean => write.do === 'touch';
const keyOf = (write: Deed): string => `${write.in}/${idOf(write)}`;

function enqueue(queue: Queue, one: Waiting): void {
  queue.waiting.push(one);
  // Started a turn later, so that what arrives in the same turn shares the transaction.
  if (queue.lanes < queue.sharing.lanes) setImmediate(() => void run(queue));
}

/** One lane: a transaction after the other, until nothing waits that could go. */
async function run(queue: Queue): Promise<void> {
  if (queue.lanes >= queue.sharing.lanes) return;
  queue.lanes += 1;
  for (let group = takeApart(queue); group.length > 0; group = takeApart(queue)) {
    const keys = group.flatMap((each) => [...each.keys, ...each.shared]);
    for (const key of keys) queue.busy.add(key);
    await doTogether(queue, group);
    for (const key of keys) queue.busy.delete(key);
  }
  queue.lanes -= 1;
}

/** What one writes no other may write or touch; touching is for several. */
const isFree = (
  { keys, shared }: Waiting,
  taken: readonly ReadonlySet<string>[],
  touched: ReadonlySet<string>,
): boolean =>
  !keys.some((key) => touched.has(key) || taken.some((some) => some.has(key))) &&
  !shared.some((key) => taken.some((some) => some.has(key)));

/** The place of the first that could go. */
function nextFree(
  waiting: readonly Waiting[],
  from: number,
  taken: readonly ReadonlySet<string>[],
  touched: ReadonlySet<string>,
): number {
  const found = waiting.slice(from).findIndex((each) => isFree(each, taken, touched));
  return found < 0 ? waiting.length : from + found;
}

/** Takes units that touch different documents, each other's and those under way; one that failed before goes alone. */
function takeApart({ waiting, busy, sharing }: Queue): Waiting[] {
  const taken: Waiting[] = [];
  const written = new Set<string>();
  const touched = new Set<string>();
  let writes = 0;
  for (let at = 0; at < waiting.length && taken.length < sharing.units;) {
    at = nextFree(waiting, at, [written, busy], touched);
    const next = waiting[at];
    if (next === undefined) break;
    if (taken.length > 0 && (next.tries > 0 || writes + next.keys.length > sharing.writes)) break;
    taken.push(next);
    waiting.splice(at, 1);
    if (next.tries > 0) break;
    writes += next.keys.length;
    for (const key of next.keys) written.add(key);
    for (const key of next.shared) touched.add(key);
  }
  return taken;
}

async function doTogether(queue: Queue, group: readonly Waiting[]): Promise<void> {
  try {
    await transact(
      queue.db,
      group.flatMap(({ unit }) => unit),
      recordsOf(queue, group),
    );
  } catch (error) {
    await part(queue, group, error);
    return;
  }
  for (const { done } of group) done(undefined);
  refuseLate(queue, new Set(group.flatMap(({ keys }) => keys)));
}

/** The records are made anew for every attempt, in the chain that it has to itself. */
function recordsOf({ recording }: Queue, group: readonly Waiting[]): Records | undefined {
  const drafts = group.map(({ record }) => record).filter((record) => record !== undefined);
  if (drafts.length === 0) return undefined;
  if (recording === undefined) throw new Error('Nothing is recorded through this committer');
  return { in: recording.in, group: recording.strands.seal(drafts) };
}

/** Those that wait to write what has just been written were planned on what is gone: they need not try. */
function refuseLate({ waiting }: Queue, written: ReadonlySet<string>): void {
  for (let at = waiting.length - 1; at >= 0; at -= 1) {
    const late = waiting[at];
    const write = late?.unit.find((each) => written.has(keyOf(each)));
    if (late === undefined || write === undefined) continue;
    waiting.splice(at, 1);
    late.done({ why: write.do === 'insert' ? 'taken' : 'changed', in: write.in, id: idOf(write) });
  }
}

/** Nothing of the group was done: finds whose fault it was, and does the others. */
async function part(queue: Queue, group: readonly Waiting[], error: unknown): Promise<void> {
  const [only, ...more] = group;
  if (only === undefined) return;
  if (causeOf(error) === 'database') failAll(queue, group, error);
  else if (more.length === 0) settle(queue, only, error);
  else await Promise.all(partsOf(group, error).map((each) => doTogether(queue, each)));
}

/** A key that is taken names its unit; where nothing names it, halves. */
function partsOf(group: readonly Waiting[], error: unknown): readonly (readonly Waiting[])[] {
  const key =
    error instanceof Clashed && error.clash.why === 'taken' ? `${error.clash.in}/${error.clash.id}` : '';
  const named = group.filter(({ keys }) => keys.includes(key));
  if (named.length > 0) return [named, group.filter((each) => !named.includes(each))];
  const half = Math.ceil(group.length / 2);
  return [group.slice(0, half), group.slice(half)];
}

/** What waits while the database is away would only wait longer, and then fail as well. */
function failAll({ waiting }: Queue, group: readonly Waiting[], error: unknown): void {
  const others = isUnreachable(error) ? waiting.splice(0) : [];
  for (const { failed } of [...group, ...others]) failed(error);
}

function settle(queue: Queue, one: Waiting, error: unknown): void {
  if (error instanceof Clashed) one.done(error.clash);
  else if (causeOf(error) !== 'moment') one.failed(error);
  else if (one.tries + 1 < ATTEMPTS) again(queue, { ...one, tries: one.tries + 1 });
  else one.failed(isUnreachable(error) ? error : TOO_BUSY());
}

/** The lane goes on meanwhile. */
function again(queue: Queue, one: Waiting): void {
  const wait = Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** one.tries);
  setTimeout(() => {
    enqueue(queue, one);
  }, wait);
}

const TOO_BUSY = (): Failure =>
  new Failure({
    kind: 'conflict',
    message: 'Other writes to the same data kept coming between; send the request again.',
  });
