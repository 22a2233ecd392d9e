/** Documents and clauses that have much in common, so that clauses are true as often as not. */
import fc from 'fast-check';
import type { Bounds, Clause, OrderKey, Scalar } from '../../src/search/clause.ts';
import type { Interval, Keyed } from '../../src/search/keys.ts';

const text = fc.constantFrom(
  '',
  'a',
  'ab',
  'abc',
  'b',
  'é',
  'z\uffff',
  '\u{1f600}',
  '\ud7ff',
  '\ue000',
  'p=a',
  'p=ab',
  'p:x=a',
  'q=1',
);
const someTexts = fc.array(text, { maxLength: 4 });
const instant = fc.integer({ min: -3, max: 3 });
const interval = fc
  .tuple(instant, instant)
  .map(([a, b]): Interval => ({ lo: Math.min(a, b), hi: Math.max(a, b) }));
const withKeys = fc
  .tuple(interval, fc.option(someTexts, { nil: undefined }))
  .map(([each, keys]): Interval => ({ ...each, ...(keys && { keys }) }));

const id = fc.constantFrom('a', 'b', 'c', 'A', '-1');
const time = instant.map((at) => new Date(at));
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const without = (record: object): object =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

export const keyed: fc.Arbitrary<Keyed> = fc
  .record({
    _id: id,
    lastUpdated: time,
    tokens: someTexts,
    patients: fc.array(id, { maxLength: 2 }),
    custodians: fc.array(id, { maxLength: 1 }),
    name: maybe(fc.array(text, { minLength: 1, maxLength: 3 })),
    date: maybe(interval),
    dates: maybe(fc.array(withKeys, { minLength: 1, maxLength: 3 })),
    sortDate: maybe(instant),
    sortName: maybe(text),
  })
  .map(({ name, date, dates, sortDate, sortName, ...rest }) => ({
    ...rest,
    index: without({ 'na-me': name, date, dates }) as Keyed['index'],
    sort: without({ date: sortDate, name: sortName }) as Keyed['sort'],
  }));

function boundsOf<T extends Scalar>(value: fc.Arbitrary<T>): fc.Arbitrary<Bounds<T>> {
  const ends = fc.record({ gt: value, gte: value, lt: value, lte: value }, { requiredKeys: [] });
  return ends;
}

const arrays = fc.constantFrom('tokens', 'index.na-me', 'patients', 'index.absent');
const fields = fc.oneof(arrays, fc.constantFrom('_id', 'custodians', 'secretKeys'));
const ranges: fc.Arbitrary<Clause> = fc.oneof(
  boundsOf(instant).map((within): Clause => ({ op: 'range', field: 'sort.date', within })),
  boundsOf(text).map((within): Clause => ({ op: 'range', field: 'sort.name', within })),
  boundsOf(time).map((within): Clause => ({ op: 'range', field: 'lastUpdated', within })),
  boundsOf(id).map((within): Clause => ({ op: 'range', field: '_id', within })),
);

const ORDERS: Readonly<Record<string, fc.Arbitrary<Scalar | undefined>>> = {
  'sort.date': maybe(instant),
  'sort.name': maybe(text),
  lastUpdated: time,
};

/** An order, and a place in it. */
export const after: fc.Arbitrary<Extract<Clause, { op: 'after' }>> = fc
  .tuple(fc.subarray(Object.keys(ORDERS)), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
  .chain(([names, directions]) => {
    const keys = [...names, '_id'].map((field, at): OrderKey => ({
      field,
      descending: directions[at] ?? false,
    }));
    const place = fc.tuple(...names.map((name) => ORDERS[name] ?? fc.constant(undefined)), id);
    return place.map((at) => ({ op: 'after' as const, keys, place: at }));
  });

const leaf: fc.Arbitrary<Clause> = fc.oneof(
  fc.record({ op: fc.constantFrom('in' as const, 'not-in' as const), field: fields, keys: someTexts }),
  fc.record({
    op: fc.constantFrom('in' as const, 'not-in' as const),
    field: fc.constantFrom('_id', 'patients'),
    keys: fc.array(id),
  }),
  fc.record({ op: fc.constant('prefix' as const), field: arrays, prefixes: someTexts }),
  fc.record({ op: fc.constant('contains' as const), field: arrays, text }),
  fc.record({
    op: fc.constant('interval' as const),
    field: fc.constant('index.date'),
    many: fc.constant(false),
    lo: boundsOf(instant),
    hi: boundsOf(instant),
  }),
  fc.record(
    {
      op: fc.constant('interval' as const),
      field: fc.constant('index.dates'),
      many: fc.constant(true),
      lo: boundsOf(instant),
      hi: boundsOf(instant),
      key: text,
    },
    { requiredKeys: ['op', 'field', 'many', 'lo', 'hi'] },
  ),
  fc.record({
    op: fc.constant('exists' as const),
    field: fc.constantFrom('index.date', 'index.dates', 'sort.name', 'secretKeys', '_id'),
    exists: fc.boolean(),
  }),
  ranges,
  after,
  fc.constant({ op: 'none' as const }),
);

export const clause: fc.Arbitrary<Clause> = fc.letrec<{ clause: Clause }>((tie) => ({
  clause: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.record({
      op: fc.constantFrom('and' as const, 'or' as const),
      of: fc.array(tie('clause'), { maxLength: 3 }),
    }),
    fc.record({ op: fc.constant('not' as const), of: tie('clause') }),
  ),
})).clause;
