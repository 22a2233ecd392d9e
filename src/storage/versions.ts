/**
 * Histories: the current versions of a type and its superseded ones, merged into one order, newest first
 * (https://hl7.org/fhir/R4/http.html#history).
 */
import type { Connection, mongo } from 'mongoose';
import type { FindPast, Past, PastPlace, Stored, Version } from './store.ts';
import { pastId, pastIds, pastOf } from './write.ts';

type Filter = Record<string, unknown>;

/** One page of versions of a type, or of one resource of it. */
export async function versionsOf(
  connection: Connection,
  type: string,
  policy: Filter,
  find: FindPast,
): Promise<readonly Version[]> {
  const current = connection.collection<Stored>(type);
  const past = connection.collection<Past>(pastOf(type));
  const time = timeOf(find);
  const newest: mongo.Sort = { lastUpdated: -1, _id: -1 };
  const [now, then] = await Promise.all([
    current
      .find({ $and: [policy, time, find.id === undefined ? {} : { _id: find.id }, afterCurrent(find.after)] })
      .project<Stored>({ tokens: 0, index: 0, sort: 0, secrets: 0, secretKeys: 0 })
      .sort(newest)
      .limit(find.limit)
      .toArray(),
    past
      .find({ $and: [policy, time, pastIdsOf(find.id), afterPast(find.after)] })
      .project<Past>({ secrets: 0 })
      .sort(newest)
      .limit(find.limit)
      .toArray(),
  ]);
  return [...now.map(asVersion), ...then].sort(newestFirst).slice(0, find.limit);
}

const timeOf = ({ since, until }: FindPast): Filter =>
  since === undefined && until === undefined
    ? {}
    : { lastUpdated: { ...(since && { $gte: since }), ...(until && { $lte: until }) } };

const pastIdsOf = (id: string | undefined): Filter => (id === undefined ? {} : { _id: pastIds(id) });

const afterPast = (place: PastPlace | undefined): Filter =>
  place === undefined ? {} : older(place.lastUpdated, { _id: { $lt: pastId(place.id, place.version) } });

/** Of one instant, a resource's current version stands before the superseded ones of the same id. */
const afterCurrent = (place: PastPlace | undefined): Filter =>
  place === undefined ? {} : older(place.lastUpdated, { _id: { $lt: place.id } });

const older = (instant: Date, sameInstant: Filter): Filter => ({
  $or: [{ lastUpdated: { $lt: instant } }, { lastUpdated: instant, ...sameInstant }],
});

function asVersion({ _id, version, lastUpdated, json, patients, custodians }: Stored): Version {
  const method = version === 1 ? 'POST' : 'PUT';
  return { id: _id, version, lastUpdated, deleted: false, method, json, patients, custodians };
}

/** The order of every history, across types too, so that a place in it means the same everywhere. */
export function newestFirst(a: Version, b: Version): number {
  const byTime = b.lastUpdated.getTime() - a.lastUpdated.getTime();
  if (byTime !== 0) return byTime;
  return pastId(a.id, a.version) < pastId(b.id, b.version) ? 1 : -1;
}
