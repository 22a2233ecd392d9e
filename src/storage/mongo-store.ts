/** The Store on MongoDB. Hot paths use the driver's collections: hydrated documents cost several times as much. */
import type { Connection, mongo } from 'mongoose';
import type { Catalog } from '../catalog/index.ts';
import type { Grant, Limits, Related } from '../policy/decide.ts';
import type { Clause } from '../search/clause.ts';
import { aboutSizeIn } from './about-size.ts';
import { bounded } from './bounded.ts';
import { committer, type Recorded } from './commit.ts';
import { databaseOf } from './connect.ts';
import { cursorOf, filterOf } from './find.ts';
import { factsOf, followIn, patientsOf } from './follow.ts';
import { allWithin, shownWithin } from './masked.ts';
import { joinedFinder, type FindJoined } from './joined-finds.ts';
import { joinedReads } from './joined-reads.ts';
import { heldBy, isRelated, relatedClauses } from './related.ts';
import { LONGEST_QUERY_MS, readerById } from './read-by-id.ts';
import { messagesIn } from './message-figures.ts';
import type { CandidateKeys, Count, Find, Note, Past, StandingDocument, Store, Stored } from './store.ts';
import { byTime, findByTime } from './one-time.ts';
import { versionsOf } from './versions.ts';
import { pastId, pastIds, pastOf, STANDINGS } from './write.ts';

/** Makes the store of one connection and catalog; without `recording` nothing can be recorded with a write. */
export function mongoStore(connection: Connection, catalog: Catalog, recording?: Recorded): Store {
  const db = databaseOf(connection);
  const collection = (name: string): mongo.Collection<Stored> => db.collection<Stored>(name);
  const readById = readerById(db, catalog);
  const within = withinOf(db);
  const place = { db, catalog, findJoined: joinedFinder(db) };

  return {
    read: async (grant, interaction, type, id) => {
      const limits = grant.for(interaction, type);
      const [found] = await bounded(readById(limits.filter, type, [id]));
      const stored = await within(limits.related, found);
      return stored && shownWithin(limits, stored);
    },
    readMany: async (grant, type, ids) => {
      const limits = grant.for('read', type);
      const found = await bounded(readById(limits.filter, type, ids));
      return allWithin(limits, await allRelated(db, limits.related, found));
    },
    readWhole: async (grant, interaction, type, id) => {
      const { filter, related } = grant.for(interaction, type);
      return within(related, await collection(type).findOne({ $and: [{ _id: id }, filterOf(filter)] }));
    },
    ...pastsIn(db),
    find: (grant, type, find) => bounded(findIn(place, grant, type, find)),
    follow: async (grant, type, step) => {
      const where = await whereOf(place, grant, type, step.where);
      return bounded(followIn(collection(type), { ...step, where }));
    },
    count: async (grant, type, where, cap) =>
      bounded(countIn(collection(type), await whereOf(place, grant, type, where), cap)),
    versions: async (grant, interaction, type, find) => {
      const limits = grant.for(interaction, type);
      const found = await bounded(versionsOf(db, type, filterOf(limits.filter), find));
      return allWithin(limits, await allRelated(db, limits.related, found));
    },
    patientsOf: (type, ids) => patientsOf(db, type, ids),
    holdsRecordOf: async (type, patient, leftOut = []) => {
      const held = { patients: patient, ...(leftOut.length > 0 && { _id: { $nin: leftOut } }) };
      return (await collection(type).findOne(held, { projection: { _id: 1 } })) !== null;
    },
    ...sightIn(db),
    candidates: (keys, limit) => bounded(candidatesIn(collection('Patient'), keys, limit)),
    ...registryIn(db),
    ...messagesIn(db),
    size: aboutSizeIn(db),
    heldBy: (holder, today, page) => heldBy(db, holder, today, page),
    commit: committer(connection, recording),
  };
}

/** Single versions that are no longer current. */
const pastsIn = (db: mongo.Db): Pick<Store, 'readPast' | 'lastPast'> => ({
  readPast: (grant, type, id, version) =>
    readPast(db, grant.for('vread', type), type, { _id: pastId(id, version) }),
  lastPast: (grant, type, id, by = 'vread') => readPast(db, grant.for(by, type), type, { _id: pastIds(id) }),
});

/** What decides about sight. */
function sightIn(
  db: mongo.Db,
): Pick<
  Store,
  'standings' | 'silentBefore' | 'directivesOf' | 'administeringOf' | 'factsOf' | 'factsOfRecord'
> {
  const standings = db.collection<StandingDocument>(STANDINGS);
  const joined = joinedReads<StandingDocument>(db);
  return {
    standings: async (patients) =>
      new Map((await joined(STANDINGS, patients)).map((each) => [each._id, each])),
    silentBefore: async (day, { after, count }) => {
      const found = await standings
        .find({ silentSince: { $lt: day }, _id: { $gt: after } }, { projection: { _id: 1 } })
        .sort({ _id: 1 })
        .limit(count)
        .toArray();
      return found.map(({ _id }) => _id);
    },
    directivesOf: (patient) => db.collection<Stored>('Consent').find({ patients: patient }).toArray(),
    administeringOf: (patient, leftOut) =>
      db
        .collection<Stored>('Immunization')
        .distinct('facts.administered', { patients: patient, _id: { $nin: [...leftOut] } }),
    factsOf: (type, ids) => factsOf(db, type, ids),
    factsOfRecord: async (type, patient) => {
      const found = await db
        .collection<Stored>(type)
        .find({ patients: patient }, { projection: { facts: 1 } })
        .toArray();
      return found.map(({ facts = [] }) => facts);
    },
  };
}

