/** Whether a clause is true of one document: the reading in memory of what compile.ts asks the database. */
import type { Bounds, Clause, OrderKey, Scalar } from './clause.ts';
import type { Interval, Keyed, Visible } from './keys.ts';

type Of<Op extends Clause['op']> = Extract<Clause, { op: Op }>;
type Node = Readonly<Record<string, unknown>>;

/** Fields are two steps deep at most; parameters have no dots in their names. */
function at(document: Keyed, field: string): unknown {
  const dot = field.indexOf('.');
  const top = document as unknown as Node;
  if (dot < 0) return own(top, field);
  const inner = own(top, field.slice(0, dot));
  return typeof inner === 'object' && inner !== null ? own(inner as Node, field.slice(dot + 1)) : undefined;
}

const own = (node: Node, name: string): unknown => (Object.hasOwn(node, name) ? node[name] : undefined);

function values(document: Keyed, field: string): readonly unknown[] {
  const value = at(document, field);
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

const texts = (document: Keyed, field: string): readonly string[] =>
  values(document, field).filter((value) => typeof value === 'string');

/** Texts in the order of their bytes, which is MongoDB's; JavaScript's own differs beyond U+FFFF. */
function compareScalars(a: Scalar, b: Scalar): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return Number(a) - Number(b);
}

const kindOf = (value: unknown): string => (value instanceof Date ? 'date' : typeof value);

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || value instanceof Date;
}

const TESTS: Readonly<Record<keyof Bounds, (order: number) => boolean>> = {
  gt: (order) => order > 0,
  gte: (order) => order >= 0,
  lt: (order) => order < 0,
  lte: (order) => order <= 0,
};

/** A value of another type than the bound's is never within it. */
function isWithin(value: unknown, bounds: Bounds<Scalar> = {}): boolean {
  if (!isScalar(value)) return false;
  return Object.entries(bounds).every(
    ([name, bound]) =>
      kindOf(value) === kindOf(bound) && TESTS[name as keyof Bounds](compareScalars(value, bound as Scalar)),
  );
}

const isMember = (document: Keyed, { field, keys }: Of<'in' | 'not-in'>): boolean =>
  texts(document, field).some((text) => keys.includes(text));

const lies = (document: Keyed, { field, lo, hi, key }: Of<'interval'>): boolean =>
  (values(document, field) as readonly Interval[]).some(
    (each) =>
      isWithin(each.lo, lo) &&
      isWithin(each.hi, hi) &&
      (key === undefined || each.keys?.includes(key) === true),
  );

/** Less than zero where a value of the key comes before the place; what is missing comes before all. */
function compareToPlace(document: Keyed, { field, descending }: OrderKey, place: Scalar | undefined): number {
  const value = at(document, field);
  const isMissing = !isScalar(value);
  const order =
    isMissing || place === undefined
      ? Number(!isMissing) - Number(place !== undefined)
      : compareScalars(value, place);
  return descending ? -order : order;
}

/** Where a document stands to a place in an order: before it (less than zero), at it, or after it. */
export const compareInOrder = (
  document: Keyed,
  keys: readonly OrderKey[],
  place: readonly (Scalar | undefined)[],
): number =>
  keys.map((key, index) => compareToPlace(document, key, place[index])).find((order) => order !== 0) ?? 0;

const comesAfter = (document: Keyed, { keys, place }: Of<'after'>): boolean =>
  compareInOrder(document, keys, place) > 0;

const shares = (some: readonly string[], others: readonly string[]): boolean =>
  some.some((each) => others.includes(each));

/** Whether nothing keeps the caller of the clause away. */
export const isSightedBy = ({ keys, day }: Of<'sighted'>, visibility: readonly Visible[]): boolean =>
  visibility.every(
    ({ from, to, hits, spares }) => day < from || day >= to || !shares(hits, keys) || shares(spares, keys),
  );

const isSighted = ({ visibility }: Keyed, clause: Of<'sighted'>): boolean =>
  visibility !== undefined && isSightedBy(clause, visibility);

/** Whether the clause is true of the document. */
export function holds(clause: Clause, document: Keyed): boolean {
  switch (clause.op) {
    case 'in':
      return isMember(document, clause);
    case 'not-in':
      return !isMember(document, clause);
    case 'prefix':
      return texts(document, clause.field).some((text) =>
        clause.prefixes.some((prefix) => text.startsWith(prefix)),
      );
    case 'contains':
      return texts(document, clause.field).some((text) => text.includes(clause.text));
    case 'interval':
      return lies(document, clause);
    case 'range':
      return isWithin(at(document, clause.field), clause.within);
    case 'after':
      return comesAfter(document, clause);
    case 'exists':
      return (at(document, clause.field) !== undefined) === clause.exists;
    case 'sighted':
      return isSighted(document, clause);
    default:
      return holdsJoined(clause, document);
  }
}

function holdsJoined(clause: Of<'not' | 'and' | 'or' | 'none'>, document: Keyed): boolean {
  switch (clause.op) {
    case 'not':
      return !holds(clause.of, document);
    case 'and':
      return clause.of.every((each) => holds(each, document));
    case 'or':
      return clause.of.some((each) => holds(each, document));
    case 'none':
      return false;
  }
}
