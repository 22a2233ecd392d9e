/** What a search is ordered by (https://hl7.org/fhir/R4/search.html#sort). Missing values come first, in descending order last. */
import type { ResourceEntry } from '../catalog/define.ts';
import { parameterOf } from '../catalog/common.ts';
import { fail } from '../core/failure.ts';
import type { OrderKey, Scalar } from './clause.ts';
import type { Keyed } from './keys.ts';
import { SORT_KEYS_MAX } from './limits.ts';

const ALWAYS: Readonly<Record<string, string>> = { _id: '_id', _lastUpdated: 'lastUpdated' };

/** The parameter whose values a field of an order has. */
export const parameterOfField = (field: string): string =>
  Object.entries(ALWAYS).find(([, always]) => always === field)?.[0] ?? field.slice('sort.'.length);

function fieldOf(entry: ResourceEntry, name: string): string {
  const always = Object.hasOwn(ALWAYS, name) ? ALWAYS[name] : undefined;
  if (always !== undefined) return always;
  if (entry.sort?.includes(name)) return `sort.${name}`;
  if (parameterOf(entry, name) === undefined) {
    return fail('not-understood', `"_sort" names a parameter that ${entry.type} does not have.`);
  }
  const able = [...(entry.sort ?? []), ...Object.keys(ALWAYS)].join(', ');
  return fail('too-costly', `${entry.type} cannot be sorted by "${name}"; it can be by ${able}.`);
}

function keyOf(entry: ResourceEntry, part: string): OrderKey {
  const descending = part.startsWith('-');
  return { field: fieldOf(entry, descending ? part.slice(1) : part), descending };
}

/**
 * The keys of a `_sort` value, or of the type's own order where there is none. `_id` is added as the last one:
 * it makes the order total. It takes the direction of the key before it, so that one index serves both.
 *
 * @throws Failure `too-costly` for what has no index, `not-understood` for what is no parameter
 */
export function orderOf(entry: ResourceEntry, sort: string | undefined): readonly OrderKey[] {
  const parts = (sort ?? entry.defaultSort ?? '_id').split(',').filter((part) => part !== '');
  if (parts.length > SORT_KEYS_MAX) fail('too-costly', `"_sort" takes at most ${SORT_KEYS_MAX} keys.`);
  const keys = parts.map((part) => keyOf(entry, part));
  const untilId = keys.findIndex(({ field }) => field === '_id');
  // What comes after the id can never decide.
  if (untilId >= 0) return keys.slice(0, untilId + 1);
  return [...keys, { field: '_id', descending: keys.at(-1)?.descending ?? false }];
}

/** The order read from the other end, for the page before. */
export const reversed = (order: readonly OrderKey[]): readonly OrderKey[] =>
  order.map(({ field, descending }) => ({ field, descending: !descending }));

type Placed = Pick<Keyed, '_id' | 'lastUpdated'> & Partial<Pick<Keyed, 'sort'>>;

function valueAt(document: Placed, field: string): Scalar | undefined {
  if (field === '_id') return document._id;
  if (field === 'lastUpdated') return document.lastUpdated;
  return document.sort?.[field.slice('sort.'.length)];
}

/** Where a document stands in an order. */
export const placeOf = (document: Placed, order: readonly OrderKey[]): readonly (Scalar | undefined)[] =>
  order.map(({ field }) => valueAt(document, field));