async function readPast(
  db: mongo.Db,
  limits: Limits,
  type: string,
  which: mongo.Filter<Past>,
): Promise<Past | undefined> {
  const past = await db
    .collection<Past>(pastOf(type))
    .findOne({ $and: [which, filterOf(limits.filter)] }, { sort: { _id: -1 } });
  const shown = await withinOf(db)(limits.related, past);
  return shown && shownWithin<Past & Pick<Stored, 'statuses'>>(limits, shown);
}

type Within = <D extends Pick<Stored, 'patients'>>(
  related: readonly Related[],
  document: D | null | undefined,
) => Promise<D | undefined>;

/** The document, where its patients stand in the relationships. */
const withinOf =
  (db: mongo.Db): Within =>
  async (related, document) =>
    document && (related.length === 0 || (await isRelated(db, related, document))) ? document : undefined;

async function allRelated<D extends Pick<Stored, 'patients'>>(
  db: mongo.Db,
  related: readonly Related[],
  documents: readonly D[],
): Promise<readonly D[]> {
  if (related.length === 0) return documents;
  const within = withinOf(db);
  const all = await Promise.all(documents.map((each) => within(related, each)));
  return all.filter((each) => each !== undefined);
}

interface Place {
  readonly db: mongo.Db;
  readonly catalog: Catalog;
  readonly findJoined: FindJoined;
}

/** What a search asks for, with all that policy asks beside it. */
async function whereOf(
  { db, catalog }: Pick<Place, 'db' | 'catalog'>,
  grant: Grant,
  type: string,
  asked: readonly Clause[],
): Promise<readonly Clause[]> {
  const { filter, related } = grant.for('search-type', type);
  const entry = catalog.get(type);
  const where = [...filter, ...asked].map((clause) => (entry === undefined ? clause : byTime(entry, clause)));
  return [...where, ...(await relatedClauses(db, type, related, where))];
}

async function findIn(place: Place, grant: Grant, type: string, find: Find): Promise<readonly Stored[]> {
  const where = await whereOf(place, grant, type, find.where);
  const entry = place.catalog.get(type);
  const whole = entry === undefined ? { ...find, where } : findByTime(entry, { ...find, where });
  const found = (await place.findJoined(type, whole)) ?? (await findAlone(place, type, whole));
  return allWithin(grant.for('search-type', type), found);
}

const findAlone = ({ db }: Place, type: string, find: Find): Promise<Stored[]> =>
  cursorOf(db.collection<Stored>(type), find).maxTimeMS(LONGEST_QUERY_MS).toArray();

/** What the registry itself reads of records to move them. */
function registryIn(
  db: mongo.Db,
): Pick<Store, 'partsOf' | 'whole' | 'pastTexts' | 'note' | 'notes' | 'decisionsAbout'> {
  const note = joinedReads<Note>(db);
  const all = <T>(cursor: { readonly toArray: () => Promise<T[]> }): Promise<T[]> =>
    bounded(cursor.toArray());
  return {
    partsOf: (type, patient, limit) =>
      all(db.collection<Stored>(type).find({ patients: patient }).sort({ _id: 1 }).limit(limit)),
    whole: joinedReads<Stored>(db),
    pastTexts: async (type, versions) => {
      const ids = versions.map(({ id, version }) => pastId(id, version));
      const past = await all(db.collection<Past>(pastOf(type)).find({ _id: { $in: ids } }));
      return new Map(past.flatMap(({ id, json }) => (json === undefined ? [] : [[id, json] as const])));
    },
    decisionsAbout: (ids) => all(db.collection<Note>('dose_decisions').find({ a: { $in: [...ids] } })),
    note: async (name, id) => (await note(name, [id]))[0],
    notes: async <N extends Note>(name: string, where: Readonly<Record<string, string>>, limit: number) =>
      (await all(db.collection<Note>(name).find(where).limit(limit))) as unknown as readonly N[],
  };
}

/** Two indexes, each with a bound of its own; most records have no secret. */
function candidatesIn(
  collection: mongo.Collection<Stored>,
  { blocks, secretKeys }: CandidateKeys,
  limit: number,
): Promise<Stored[]> {
  const either = [
    ...(blocks.length > 0 ? [{ blocks: { $in: [...blocks] } }] : []),
    ...(secretKeys.length > 0 ? [{ secretKeys: { $in: [...secretKeys] } }] : []),
  ];
  if (either.length === 0) return Promise.resolve([]);
  return collection
    .find(either.length === 1 && either[0] ? either[0] : { $or: either }, { projection: OF_CANDIDATES })
    .limit(limit)
    .maxTimeMS(LONGEST_QUERY_MS)
    .toArray();
}
const OF_CANDIDATES = { tokens: 0, index: 0, sort: 0, blocks: 0 } as const;

async function countIn(
  collection: mongo.Collection<Stored>,
  where: readonly Clause[],
  cap: number,
): Promise<Count> {
  const filter = filterOf(where);
  // Without criteria the ids are counted, not the documents read.
  const hint = Object.keys(filter).length === 0 ? { hint: { _id: 1 } } : {};
  const count = await collection.countDocuments(filter, {
    limit: cap + 1,
    maxTimeMS: LONGEST_QUERY_MS,
    ...hint,
  });
  return { count: Math.min(count, cap), capped: count > cap };
}
