/**
 * Histories: the current versions of a type and its superseded ones, merged into one order, newest first
 * (https://hl7.org/fhir/R4/http.html#history).
 */
import type { mongo } from 'mongoose';
import type { FindPast, Past, PastPlace, Stored, Version } from './store.ts';
import { WITHOUT_KEYS } from './read-by-id.ts';
import { pastId, pastIds, pastOf } from './write.ts';

type Filter = Record<string, unknown>;

/** A history that takes longer is ended: it would hold up everybody. */
const LONGEST_MS = 15_000;

/** One page of versions of a type, or of one resource of it. */
export async function versionsOf(
  db: mongo.Db,
  type: string,
  policy: Filter,
  find: FindPast,
): Promise<readonly Version[]> {
  // One after the other, in this order: what is superseded in between is found twice; the other way round it
  // would not be found at all.
  const current = await currentOf(db, type, policy, find);
  const past = await pastVersionsOf(db, type, policy, find);
  const each = new Map(
    [...current, ...past].map((version) => [pastId(version.id, version.version), version]),
  );
  return [...each.values()].sort(newestFirst).slice(0, find.limit);
}

async function currentOf(db: mongo.Db, type: string, policy: Filter, find: FindPast): Promise<Version[]> {
  const one = find.id === undefined ? {} : { _id: find.id };
  const found = await db
    .collection<Stored>(type)
    .find({ $and: [policy, timeOf(find), one, afterCurrent(find.after)] })
    .project<Stored>(WITHOUT_KEYS)
    .sort({ lastUpdated: -1, _id: -1 })
    .limit(find.limit)
    .maxTimeMS(LONGEST_MS)
    .toArray();
  return found.map(asVersion);
}

function pastVersionsOf(db: mongo.Db, type: string, policy: Filter, find: FindPast): Promise<Version[]> {
  return (
    db
      .collection<Past>(pastOf(type))
      .find({ $and: [policy, timeOf(find), endedOf(find), placeOf(find)] })
      .project<Version>({ _id: 0, secrets: 0, revived: 0, until: 0, facts: 0, visibility: 0 })
      // Time never runs backwards within one resource, so that its versions are in order by their ids alone.
      .sort(find.id === undefined ? { lastUpdated: -1, _id: -1 } : { _id: -1 })
      .limit(find.limit)
      .maxTimeMS(LONGEST_MS)
      .toArray()
  );
}

/** What was current at some time in a stretch had begun by its end… */
const timeOf = ({ since, during }: FindPast): Filter =>
  since === undefined && during === undefined
    ? {}
    : { lastUpdated: { ...(since && { $gte: since }), ...(during && { $lte: new Date(during.hi) }) } };

/** … and was not superseded before its beginning; a deletion is a moment. */
function endedOf({ during }: FindPast): Filter {
  if (during === undefined) return {};
  const from = new Date(during.lo);
  return { $or: [{ until: { $gt: from } }, { deleted: true, lastUpdated: { $gte: from } }] };
}

function placeOf({ id, after }: FindPast): Filter {
  if (id === undefined) return after === undefined ? {} : older(after, pastId(after.id, after.version));
  return { _id: { ...pastIds(id), ...(after && { $lt: pastId(id, after.version) }) } };
}

/** Of one instant, a resource's current version stands before the superseded ones of the same id. */
const afterCurrent = (after: PastPlace | undefined): Filter =>
  after === undefined ? {} : older(after, after.id);

/** The first condition says no more than the second, but is a single range, with which an index can begin to read. */
const older = ({ lastUpdated }: PastPlace, id: string): Filter => ({
  $and: [
    { lastUpdated: { $lte: lastUpdated } },
    { $or: [{ lastUpdated: { $lt: lastUpdated } }, { lastUpdated, _id: { $lt: id } }] },
  ],
});

function asVersion({ _id, version, lastUpdated, json, patients, custodians, ...more }: Stored): Version {
  const method = version === 1 ? 'POST' : 'PUT';
  const { statuses, seam } = more;
  return {
    ...{ id: _id, version, lastUpdated, deleted: false, method, json, patients, custodians },
    ...(statuses && { statuses }),
    ...(seam !== undefined && { seam }),
  };
}

/** The order of every history, across types too, so that a place in it means the same everywhere. */
export function newestFirst(a: Version, b: Version): number {
  const byTime = b.lastUpdated.getTime() - a.lastUpdated.getTime();
  if (byTime !== 0) return byTime;
  return pastId(a.id, a.version) < pastId(b.id, b.version) ? 1 : -1;
}
