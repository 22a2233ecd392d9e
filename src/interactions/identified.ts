/** Who may only look people up: searches name a person, and show few (policy/identify.ts). */
import type { QueryPair } from '../core/context.ts';
import { Denied, type Grant } from '../policy/decide.ts';
import { identifies } from '../policy/identify.ts';
import type { Clause } from '../search/clause.ts';
import type { Rooms } from './rooms.ts';

/** The most people that a search of a type may show; undefined where whoever asks may browse. */
const mostOf = (grant: Grant, type: string): number | undefined => {
  const most = grant.for('search-type', type).obligations.map((each) => each.most);
  return most.length === 0 ? undefined : Math.min(...most);
};

/** Whether searches of the type have to name a person. */
export const mustIdentify = (grant: Grant, type: string): boolean => mostOf(grant, type) !== undefined;

/** @throws Denied `browsing` where the query names nobody and the caller may not browse */
export function checkIdentified(
  { catalog, pack: { lookup } }: Rooms,
  grant: Grant,
  type: string,
  query: readonly QueryPair[],
): void {
  if (mustIdentify(grant, type) && !identifies({ types: catalog, lookup }, type, query))
    throw new Denied('browsing');
}

interface Searched {
  readonly type: string;
  readonly where: readonly Clause[];
  /** How many match, where that is known. */
  readonly found: number | undefined;
}

/**
 * Of people, no more than candidates for one are shown: not on one page, not on several, not as a number.
 * @throws Denied `too_many_candidates`
 */
export async function checkFew(rooms: Rooms, grant: Grant, { type, where, found }: Searched): Promise<void> {
  const most = mostOf(grant, type);
  if (type !== 'Patient' || most === undefined) return;
  const isMore =
    found === undefined ? (await rooms.store.count(grant, type, where, most)).capped : found > most;
  if (isMore) throw new Denied('too_many_candidates');
}
