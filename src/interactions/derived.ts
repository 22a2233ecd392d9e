/**
 * What parameters come to that are worked out when they are asked: clauses on ids, from the records of the few resources that
 * the rest of the search leads to, under the grant of the caller. Every page works them out anew.
 */
import { fail } from '../core/failure.ts';
import type { Grant } from '../policy/decide.ts';
import type { Clause } from '../search/clause.ts';
import { namedIn } from '../search/named-in.ts';
import type { SearchRequest } from '../search/parse.ts';
import { behindOf } from './doses/behind.ts';
import type { Rooms } from './rooms.ts';

/** Records that are gone through for one search. */
const MOST_RECORDS = 100;
const MOST_FOUND = 1000;
const BY_ID = [{ field: '_id', descending: false }] as const;

/**
 * The clauses of a search, and those that its derived parameters come to.
 * @throws Failure `too-costly` where they would have to be worked out for too many records
 */
export async function withWorkedOut(
  rooms: Rooms,
  grant: Grant,
  { type, derived }: Pick<SearchRequest, 'type' | 'derived'>,
  where: readonly Clause[],
): Promise<readonly Clause[]> {
  const { primary } = derived;
  if (primary === undefined) return where;
  const behind = await behindOf(rooms.store, grant, await recordsOf(rooms, grant, type, where));
  const op = primary ? 'not-in' : 'in';
  return [...where, { op, field: '_id', keys: [...behind.keys()] }];
}

/** Whose records the resources are part of that are found so far. */
async function recordsOf(
  { store }: Rooms,
  grant: Grant,
  type: string,
  where: readonly Clause[],
): Promise<readonly string[]> {
  const named = namedIn(where, 'patients');
  const found =
    named ??
    (await store.find(grant, type, { where, order: BY_ID, limit: MOST_FOUND + 1 })).flatMap(
      ({ patients }) => patients,
    );
  const records = [...new Set(found)];
  if (found.length > MOST_FOUND || records.length > MOST_RECORDS)
    fail(
      'too-costly',
      `"primary" is worked out for ${MOST_RECORDS} people at most; name the patients, or add criteria that leave fewer.`,
    );
  return records;
}
