/**
 * Pages by keyset: a page begins after a place in the order, never at a number of skipped documents, so that
 * writes between two pages neither repeat nor lose an entry (https://hl7.org/fhir/R4/http.html#paging). The cursor
 * holds the whole search, sealed: links stay opaque, and say nothing of a query that came in a body.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { QueryPair } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import type { Clause, OrderKey, Scalar } from './clause.ts';
import type { Keyed } from './keys.ts';
import { CURSOR_MAX } from './limits.ts';
import { placeOf, reversed } from './sort.ts';

/** The parameter of a page link that holds the cursor. */
const PAGE_PARAMETER = '_page';
/** Beside the cursor: clients that follow links by their parameters add their own count where they see none. */
const COUNT = '_count';

/** A place between two documents: the values of the one beside it, and which side of it is meant. */
export interface Place {
  readonly at: readonly (Scalar | undefined)[];
  /** The page that ends before the place, and not the one that begins after it. */
  readonly back: boolean;
}

/** A search on its way through pages. It has no secrets: its links are sent in URLs. */
export interface Journey {
  readonly type: string;
  readonly query: readonly QueryPair[];
  /** None: the first page. */
  readonly place?: Place;
  /** When it began, where its order moves with time: what changes later is no longer part of it. */
  readonly until?: Date;
}

/** What stands behind the question mark of a link to a page. */
export const queryOf = (journey: Journey, count: number, sealing: Pick<Sealing, 'seal'>): string =>
  `${PAGE_PARAMETER}=${cursorOf(journey, sealing)}&${COUNT}=${count}`;

/** What storage seals text with, and opens what it sealed. */
export interface Sealing {
  readonly seal: (plain: string) => string;
  /** @throws where the text is not what was sealed */
  readonly open: (sealed: string) => string;
}

type PackedScalar = string | number | null | { readonly d: number };
type Packed = readonly [
  type: string,
  until: number | null,
  query: readonly QueryPair[],
  back?: 0 | 1,
  ...at: PackedScalar[],
];

const packScalar = (value: Scalar | undefined): PackedScalar =>
  value === undefined ? null : value instanceof Date ? { d: value.getTime() } : value;
const unpackScalar = (value: PackedScalar): Scalar | undefined =>
  value === null ? undefined : typeof value === 'object' ? new Date(value.d) : value;

/** Longer than this, a query is worth deflating. */
const PLAIN_MAX = 512;

/**
 * The cursor of a page.
 *
 * @throws Failure `too-costly` for a query that no link could hold
 */
export function cursorOf({ type, query, until, place }: Journey, { seal }: Pick<Sealing, 'seal'>): string {
  const start: Packed = [type, until?.getTime() ?? null, query];
  const packed = JSON.stringify(
    place === undefined ? start : [...start, place.back ? 1 : 0, ...place.at.map(packScalar)],
  );
  const text = packed.length > PLAIN_MAX ? deflateRawSync(packed).toString('base64url') : packed;
  const cursor = seal(text);
  if (cursor.length <= CURSOR_MAX) return cursor;
  return fail(
    'too-costly',
    'The query is too long for links to further pages; ask for fewer values, or for a greater "_count".',
  );
}

function unpacked(text: string): Packed {
  const plain = text.startsWith('[') ? text : inflateRawSync(Buffer.from(text, 'base64url')).toString();
  return JSON.parse(plain) as Packed;
}

function opened(cursor: string, { open }: Pick<Sealing, 'open'>): Packed {
  try {
    return unpacked(open(cursor));
  } catch {
    return fail('invalid-value', 'The page link was changed or is too old; start the search again.');
  }
}

/**
 * The journey that a query continues, where it is a page link.
 *
 * @throws Failure `invalid-value` for a cursor that this server did not make, or made for another type
 */
export function continued(
  type: string,
  query: readonly QueryPair[],
  sealing: Pick<Sealing, 'open'>,
): Journey | undefined {
  const cursors = query.filter(([name]) => name === PAGE_PARAMETER);
  const [cursor, ...more] = cursors;
  if (cursor === undefined) return undefined;
  const counts = query.filter(([name]) => name === COUNT);
  const others = query.filter(([name]) => ![PAGE_PARAMETER, COUNT, '_format', '_pretty'].includes(name));
  if (more.length > 0 || others.length > 0) fail('invalid-value', 'A page link takes no further parameters.');
  const [of, until, pairs, back, ...at] = opened(cursor[1], sealing);
  if (of !== type) fail('invalid-value', 'The page link belongs to a search of another type.');
  const place = back === undefined ? undefined : { back: back === 1, at: at.map(unpackScalar) };
  return {
    type,
    query: counts.length === 0 ? pairs : [...pairs.filter(([name]) => name !== COUNT), ...counts],
    ...(place && { place }),
    ...(until !== null && { until: new Date(until) }),
  };
}

/** How to read a page: in which order, and what must hold beside the search's own clauses. */
export function readFrom(
  order: readonly OrderKey[],
  place: Place | undefined,
  until?: Date,
): { order: readonly OrderKey[]; clauses: readonly Clause[] } {
  if (place === undefined) return { order, clauses: [] };
  const direction = place.back ? reversed(order) : order;
  const after: Clause = { op: 'after', keys: direction, place: place.at };
  if (until === undefined) return { order: direction, clauses: [after] };
  return {
    order: direction,
    clauses: [after, { op: 'range', field: 'lastUpdated', within: { lte: until } }],
  };
}

/**
 * Whether every write moves its resource in the order, from behind the reader to before it: such a walk would
 * show again what it has shown, and might never end.
 */
export const movesWithTime = (order: readonly OrderKey[]): boolean =>
  order.some(({ field }) => field === 'lastUpdated');

/** What a page shows, and where the pages around it begin. */
export interface Page<D> {
  readonly documents: readonly D[];
  readonly next?: Place;
  readonly previous?: Place;
}

type Placed = Pick<Keyed, '_id' | 'lastUpdated'> & Partial<Pick<Keyed, 'sort'>>;

/**
 * The page among documents that were found in the order of `readFrom`, one more of them than `count` where there
 * is more.
 */
export function pageOf<D extends Placed>(
  found: readonly D[],
  { order, count }: { readonly order: readonly OrderKey[]; readonly count: number },
  from: Place | undefined,
): Page<D> {
  const isMore = found.length > count;
  const isBack = from?.back === true;
  const shown = found.slice(0, count);
  const documents = isBack ? shown.toReversed() : shown;
  const first = documents[0];
  const last = documents.at(-1);
  const hasNext = isBack || isMore;
  const hasPrevious = isBack ? isMore : from !== undefined;
  const beside = (document: D | undefined, back: boolean): Place | undefined =>
    document === undefined ? from && { at: from.at, back } : { at: placeOf(document, order), back };
  const next = hasNext ? beside(last, false) : undefined;
  const previous = hasPrevious ? beside(first, true) : undefined;
  return { documents, ...(next && { next }), ...(previous && { previous }) };
}
