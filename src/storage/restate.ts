/**
 * What a change of a patient's standing does to the record, within the transaction that changes it: what is visible
 * of every document, past versions too, is written anew. Neither versions nor times change.
 */
import type { mongo } from 'mongoose';
import type { Statuses } from '../status/status.ts';
import { visibilityOf, type Facts, type Visibility } from '../consent/visibility.ts';
import { OTHER_TOKENS, statusTokens } from './statuses.ts';
import type { StandingWrite } from './write.ts';

type Restate = Extract<StandingWrite, { do: 'restate' }>;
type Row = mongo.Document & {
  readonly _id: string;
  readonly patients: readonly string[];
  readonly facts?: readonly Facts[];
  readonly visibility?: readonly Visibility[];
};

/** Ids in one update: a list of so many stays far below what a command may hold. */
const MOST_IN_ONE = 5000;

/** Rewrites the record of the standing's patient; or erases it, where that is what a withdrawal means. */
export async function restate(db: mongo.Db, session: mongo.ClientSession, write: Restate): Promise<void> {
  for (const name of write.collections) {
    const collection = db.collection<Row>(name);
    if (write.erases?.includes(name) === true) {
      await collection.deleteMany({ patients: [write.doc._id] }, { session });
    }
    await restateIn(collection, session, write.doc);
  }
  if (write.statuses !== undefined) await restateStatuses(db, session, write.doc._id, write.statuses);
}

/** The person's Patient tells the statuses, and is found by them. One that was merged away is found by its id alone. */
async function restateStatuses(
  db: mongo.Db,
  session: mongo.ClientSession,
  _id: string,
  statuses: Statuses,
): Promise<void> {
  const tokens = { $concatArrays: [OTHER_TOKENS, { $literal: statusTokens(statuses) }] };
  await db
    .collection<Row>('Patient')
    .updateOne(
      { _id, replacedBy: { $exists: false } },
      [{ $set: { statuses: { $literal: statuses }, tokens } }],
      {
        session,
      },
    );
}

async function restateIn(
  collection: mongo.Collection<Row>,
  session: mongo.ClientSession,
  standing: Restate['doc'],
): Promise<void> {
  const found = await collection
    .find({ patients: standing._id }, { session, projection: { facts: 1, visibility: 1 } })
    .toArray();
  const changed = found.flatMap(({ _id, facts = [], visibility: was = [] }) => {
    const next = [
      ...was.filter(({ of }) => of !== standing._id),
      ...visibilityOf(standing._id, standing, facts),
    ];
    const text = JSON.stringify(next);
    return text === JSON.stringify(was) ? [] : [{ _id, next, text }];
  });
  for (const some of Map.groupBy(changed, ({ text }) => text).values()) {
    for (let at = 0; at < some.length; at += MOST_IN_ONE) {
      const ids = some.slice(at, at + MOST_IN_ONE).map(({ _id }) => _id);
      const visibility = some[at]?.next ?? [];
      await collection.updateMany({ _id: { $in: ids } }, { $set: { visibility } }, { session });
    }
  }
}
