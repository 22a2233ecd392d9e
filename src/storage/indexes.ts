/**
 * The collections and indexes of a store, derived from the catalog. A compound index ends in the page key, so
 * that a page is read straight off it.
 */
import { REFUSALS } from './judged.ts';
import { mongo, type Connection } from 'mongoose';
import type { Catalog } from '../catalog/index.ts';
import { isSighted, type ResourceEntry } from '../catalog/define.ts';
import { refuseUnfinished } from './backup/unfinished.ts';
import { LONG, longField } from '../search/lead.ts';
import { databaseOf } from './connect.ts';
import { EMERGENCIES } from './emergencies.ts';
import { pastOf, STANDINGS } from './write.ts';

/** Fields in order with their direction. */
export type IndexKey = Readonly<Record<string, 1 | -1>>;
export interface Index {
  readonly key: IndexKey;
  readonly sparse?: true;
  readonly unique?: true;
  /** Only documents of which this is true are in it. */
  readonly partialFilterExpression?: Readonly<Record<string, string>>;
  /** Documents go this many seconds after the date in the field. */
  readonly expireAfterSeconds?: number;
}

const DAY_SECONDS = 86_400;

const EXPIRY: Index = { key: { expiresAt: 1 }, expireAfterSeconds: 0 };

/** Collections beside those of the resource types, and their indexes. */
const BESIDE: Readonly<Record<string, readonly Index[]>> = {
  reservations: [{ key: { at: 1 }, expireAfterSeconds: DAY_SECONDS }],
  placements: [{ key: { patient: 1 }, sparse: true }],
  forwards: [{ key: { to: 1 } }],
  merges: [],
  merge_moves: [{ key: { merge: 1 } }],
  dose_decisions: [{ key: { a: 1 } }],
  pending: [{ key: { at: 1 } }],
  answers: [{ key: { at: 1 }, expireAfterSeconds: DAY_SECONDS }],
  facts: [],
  [EMERGENCIES]: [{ key: { account: 1, until: 1 } }, { key: { account: 1, day: 1 } }],
  [STANDINGS]: [{ key: { pack: 1 } }, { key: { silentSince: 1 }, sparse: true }],
  messages: [{ key: { organization: 1, at: 1 } }],
  [REFUSALS]: [
    { key: { organization: 1, at: 1 } },
    { key: { at: 1 }, expireAfterSeconds: 3 * 366 * DAY_SECONDS },
  ],
  status_changes: [{ key: { patients: 1, at: 1 } }],
  revocations: [EXPIRY],
  participants: [{ key: { organization: 1 } }, { key: { until: 1 } }],
  participant_changes: [{ key: { participant: 1, at: 1 } }],
  relationships: [{ key: { holder: 1, patient: 1 } }, { key: { patient: 1 } }],
  notices: [{ key: { sentAt: 1, at: 1 } }],
  forecasts: [{ key: { day: 1 } }, { key: { schedule: 1 } }],
  forecast_marks: [{ key: { patient: 1 } }],
  audit_checkpoints: [],
  leases: [],
  jobs: [{ key: { at: 1 }, expireAfterSeconds: 30 * DAY_SECONDS }],
  job_parts: [{ key: { job: 1, isDone: 1 } }, { key: { at: 1 }, expireAfterSeconds: 30 * DAY_SECONDS }],
};

/** The indexes of a type's current versions. */
function indexesOf(entry: ResourceEntry): readonly Index[] {
  const keys: IndexKey[] = [
    { tokens: 1, _id: 1 },
    ...(entry.oneTime === undefined ? [{ lastUpdated: 1, _id: 1 } as const] : []),
    ...(entry.hot ?? []).map((parts) => hotKey(entry, parts)),
    ...(entry.sort ?? []).map((name): IndexKey => ({ [`sort.${name}`]: 1, _id: 1 })),
    ...(entry.patient.length > 0 && !startsWithPatients(entry) ? [{ patients: 1, _id: 1 } as const] : []),
  ];
  return [
    ...keys.map((key) => ({ key })),
    ...longOf(entry),
    ...(entry.blocking === undefined ? [] : [{ key: { blocks: 1 }, sparse: true } as const]),
    { key: { secretKeys: 1 }, sparse: true },
    SEALED,
  ];
}

