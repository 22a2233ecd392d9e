/**
 * Relationships as part of a query. A plan has a million members, and a filter cannot list them: so the query is first
 * asked whose records it touches, which are few where nobody browses, and then goes on with those of them who stand in
 * the relationship.
 */
import type { mongo } from 'mongoose';
import { fail } from '../core/failure.ts';
import type { Related } from '../policy/decide.ts';
import { NOTHING, type Clause } from '../search/clause.ts';
import { filterOf } from './find.ts';
import { on, RELATIONSHIPS, type Relationship } from './participants.ts';

/** Documents that are looked at to learn whose they are. */
const LOOKED_AT = 2000;
const LONGEST_QUERY_MS = 15_000;

interface OfPatients {
  readonly _id: string;
  readonly patients: readonly string[];
}

/** Those of the patients who stand in the relationship. */
async function relatedAmong(
  db: mongo.Db,
  { holders, today }: Related,
  patients: readonly string[],
): Promise<ReadonlySet<string>> {
  if (patients.length === 0) return new Set();
  const found = await db
    .collection<Relationship>(RELATIONSHIPS)
    .find(
      { holder: { $in: [...holders] }, patient: { $in: [...patients] }, ...on(today) },
      { projection: { patient: 1 } },
    )
    .toArray();
  return new Set(found.map(({ patient }) => patient));
}

/** Whether everybody whose record a document is part of stands in each of the relationships. */
export async function isRelated(
  db: mongo.Db,
  related: readonly Related[],
  { patients }: Pick<OfPatients, 'patients'>,
): Promise<boolean> {
  const all = await Promise.all(related.map((each) => relatedAmong(db, each, patients)));
  return patients.length > 0 && all.every((some) => patients.every((id) => some.has(id)));
}

/**
 * The clauses that the relationships come to for a query; none where none is asked for.
 * @throws Failure `too-costly` where the query is about more people than anybody may look up
 */
export async function relatedClauses(
  db: mongo.Db,
  type: string,
  related: readonly Related[],
  where: readonly Clause[],
): Promise<readonly Clause[]> {
  if (related.length === 0) return [];
  const found = await db
    .collection<OfPatients>(type)
    .find(filterOf(where), { projection: { patients: 1 } })
    .limit(LOOKED_AT + 1)
    .maxTimeMS(LONGEST_QUERY_MS)
    .toArray();
  if (found.length > LOOKED_AT) fail('too-costly', 'The search is about too many people; name the patient.');
  const patients = [...new Set(found.flatMap((each) => each.patients))];
  const all = await Promise.all(related.map((each) => relatedAmong(db, each, patients)));
  return all.map((some) => onlyOf(found, some));
}

/** Documents all of whose patients are among some: named by id, as one may be part of several records. */
function onlyOf(found: readonly OfPatients[], some: ReadonlySet<string>): Clause {
  const keys = found
    .filter(({ patients }) => patients.length > 0 && patients.every((id) => some.has(id)))
    .map(({ _id }) => _id);
  return keys.length === 0 ? NOTHING : { op: 'in', field: '_id', keys };
}

/** The relationships of a holder on a civil day, in the order of their patients. */
export const heldBy = (
  db: mongo.Db,
  holder: string,
  today: string,
  { after, count }: { readonly after: string; readonly count: number },
): Promise<Relationship[]> =>
  db
    .collection<Relationship>(RELATIONSHIPS)
    .find({ holder, patient: { $gt: after }, ...on(today) })
    .sort({ patient: 1 })
    .limit(count)
    .toArray();
