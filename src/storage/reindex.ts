/**
 * Keys extracted anew where the rules of extraction have changed (a parameter added, or read otherwise), while the
 * server serves. What is done is seen in the documents, each of which names its rules, so that it can be broken off
 * and taken up again; versions and times stay as they are. A parameter that is not complete is not searched by.
 */
import type { Connection, mongo } from 'mongoose';
import { setTimeout as pause } from 'node:timers/promises';
import type { Catalog } from '../catalog/index.ts';
import type { ResourceEntry } from '../catalog/define.ts';
import type { Log } from '../core/log.ts';
import { parseJson } from '../fhir/json.ts';
import { targetsAt } from '../search/include.ts';
import { RECORD, rulesOf, type Rules } from '../search/rules.ts';
import { databaseOf } from './connect.ts';
import { documentKeys } from './document-keys.ts';
import { patientsOf } from './follow.ts';
import { EVERY, type Readiness } from './readiness.ts';
import { withStatusTokens } from './statuses.ts';
import type { Stored } from './store.ts';

const BATCH = 200;
const LEASE_MS = 60_000;
const LOOK_AGAIN_MS = 1000;

/** What a store knows of the keys of a type. */
interface Fact {
  /** `keys of Type` */
  readonly _id: string;
  /** The rules by which the keys of all documents are extracted. */
  readonly complete?: Rules;
  /** Where an extraction stands: by which rules, and up to which id it has come. */
  readonly under?: { readonly rules: string; readonly at: string };
  /** Until when one process has it to itself. */
  readonly leasedUntil?: Date;
}

export interface Reindexing {
  readonly connection: Connection;
  readonly catalog: Catalog;
  readonly log: Log;
  readonly ready: Readiness;
  readonly now: () => Date;
  /** Collections that this start found empty. */
  readonly fresh?: ReadonlySet<string>;
}

/** Extractions that are under way. */
export interface Extracting {
  readonly done: Promise<void>;
  /** Breaks off after the documents that are being written. */
  readonly stop: () => void;
}

/** Finds the types whose documents have keys of other rules, and starts to extract them anew. */
export async function reindex(reindexing: Reindexing): Promise<Extracting> {
  const { connection, catalog, fresh } = reindexing;
  const stopping = new AbortController();
  const facts = databaseOf(connection).collection<Fact>('facts');
  const ids = [...catalog.values()].map(idOf);
  const known = new Map((await facts.find({ _id: { $in: ids } }).toArray()).map((fact) => [fact._id, fact]));
  const changed = [...catalog.values()].filter(
    (entry) => known.get(idOf(entry))?.complete?.all !== rulesOf(entry).all,
  );
  const [empty, filled] = [true, false].map((isEmpty) =>
    changed.filter(({ type }) => (fresh?.has(type) === true) === isEmpty),
  );
  await complete(facts, empty ?? []);
  const work = await Promise.all(
    (filled ?? []).map((entry) =>
      begin(reindexing, { entry, facts, fact: known.get(idOf(entry)), signal: stopping.signal }),
    ),
  );
  return {
    done: inTurn(work.flat()),
    stop: () => {
      stopping.abort();
    },
  };
}

const idOf = ({ type }: ResourceEntry): string => `keys of ${type}`;

async function inTurn(work: readonly (() => Promise<void>)[]): Promise<void> {
  for (const each of work) await each();
}

interface Task {
  readonly entry: ResourceEntry;
  readonly facts: mongo.Collection<Fact>;
  readonly fact: Fact | undefined;
  readonly signal: AbortSignal;
}

/** A type without documents of other rules is complete at once; of another, the parameters that changed are held. */
async function begin(reindexing: Reindexing, task: Task): Promise<(() => Promise<void>)[]> {
  const { entry, facts, fact } = task;
  if ((await nextBatch(reindexing, entry, '', 1)).length === 0) {
    await complete(facts, [entry]);
    return [];
  }
  const names = changedNames(fact?.complete, rulesOf(entry));
  const release = reindexing.ready.hold(entry.type, names);
  reindexing.log.warn(
    { type: entry.type, names },
    'search keys are extracted anew; searches by them are refused',
  );
  return [
    async () => {
      try {
        if (!(await extract(reindexing, task))) return;
        release();
        reindexing.log.info({ type: entry.type }, 'search keys are complete');
      } catch (error) {
        reindexing.log.error(
          { type: entry.type, error },
          'search keys could not be extracted; the next start goes on',
        );
      }
    },
  ];
}

/** Where the record is read otherwise, nothing that a search of the type says can be trusted. */
function changedNames(before: Rules | undefined, rules: Rules): readonly string[] {
  const names = Object.keys(rules.byName).filter((name) => before?.byName[name] !== rules.byName[name]);
  return names.includes(RECORD) ? [EVERY] : names;
}

