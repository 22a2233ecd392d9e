/**
 * The indexes that are there, held against those that the catalog declares: what is missing is built while the
 * server serves, and what nobody uses or declares is told, not removed.
 */
import { DAY_MS } from '../core/civil-day.ts';
import type { Connection, mongo } from 'mongoose';
import type { Catalog } from '../catalog/index.ts';
import type { Log } from '../core/log.ts';
import { BLOCKS } from '../search/rules.ts';
import { databaseOf } from './connect.ts';
import { collectionsOf, type Index, type IndexKey } from './indexes.ts';
import { EVERY, type Readiness } from './readiness.ts';

/** Whoever counts uses anew after a restart has to wait before calling an index unused. */
const UNUSED_AFTER_MS = 7 * DAY_MS;

export interface Upkeep {
  readonly connection: Connection;
  readonly catalog: Catalog;
  readonly log: Log;
  readonly ready: Readiness;
  readonly now: () => Date;
  /** Collections that were empty when this start made all indexes that are declared of them. */
  readonly fresh?: ReadonlySet<string>;
}

/** Builds that are under way. */
export interface Building {
  readonly done: Promise<void>;
  /** Says nothing more of builds that go on, or that end with the connection. */
  readonly stop: () => void;
}

interface Missing {
  readonly collection: string;
  readonly index: Index;
}

const textOf = (key: IndexKey): string => JSON.stringify(key);

/** Finds what is missing and starts to build it; the searches that need it are refused until it is there. */
export async function keepIndexes(upkeep: Upkeep): Promise<Building> {
  const db = databaseOf(upkeep.connection);
  const { catalog, fresh } = upkeep;
  const declared = [...collectionsOf(catalog)].filter(([name]) => fresh?.has(name) !== true);
  const missing = await Promise.all(
    declared.map(async ([collection, indexes]): Promise<Missing[]> => {
      const there = await db.collection(collection).indexes();
      reportUndeclared(upkeep, collection, there, indexes);
      const keys = new Set(there.map(({ key }) => textOf(key as IndexKey)));
      return indexes.filter(({ key }) => !keys.has(textOf(key))).map((index) => ({ collection, index }));
    }),
  );
  await reportUnused(
    upkeep,
    db,
    declared.map(([name]) => name),
  );
  let stopped = false;
  return {
    done: buildAll(upkeep, db, missing.flat(), () => stopped),
    stop: () => {
      stopped = true;
    },
  };
}

function reportUndeclared(
  { log }: Upkeep,
  collection: string,
  there: readonly mongo.IndexDescriptionInfo[],
  declared: readonly Index[],
): void {
  const keys = new Set(['{"_id":1}', ...declared.map(({ key }) => textOf(key))]);
  for (const { name, key } of there.filter((each) => !keys.has(textOf(each.key as IndexKey)))) {
    log.warn(
      { collection, index: name, key },
      'an index is no longer declared; it costs writes and can be dropped',
    );
  }
}

interface Use {
  readonly name: string;
  readonly accesses: { readonly ops: number | bigint; readonly since: Date };
}

/** How often an index was used since the database started. */
async function reportUnused({ log, now }: Upkeep, db: mongo.Db, names: readonly string[]): Promise<void> {
  const longAgo = now().getTime() - UNUSED_AFTER_MS;
  const uses = await Promise.all(
    names.map(async (collection) => {
      const all = await db
        .collection(collection)
        .aggregate<Use>([{ $indexStats: {} }])
        .toArray();
      return all
        .filter(({ name, accesses }) => {
          const isOld = accesses.since.getTime() < longAgo;
          return name !== '_id_' && isOld && Number(accesses.ops) === 0;
        })
        .map(({ name }) => ({ collection, index: name }));
    }),
  );
  for (const unused of uses.flat()) log.info(unused, 'an index was not used since the database started');
}

/** One after the other: each reads its whole collection. */
async function buildAll(
  { log, ready }: Upkeep,
  db: mongo.Db,
  missing: readonly Missing[],
  isStopped: () => boolean,
): Promise<void> {
  const held = missing.map(({ collection, index }) => ready.hold(collection, namesServed(index.key)));
  for (const [at, { collection, index }] of missing.entries()) {
    if (isStopped()) return;
    const { key, ...options } = index;
    log.warn(
      { collection, key },
      'an index is missing and is being built; searches that need it are refused',
    );
    try {
      await db.collection(collection).createIndexes([{ key, ...options }]);
      log.info({ collection, key }, 'the index is built');
      held[at]?.();
    } catch (error) {
      if (isStopped()) return;
      log.error(
        { collection, key, error },
        'the index could not be built; searches that need it stay refused',
      );
    }
  }
}

/** The parameters whose searches an index serves; all of them share that of tokens, and that of records. */
function namesServed(key: IndexKey): readonly string[] {
  const [first = ''] = Object.keys(key);
  if (first === 'lastUpdated') return ['_lastUpdated'];
  if (first === 'secretKeys') return ['identifier'];
  if (first === 'blocks') return [BLOCKS];
  const [, name] = /^(?:sort|index)\.([^:]*)/.exec(first) ?? [];
  if (name !== undefined) return [name];
  return first === 'tokens' || first === 'patients' ? [EVERY] : [];
}
