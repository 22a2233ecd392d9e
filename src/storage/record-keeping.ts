/** What a change of the jurisdiction's rules asks of the store: whose standings follow others, and what lacks facts. */
import type { Connection } from './connect.ts';
import type { mongo } from 'mongoose';
import type { Resource } from '@medplum/fhirtypes';
import { factsOf } from '../consent/facts.ts';
import { parseJson } from '../fhir/json.ts';
import { databaseOf } from './connect.ts';
import type { Note, Past, StandingDocument, Stored } from './store.ts';
import { STANDINGS } from './write.ts';

const FACT = 'standings';
/** Raised whenever the same restrictions would leave other documents visible. */
const FORM = 1;
/** Of stores that do not say. */
const FIRST_FORM = 1;
const PAGE = 500;

/** The outdated ones of a page of patients, and where the page ends. */
interface Outdated {
  readonly ids: readonly string[];
  readonly last: string;
}

/** What decides about the standings of some patients. */
export interface Deciding {
  readonly people: ReadonlyMap<string, Stored>;
  /** Directives by patient. */
  readonly directives: ReadonlyMap<string, readonly Stored[]>;
  /** Those who were merged into others. */
  readonly merged: ReadonlySet<string>;
}

export interface RecordKeeping {
  /**
   * Whether every document of a record has its facts, and what its standing leaves visible in the form of now: it is so
   * since all standings followed some rules.
   */
  isWhole(): Promise<boolean>;
  /** What decides about the standings of some patients, by a few questions for all of them. */
  deciding(patients: readonly string[]): Promise<Deciding>;
  /** Whether all standings follow the rules of this key. */
  follows(pack: string): Promise<boolean>;
  /** Some of the patients whose standing does not, in the order of their ids after one; undefined at the end. */
  outdated(pack: string, after: string): Promise<Outdated | undefined>;
  /** The patient as stored. */
  person(id: string): Promise<Stored | undefined>;
  /** Gives facts to the documents of a record that have none. */
  giveFacts(patient: string): Promise<void>;
  /** Says that all standings follow the rules; what is in nobody's record is nobody's to close. */
  done(pack: string): Promise<void>;
}

/** The keeping of one database. */
export function recordKeeping(connection: Connection, collections: readonly string[]): RecordKeeping {
  const db = databaseOf(connection);
  const facts = db.collection<Note>('facts');
  const patients = db.collection<Stored>('Patient');
  return {
    isWhole: async () => {
      const fact = await facts.findOne({ _id: FACT });
      return fact !== null && (fact['form'] ?? FIRST_FORM) === FORM;
    },
    deciding: (some) => decidingIn(db, [...some]),
    follows: async (pack) => (await facts.findOne({ _id: FACT }))?.['pack'] === pack,
    outdated: async (pack, after) => {
      const page = await patients
        .find({ _id: { $gt: after } }, { projection: { _id: 1 } })
        .sort({ _id: 1 })
        .limit(PAGE)
        .toArray();
      const ids = page.map(({ _id }) => _id);
      const last = ids.at(-1);
      if (last === undefined) return undefined;
      const current = await db
        .collection<StandingDocument>(STANDINGS)
        .find({ _id: { $in: ids }, pack }, { projection: { _id: 1 } })
        .toArray();
      const known = new Set(current.map(({ _id }) => _id));
      return { ids: ids.filter((id) => !known.has(id)), last };
    },
    person: async (id) => (await patients.findOne({ _id: id })) ?? undefined,
    giveFacts: async (patient) => {
      for (const name of collections) await giveIn(db.collection<Stored | Past>(name), patient);
    },
    done: async (pack) => {
      for (const name of await collectionsWith(db, collections, UNPLACED)) {
        await db.collection<Stored>(name).updateMany(UNPLACED, { $set: { visibility: [] } });
      }
      await facts.updateOne({ _id: FACT }, { $set: { pack, form: FORM } }, { upsert: true });
    },
  };
}

async function decidingIn(db: mongo.Db, ids: readonly string[]): Promise<Deciding> {
  const _id = { $in: [...ids] };
  const [people, directives, merged] = await Promise.all([
    db.collection<Stored>('Patient').find({ _id }).toArray(),
    db.collection<Stored>('Consent').find({ patients: _id }).toArray(),
    db
      .collection<Note>('forwards')
      .find({ _id }, { projection: { _id: 1 } })
      .toArray(),
  ]);
  return {
    people: new Map(people.map((each) => [each._id, each])),
    directives: new Map(ids.map((id) => [id, directives.filter((each) => each.patients.includes(id))])),
    merged: new Set(merged.map((each) => each._id)),
  };
}

/** In nobody's record, and without a word on who may see it. */
const UNPLACED = { patients: { $size: 0 }, visibility: { $exists: false } };

/** Those of the collections that hold something that matches, by one question. */
async function collectionsWith(db: mongo.Db, names: readonly string[], match: object): Promise<string[]> {
  const some = (name: string): object[] => [
    { $match: match },
    { $limit: 1 },
    { $project: { _id: 0, name: { $literal: name } } },
  ];
  const [first = '', ...others] = names;
  const unions = others.map((coll) => ({ $unionWith: { coll, pipeline: some(coll) } }));
  const found = await db
    .collection(first)
    .aggregate<{ name: string }>([...some(first), ...unions])
    .toArray();
  return found.map(({ name }) => name);
}

async function giveIn(collection: mongo.Collection<Stored | Past>, patient: string): Promise<void> {
  const bare = await collection
    .find({ patients: patient, facts: { $exists: false } }, { projection: { json: 1 } })
    .toArray();
  if (bare.length === 0) return;
  await collection.bulkWrite(
    bare.map(({ _id, json }) => {
      const facts = json === undefined ? [] : [factsOf(parseJson(json) as Resource)];
      return { updateOne: { filter: { _id }, update: { $set: { facts } } } };
    }),
  );
}
