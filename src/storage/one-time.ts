/**
 * Resources that are never changed have one time. Where a parameter says it, one index serves that parameter and the
 * time of the last change: what is asked of the one is asked of the other, and an entry is spared with every write.
 */
import type { ResourceEntry } from '../catalog/define.ts';
import type { Clause, OrderKey, Scalar } from '../search/clause.ts';
import type { Find } from './store.ts';

const CHANGED = 'lastUpdated';

/** The search, asked of the parameter that says the time. */
export const findByTime = (entry: ResourceEntry, { where, order, limit }: Find): Find => ({
  where: where.map((clause) => byTime(entry, clause)),
  order: orderByTime(entry, order),
  limit,
});

const orderByTime = ({ oneTime }: ResourceEntry, order: readonly OrderKey[]): readonly OrderKey[] =>
  oneTime === undefined
    ? order
    : order.map((key) => (key.field === CHANGED ? { ...key, field: `sort.${oneTime}` } : key));

/** The clause, asked of the parameter that says the time. */
export function byTime(entry: ResourceEntry, clause: Clause): Clause {
  if (entry.oneTime === undefined) return clause;
  switch (clause.op) {
    case 'range':
      return clause.field === CHANGED
        ? { ...clause, field: `sort.${entry.oneTime}`, within: instantsIn(clause.within) }
        : clause;
    case 'after':
      return { ...clause, keys: orderByTime(entry, clause.keys), place: clause.place.map(instantOf) };
    case 'not':
      return { ...clause, of: byTime(entry, clause.of) };
    case 'and':
    case 'or':
      return { ...clause, of: clause.of.map((each) => byTime(entry, each)) };
    default:
      return clause;
  }
}

type Within = Extract<Clause, { op: 'range' }>['within'];

/** Scalars of dates are milliseconds since 1970. */
const instantOf = <S extends Scalar | undefined>(value: S): S | number =>
  value instanceof Date ? value.getTime() : value;
const instantsIn = (within: Within): Within =>
  Object.fromEntries(Object.entries(within).map(([name, bound]) => [name, instantOf(bound as Scalar)]));