async function complete(facts: mongo.Collection<Fact>, entries: readonly ResourceEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const updates = entries.map((entry) => {
    const update = { $set: { complete: rulesOf(entry) }, $unset: { under: '', leasedUntil: '' } } as const;
    return { updateOne: { filter: { _id: idOf(entry) }, update, upsert: true } };
  });
  await facts.bulkWrite(updates, { ordered: false });
}

/** Extracts, or waits for the process that does; false where it was broken off. */
async function extract(reindexing: Reindexing, task: Task): Promise<boolean> {
  const { entry, facts, signal } = task;
  while (!signal.aborted) {
    const fact = await facts.findOne({ _id: idOf(entry) });
    if (fact?.complete?.all === rulesOf(entry).all) return true;
    if (await lease(reindexing, task)) return walk(reindexing, task, startOf(fact, entry));
    await pause(LOOK_AGAIN_MS, undefined, { ref: false });
  }
  return false;
}

const startOf = (fact: Fact | null, entry: ResourceEntry): string =>
  fact?.under?.rules === rulesOf(entry).all ? fact.under.at : '';

const DUPLICATE_KEY = 11_000;

/** Whether this process has the type to itself now. */
async function lease({ now }: Reindexing, { entry, facts }: Task): Promise<boolean> {
  const isFree = { $or: [{ leasedUntil: { $exists: false } }, { leasedUntil: { $lt: now() } }] };
  const leasedUntil = new Date(now().getTime() + LEASE_MS);
  try {
    await facts.updateOne({ _id: idOf(entry), ...isFree }, { $set: { leasedUntil } }, { upsert: true });
    return true;
  } catch (error) {
    // There is such a fact, and it is not free.
    if (error instanceof Error && 'code' in error && error.code === DUPLICATE_KEY) return false;
    throw error;
  }
}

/** Goes through the documents by their ids, again and again until none of other rules is left. */
async function walk(reindexing: Reindexing, { entry, facts, signal }: Task, start: string): Promise<boolean> {
  const { all: rules } = rulesOf(entry);
  for (let at = start, found = 0; ;) {
    const batch = await nextBatch(reindexing, entry, at, BATCH);
    await rewrite(reindexing, entry, batch);
    found += batch.length;
    at = batch.at(-1)?._id ?? '';
    if (batch.length === 0 && found === 0 && start === '') break;
    // Others may have written behind the place where it began, or by older rules.
    if (batch.length === 0) [start, found] = ['', 0];
    const leasedUntil = new Date(reindexing.now().getTime() + LEASE_MS);
    await facts.updateOne({ _id: idOf(entry) }, { $set: { under: { rules, at }, leasedUntil } });
    if (signal.aborted) return giveBack(facts, entry);
  }
  await complete(facts, [entry]);
  return true;
}

async function giveBack(facts: mongo.Collection<Fact>, entry: ResourceEntry): Promise<false> {
  await facts.updateOne({ _id: idOf(entry) }, { $unset: { leasedUntil: '' } });
  return false;
}

type Old = Pick<Stored, '_id' | 'version' | 'json' | 'statuses'>;

/** Documents after an id whose keys were extracted by other rules. */
const nextBatch = (
  { connection }: Reindexing,
  entry: ResourceEntry,
  after: string,
  limit: number,
): Promise<readonly Old[]> =>
  databaseOf(connection)
    .collection<Stored>(entry.type)
    .find({ _id: { $gt: after }, rules: { $ne: rulesOf(entry).all } })
    .sort({ _id: 1 })
    .limit(limit)
    .project<Old>({ version: 1, json: 1, statuses: 1 })
    .toArray();

/** A version that came meanwhile has the keys of whoever wrote it. */
async function rewrite(reindexing: Reindexing, entry: ResourceEntry, batch: readonly Old[]): Promise<void> {
  if (batch.length === 0) return;
  const updates = await Promise.all(
    batch.map(async ({ _id, version, json, statuses }) => {
      const resource = parseJson(json);
      const own = documentKeys(entry, resource);
      const keys = statuses === undefined ? own : { ...own, tokens: withStatusTokens(own.tokens, statuses) };
      const patients = [...new Set([...keys.patients, ...(await recordOf(reindexing, entry, resource))])];
      return { updateOne: { filter: { _id, version }, update: { $set: { ...keys, patients } } } };
    }),
  );
  await databaseOf(reindexing.connection)
    .collection<Stored>(entry.type)
    .bulkWrite(updates, { ordered: false });
}

/** The records that a resource is part of because of what it is about. */
async function recordOf(
  { connection, catalog }: Reindexing,
  entry: ResourceEntry,
  resource: unknown,
): Promise<readonly string[]> {
  const targets = targetsAt(resource, entry.recordOf ?? [], '').filter(({ type }) => catalog.has(type));
  const db = databaseOf(connection);
  const found = await Promise.all(targets.map(({ type, id }) => patientsOf(db, type, [id])));
  return found.flatMap((each) => [...each.values()].flat());
}