/** Dates that are longer than a day, in the order of the others, with which they are merged (search/lead.ts). */
function longOf({ sort = [], search }: ResourceEntry): readonly Index[] {
  const dates = sort.filter((name) => search[name]?.kind === 'date');
  return dates.map((name) => ({
    key: { [longField(name)]: 1, [`sort.${name}`]: 1, _id: 1 },
    partialFilterExpression: { [longField(name)]: LONG },
  }));
}

/** Which secrets were made with which master key: few resources have any. */
const SEALED: Index = { key: { 'secrets.key': 1 }, sparse: true };

const startsWithPatients = (entry: ResourceEntry): boolean =>
  (entry.hot ?? []).some(([first]) => first === 'patients');

function hotKey(entry: ResourceEntry, parts: readonly string[]): IndexKey {
  const fields = parts.map((part) => fieldOf(entry, part));
  const last = fields.at(-1)?.[1] ?? 1;
  return Object.fromEntries([...fields, ['_id', last] as const]);
}

function fieldOf(entry: ResourceEntry, part: string): readonly [string, 1 | -1] {
  if (part === 'patients') return ['patients', 1];
  if (part.startsWith('-')) return [`sort.${part.slice(1)}`, -1];
  // Of an interval's two ends an index can bound only one at a time; the sort key has both bounds (kinds/date.ts).
  return [entry.search[part]?.kind === 'date' ? `sort.${part}` : `index.${part}`, 1];
}

const PAST: readonly Index[] = [{ key: { lastUpdated: -1, _id: -1 } }, SEALED];
/** A record's past versions, which a directive hides as well. */
const OF_RECORD: Index = { key: { patients: 1, _id: 1 } };

/** Every collection that the server uses, with its indexes. */
export function collectionsOf(catalog: Catalog): ReadonlyMap<string, readonly Index[]> {
  const types = [...catalog.values()].flatMap((entry): [string, readonly Index[]][] => [
    [entry.type, indexesOf(entry)],
    [pastOf(entry.type), isSighted(entry) ? [...PAST, OF_RECORD] : PAST],
  ]);
  return new Map([...types, ...Object.entries(BESIDE)]);
}

/**
 * Makes the collections and indexes that are missing; what is there and filled is left alone.
 *
 * @returns the names of the collections that are empty, and now have all indexes
 * @throws Failure `unavailable` where the store holds a part of a backup only
 */
export async function prepareCollections(
  connection: Connection,
  catalog: Catalog,
): Promise<ReadonlySet<string>> {
  await refuseUnfinished(connection);
  const there = await namesOf(databaseOf(connection));
  const all = [...collectionsOf(catalog)];
  const filled = await Promise.all(
    all.map(async ([name]) => there.has(name) && (await isFilled(connection, name))),
  );
  const empty = new Map(all.filter((_, at) => filled[at] !== true));
  await prepareAll(connection, empty, there);
  return new Set(empty.keys());
}

const isFilled = async (connection: Connection, name: string): Promise<boolean> =>
  (await databaseOf(connection)
    .collection(name)
    .findOne({}, { projection: { _id: 1 } })) !== null;

async function namesOf(db: mongo.Db): Promise<ReadonlySet<string>> {
  return new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name));
}

/** Makes what is missing of some collections and their indexes. */
export async function prepareAll(
  connection: Connection,
  collections: ReadonlyMap<string, readonly Index[]>,
  known?: ReadonlySet<string>,
): Promise<void> {
  const db = databaseOf(connection);
  const there = known ?? (await namesOf(db));
  await Promise.all(
    [...collections].map(async ([name, indexes]) => {
      // A first index makes its collection.
      if (indexes.length > 0)
        await db.collection(name).createIndexes(indexes.map(({ key, ...options }) => ({ key, ...options })));
      else if (!there.has(name)) await create(db, name);
    }),
  );
}

/** Fills collections that nobody uses yet: an index that is built at the end costs a third of one that grows with each document. */
export async function fillBeforeIndexes<T>(
  connection: Connection,
  indexes: ReadonlyMap<string, readonly Index[]>,
  fill: () => Promise<T>,
): Promise<T> {
  const db = databaseOf(connection);
  for (const name of indexes.keys()) await db.collection(name).dropIndexes();
  const filled = await fill();
  await prepareAll(connection, indexes);
  return filled;
}

const NAMESPACE_EXISTS = 48;

/** Of two servers that start at once, one is later. */
async function create(db: mongo.Db, name: string): Promise<void> {
  await db.createCollection(name).catch((error: unknown) => {
    if (!(error instanceof mongo.MongoServerError && error.code === NAMESPACE_EXISTS)) throw error;
  });
}
