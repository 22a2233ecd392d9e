/**
 * Chains and `_has`, one bounded step after another: each is a search of its own type, under the grant's filter for
 * that type, so that a chain tells nothing of what its caller may not see.
 */
import type { ResourceEntry } from '../catalog/define.ts';
import { fail } from '../core/failure.ts';
import type { Grant } from '../policy/decide.ts';
import { anyOf, type Clause } from '../search/clause.ts';
import { isBounded } from '../search/cost.ts';
import type { Criteria, Hop } from '../search/criteria.ts';
import { referrersTo } from '../search/include.ts';
import { CHAIN_IDS_MAX, CHAIN_READ_MAX } from '../search/limits.ts';
import type { Followed } from '../storage/store.ts';
import { entryOf, settingOf, type Rooms } from './rooms.ts';

interface Search {
  readonly rooms: Rooms;
  readonly grant: Grant;
}

/** The clauses that the criteria come to, with every hop resolved. */
export async function resolved(
  { rooms, grant }: Search,
  { type, clauses, few, hops }: Pick<Criteria, 'type' | 'clauses' | 'few' | 'hops'>,
): Promise<readonly Clause[]> {
  const entry = entryOf(rooms.catalog, type);
  let known: Known = { entry, clauses, few };
  // What leads to few resources comes first: the others are then asked of these few.
  for (const hop of hops.toSorted((a, b) => Number(isBounded(b)) - Number(isBounded(a)))) {
    const alternatives = await Promise.all(
      allowed(grant, hop).map((each) => clauseOf({ rooms, grant }, known, each)),
    );
    known = { entry, clauses: [...known.clauses, anyOf(alternatives)], few: true };
  }
  return known.clauses;
}

/** A chain that names no type leads to those only that its caller may search; where that is none, it is refused. */
function allowed(grant: Grant, alternatives: readonly Hop[]): readonly Hop[] {
  const some = alternatives.filter(({ others }) => grant.may('search-type', others.type));
  return some.length === 0 ? alternatives : some;
}

/** What is known so far of the resources that are searched. */
interface Known {
  readonly entry: ResourceEntry;
  readonly clauses: readonly Clause[];
  readonly few: boolean;
}

/** The clause on the searched type that a hop comes to. */
async function clauseOf(search: Search, known: Known, hop: Hop): Promise<Clause> {
  const near = known.few ? await nearClause(search, known, hop) : undefined;
  if (known.few && near === undefined && !isBounded([hop])) return tooMany(known.entry.type);
  const clauses = await resolved(search, {
    ...hop.others,
    clauses: [...(near === undefined ? [] : [near]), ...hop.others.clauses],
    few: near !== undefined || hop.others.few,
  });
  return hop.way === 'to'
    ? referringClause(search, known, hop, clauses)
    : referredClause(search, known, hop, clauses);
}

/** Where few resources are searched, the others are those that hang on them; undefined where they are not few. */
async function nearClause({ rooms, grant }: Search, known: Known, hop: Hop): Promise<Clause | undefined> {
  const { type } = known.entry;
  const prefix = hop.way === 'to' ? { prefix: prefixOf(hop.parameter, hop.others.type) } : {};
  const step = { where: known.clauses, limit: CHAIN_IDS_MAX + 1, ...prefix };
  const found = await rooms.store.follow(grant, type, step);
  if (found.length > CHAIN_IDS_MAX) return undefined;
  if (hop.way === 'to') return { op: 'in', field: '_id', keys: distinct(found) };
  const other = entryOf(rooms.catalog, hop.others.type);
  const targets = found.map(({ _id }) => ({ type, id: _id }));
  return referrersTo(other, hop.parameter, targets, { ...settingOf(rooms, grant), inUrl: true });
}

/** The keys of references to resources of one type on this server. */
const prefixOf = (parameter: string, type: string): string => `${parameter}=${type}/`;

const distinct = (found: readonly Followed[]): readonly string[] => [
  ...new Set(found.flatMap(({ keys }) => keys)),
];

/** What refers to the resources that the clauses find. */
async function referringClause(
  { rooms, grant }: Search,
  { entry }: Known,
  { parameter, others }: Hop,
  where: readonly Clause[],
): Promise<Clause> {
  const found = await rooms.store.follow(grant, others.type, { where, limit: CHAIN_IDS_MAX + 1 });
  if (found.length > CHAIN_IDS_MAX) tooMany(others.type);
  const targets = found.map(({ _id }) => ({ type: others.type, id: _id }));
  return referrersTo(entry, parameter, targets, { ...settingOf(rooms, grant), inUrl: true });
}

/** What the resources that the clauses find refer to. */
async function referredClause(
  { rooms, grant }: Search,
  { entry }: Known,
  { parameter, others }: Hop,
  where: readonly Clause[],
): Promise<Clause> {
  const prefix = prefixOf(parameter, entry.type);
  const found = await rooms.store.follow(grant, others.type, { where, prefix, limit: CHAIN_READ_MAX + 1 });
  const keys = distinct(found);
  if (found.length > CHAIN_READ_MAX || keys.length > CHAIN_IDS_MAX) tooMany(others.type);
  return { op: 'in', field: '_id', keys };
}

const tooMany = (type: string): never =>
  fail(
    'too-costly',
    `A chained criterion leads through more ${type} resources than a search follows; add criteria that leave fewer of them.`,
  );
