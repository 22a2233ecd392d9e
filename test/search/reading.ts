/**
 * A plain reading of the part of MongoDB's query language that compiled clauses use, written from MongoDB's
 * manual and not from holds.ts: the two are held against each other.
 */
import type { Filter } from '../../src/search/compile.ts';

type Value = unknown;
type Node = Record<string, unknown>;

const isNode = (value: Value): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** What a dotted path leads to: through documents only, as the compiled paths do. */
const lookup = (document: Value, path: string): Value =>
  path.split('.').reduce<Value>((at, name) => (isNode(at) ? at[name] : undefined), document);

function order(a: Value, b: Value): number | undefined {
  if (typeof a === 'string' && typeof b === 'string')
    return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  return undefined;
}

const equal = (value: Value, operand: Value): boolean =>
  operand === null ? value === undefined || value === null : order(value, operand) === 0;

/** An array matches as a whole or by one of its elements. */
const some = (value: Value, test: (each: Value) => boolean): boolean =>
  test(value) || (Array.isArray(value) && value.some(test));

const compared = (value: Value, operand: Value, test: (order: number) => boolean): boolean =>
  some(value, (each) => {
    const known = order(each, operand);
    return known !== undefined && test(known);
  });

const OPERATORS: Record<string, (value: Value, operand: Value) => boolean> = {
  $eq: (value, operand) => some(value, (each) => equal(each, operand)),
  $ne: (value, operand) => !some(value, (each) => equal(each, operand)),
  $in: (value, operand) => (operand as Value[]).some((one) => some(value, (each) => equal(each, one))),
  $nin: (value, operand) => !(operand as Value[]).some((one) => some(value, (each) => equal(each, one))),
  $gt: (value, operand) => compared(value, operand, (known) => known > 0),
  $gte: (value, operand) => compared(value, operand, (known) => known >= 0),
  $lt: (value, operand) => compared(value, operand, (known) => known < 0),
  $lte: (value, operand) => compared(value, operand, (known) => known <= 0),
  $exists: (value, operand) => (value !== undefined) === operand,
  $not: (value, operand) => !satisfies(value, operand as Node),
  $elemMatch: (value, operand) =>
    Array.isArray(value) && value.some((each) => element(each, operand as Node)),
};

/** The condition of `$elemMatch` is either operators on the element or a query on a document. */
const element = (value: Value, condition: Node): boolean =>
  Object.keys(condition).every((name) => name.startsWith('$'))
    ? satisfies(value, condition)
    : matches(value, condition);

const satisfies = (value: Value, condition: Node): boolean =>
  Object.entries(condition).every(([operator, operand]) => {
    const test = OPERATORS[operator];
    if (test === undefined) throw new Error(`No such operator: ${operator}`);
    return test(value, operand);
  });

/** The one expression that is compiled: whether an element of an array has a text in it. */
function expression(document: Value, { $anyElementTrue }: Node): boolean {
  const [{ $map }] = $anyElementTrue as [
    {
      $map: {
        input: { $ifNull: [string, Value[]] };
        in: { $gte: [{ $indexOfCP: [string, { $literal: string }] }, 0] };
      };
    },
  ];
  const [field, otherwise] = $map.input.$ifNull;
  const values = (lookup(document, field.slice(1)) ?? otherwise) as string[];
  return values.some((value) => value.includes($map.in.$gte[0].$indexOfCP[1].$literal));
}

/** Whether the filter matches the document. */
export function matches(document: Value, filter: Filter): boolean {
  return Object.entries(filter).every(([name, condition]) => {
    if (name === '$and') return (condition as Filter[]).every((each) => matches(document, each));
    if (name === '$or') return (condition as Filter[]).some((each) => matches(document, each));
    if (name === '$nor') return !(condition as Filter[]).some((each) => matches(document, each));
    if (name === '$expr') return expression(document, condition as Node);
    return satisfies(lookup(document, name), condition as Node);
  });
}
