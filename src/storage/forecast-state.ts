/**
 * What is known of each patient's forecast: for which day and schedule it was computed, and which writes came after.
 * A write leaves a mark of its own beside what it changes: an insert meets no other writer, so that doses of one
 * patient never wait for each other.
 */
import type { Connection, mongo } from 'mongoose';
import { databaseOf } from './connect.ts';
import type { Note } from './store.ts';

type Row = mongo.Document & { readonly _id: string };

export const STATES = 'forecasts';
export const MARKS = 'forecast_marks';

/** For what a patient's stored forecast was computed. */
export interface ForecastState extends Note {
  /** The patient's id. */
  readonly _id: string;
  /** Raised by every computation: who computed on what is old finds it changed. */
  readonly turn: number;
  /** The assessment day, YYYY-MM-DD. */
  readonly day: string;
  /** Digest of the schedule's release and of the form in which it is told. */
  readonly schedule: string;
  /** Digest of what was derived. */
  readonly digest: string;
}

/** A write that a forecast must take into account. */
export interface Mark extends Note {
  readonly patient: string;
}

/** What a forecast has to be computed for to be current. */
export interface Current {
  readonly day: string;
  readonly schedule: string;
}

export interface ForecastStates {
  /** The states and marks of some patients. */
  of(patients: readonly string[]): Promise<Known>;
  /** Some of the patients whose forecast is not current, at most `limit`. */
  stale(current: Current, limit: number): Promise<readonly string[]>;
  /** Says of unchanged forecasts that they were looked at; those that changed meanwhile are left out. */
  confirm(states: readonly ForecastState[], day: string): Promise<void>;
  /** Ids of patients in their order, after one. */
  patientsAfter(id: string, limit: number): Promise<readonly string[]>;
}

export interface Known {
  readonly states: ReadonlyMap<string, ForecastState>;
  readonly marks: ReadonlyMap<string, readonly Mark[]>;
}

/** The states of one database. */
export function forecastStates(connection: Connection): ForecastStates {
  const db = databaseOf(connection);
  const states = db.collection<ForecastState>(STATES);
  const marks = db.collection<Mark>(MARKS);
  return {
    of: async (patients) => {
      const ids = [...patients];
      const [known, marked] = await Promise.all([
        states.find({ _id: { $in: ids } }).toArray(),
        marks.find({ patient: { $in: ids } }).toArray(),
      ]);
      return {
        states: new Map(known.map((state) => [state._id, state])),
        marks: Map.groupBy(marked, ({ patient }) => patient),
      };
    },
    stale: (current, limit) => staleIn(states, marks, current, limit),
    confirm: async (some, day) => {
      if (some.length === 0) return;
      const updates = some.map(({ _id, turn }) => ({
        updateOne: { filter: { _id, turn }, update: { $set: { day, turn: turn + 1 } } },
      }));
      await db.collection<Row>(STATES).bulkWrite(updates, { ordered: false });
    },
    patientsAfter: async (id, limit) => {
      const found = await db
        .collection<Note>('Patient')
        .find({ _id: { $gt: id } }, { projection: { _id: 1 } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray();
      return found.map(({ _id }) => _id);
    },
  };
}

async function staleIn(
  states: mongo.Collection<ForecastState>,
  marks: mongo.Collection<Mark>,
  { day, schedule }: Current,
  limit: number,
): Promise<readonly string[]> {
  const some = (where: mongo.Filter<ForecastState>) => states.find(where, ONLY_ID).limit(limit).toArray();
  const found = await Promise.all([
    // The index answers each patient once, however many marks there are.
    marks
      .aggregate<Row>([{ $sort: { patient: 1 } }, { $group: { _id: '$patient' } }, { $limit: limit }])
      .toArray(),
    some({ day: { $lt: day } }),
    // A clock that was set back is no reason to serve tomorrow's forecast.
    some({ day: { $gt: day } }),
    some({ schedule: { $lt: schedule } }),
    some({ schedule: { $gt: schedule } }),
  ]);
  return [...new Set(found.flat().map(({ _id }) => _id))].slice(0, limit);
}
const ONLY_ID = { projection: { _id: 1 } } as const;
