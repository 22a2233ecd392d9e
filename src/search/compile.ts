/** Clauses as a MongoDB filter. Values are only ever operands; no regular expression is made of them. */
import type { Clause, OrderKey, Scalar } from './clause.ts';

export type Filter = Record<string, unknown>;
type Of<Op extends Clause['op']> = Extract<Clause, { op: Op }>;

const EVERYTHING: Filter = {};
const nothing = (): Filter => ({ _id: { $in: [] } });

function all(filters: readonly Filter[]): Filter {
  const telling = filters.filter((filter) => Object.keys(filter).length > 0);
  const [only, ...more] = telling;
  if (only === undefined) return EVERYTHING;
  return more.length === 0 ? only : { $and: telling };
}

function any(filters: readonly Filter[]): Filter {
  const [only, ...more] = filters;
  if (only === undefined) return nothing();
  return more.length === 0 ? only : { $or: filters };
}

function memberOf({ field, keys }: Of<'in'>): Filter {
  if (keys.length === 0) return nothing();
  return { [field]: keys.length === 1 ? { $eq: keys[0] } : { $in: keys } };
}

const SURROGATES_BEGIN = 0xd7ff;
const AFTER_SURROGATES = 0xe000;
const LAST = 0x10ffff;

/** The first text in byte order that no longer begins with the prefix; none for a prefix of last characters. */
function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === LAST) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  return String.fromCodePoint(...points, last === SURROGATES_BEGIN ? AFTER_SURROGATES : last + 1);
}

/** `$elemMatch` binds both ends to one value, which an index on an array needs to read a single range. */
function beginning(field: string, prefix: string): Filter {
  const end = afterPrefix(prefix);
  return { [field]: { $elemMatch: { $gte: prefix, ...(end !== undefined && { $lt: end }) } } };
}

/** The index of the text in each value, until one has it. */
function containing({ field, text }: Of<'contains'>): Filter {
  const place = { $indexOfCP: ['$$value', { $literal: text }] };
  const values = { $ifNull: [`$${field}`, []] };
  return { $expr: { $anyElementTrue: [{ $map: { input: values, as: 'value', in: { $gte: [place, 0] } } }] } };
}

/** `{ gte: 1 }` as `{ $gte: 1 }`. */
const operators = (bounds: object): Filter =>
  Object.fromEntries(Object.entries(bounds).map(([name, value]) => [`$${name}`, value as unknown]));

/** Without bounds, that there is a value at all. */
function within(field: string, bounds: object): Filter {
  const operands = operators(bounds);
  return { [field]: Object.keys(operands).length === 0 ? { $exists: true } : operands };
}

function interval({ field, many, lo = {}, hi = {}, key }: Of<'interval'>): Filter {
  const ends = Object.entries({ lo, hi })
    .filter(([, bounds]) => Object.keys(bounds).length > 0)
    .map(([end, bounds]): [string, Filter] => [end, operators(bounds)]);
  const conditions = [...ends, ...(key === undefined ? [] : [['keys', { $eq: key }] as const])];
  if (conditions.length === 0) return { [field]: { $exists: true } };
  return many
    ? { [field]: { $elemMatch: Object.fromEntries(conditions) } }
    : Object.fromEntries(conditions.map(([end, operands]) => [`${field}.${end}`, operands]));
}

/** What comes after a value of the first key; what has none comes first of all, or last in descending order. */
function beyond({ field, descending }: OrderKey, at: Scalar | undefined): Filter {
  if (at === undefined) return descending ? nothing() : { [field]: { $ne: null } };
  return { [field]: descending ? { $not: { $gte: at } } : { $gt: at } };
}

/** The keys before the last are equal, the last is beyond: one such condition for each key. */
function after({ keys, place }: Of<'after'>): Filter {
  const branches = keys.map((key, at) => {
    const equal = keys.slice(0, at).map(({ field }, before) => ({ [field]: { $eq: place[before] ?? null } }));
    return all([...equal, beyond(key, place[at])]);
  });
  return all([notBefore(keys, place), any(branches)]);
}

/** The same of the first key alone: a single range, with which an index can begin to read. */
function notBefore([key]: readonly OrderKey[], [at]: readonly (Scalar | undefined)[]): Filter {
  if (key === undefined || at === undefined) return EVERYTHING;
  return { [key.field]: key.descending ? { $not: { $gt: at } } : { $gte: at } };
}

/** A document without entries at all was never placed in a record, and nobody sees it by way of this clause. */
const sighted = ({ keys, day }: Of<'sighted'>): Filter => ({
  visibility: {
    $exists: true,
    $not: {
      $elemMatch: { from: { $lte: day }, to: { $gt: day }, hits: { $in: keys }, spares: { $nin: keys } },
    },
  },
});

/** The filter that finds the documents a clause means. */
export function compile(clause: Clause): Filter {
  switch (clause.op) {
    case 'in':
      return memberOf(clause);
    case 'not-in':
      return { [clause.field]: { $nin: clause.keys } };
    case 'prefix':
      return any(clause.prefixes.map((prefix) => beginning(clause.field, prefix)));
    case 'contains':
      return containing(clause);
    case 'interval':
      return interval(clause);
    case 'range':
      return within(clause.field, clause.within);
    case 'after':
      return after(clause);
    case 'exists':
      return { [clause.field]: { $exists: clause.exists } };
    case 'sighted':
      return sighted(clause);
    default:
      return compileJoined(clause);
  }
}

function compileJoined(clause: Of<'not' | 'and' | 'or' | 'none'>): Filter {
  switch (clause.op) {
    case 'not':
      return { $nor: [compile(clause.of)] };
    case 'and':
      return all(clause.of.map(compile));
    case 'or':
      return any(clause.of.map(compile));
    case 'none':
      return nothing();
  }
}
