/** Composite search: two values of one element together (https://hl7.org/fhir/R4/search.html#combining). */
import type {
  Component,
  CompositeParameter,
  DateParameter,
  NumberParameter,
  QuantityParameter,
  ReferenceParameter,
  StringParameter,
  TokenParameter,
} from '../../catalog/define.ts';
import { intervalOfValue } from '../../fhir/date.ts';
import { refuseModifier, refuseValue, type Asked, type Written } from '../asked.ts';
import { anyOf, NOTHING, type Clause } from '../clause.ts';
import { endsOfNumber } from '../decimal.ts';
import { cutAt, unescaped } from '../escape.ts';
import { bounded, keyOf } from '../key.ts';
import type { Interval } from '../keys.ts';
import type { Ends } from '../lead.ts';
import { WHOLE_MAX } from '../limits.ts';
import { datesAmong, foundAt, valuesOf } from '../values.ts';
import { endsOf } from './date.ts';
import { intervalsOfNumbers } from './number.ts';
import { askedQuantity, intervalsOfQuantities } from './quantity.ts';
import * as reference from './reference.ts';
import { foldedOf, searchedTexts } from './string.ts';
import { fold } from '../fold.ts';
import * as token from './token.ts';

const escaped = (key: string): string => key.replaceAll('$', '\\$');
/** Keys of both values, as one. */
const pair = (first: string, second: string): string => `${escaped(first)}$${escaped(second)}`;

/** The keys of a component that is looked up by equality, or by its beginning. */
function keysOf(component: Component, values: readonly unknown[]): readonly string[] {
  switch (component.kind) {
    case 'token':
      return values.flatMap((value) => token.keysOfValue(component.of, value));
    case 'reference':
      return values.flatMap((value) => reference.literalKeys(component, value));
    case 'string':
      return values.flatMap((value) => searchedTexts(component.of, value)).map(fold);
    default:
      return [];
  }
}

/** The stretches of a component that has an order. */
function intervalsOf({ kind, paths }: Component, element: unknown): readonly Interval[] {
  switch (kind) {
    case 'date':
      return datesAmong(foundAt(element, paths))
        .map(intervalOfValue)
        .filter((each) => each !== undefined);
    case 'number':
      return intervalsOfNumbers(valuesOf(element, paths));
    case 'quantity':
      return intervalsOfQuantities(valuesOf(element, paths));
    default:
      return [];
  }
}

/** A stretch is asked with the first value alone, or with its unit too. */
function withFirst(firsts: readonly string[], { lo, hi, keys = [] }: Interval): Interval {
  return {
    lo,
    hi,
    keys: firsts.flatMap((first) => [first, ...keys.map((key) => pair(first, key))]).map(bounded),
  };
}

export function index(
  name: string,
  { components: [first, second] }: CompositeParameter,
  elements: readonly unknown[],
): Written {
  const all = elements.map((element) => {
    const firsts = keysOf(first, valuesOf(element, first.paths));
    const values = valuesOf(element, second.paths);
    return {
      tokens: firsts.flatMap((one) => keysOf(second, values).map((other) => keyOf(name, pair(one, other)))),
      intervals:
        firsts.length === 0 ? [] : intervalsOf(second, element).map((each) => withFirst(firsts, each)),
    };
  });
  const intervals = all.flatMap((each) => each.intervals);
  return {
    tokens: all.flatMap(({ tokens }) => tokens),
    ...(intervals.length > 0 && { index: { [name]: intervals } }),
  };
}

/** What one component is asked, as its own kind reads it. */
const part = <P extends Component>(asked: Asked, parameter: P, value: string): Asked<P> => ({
  ...asked,
  parameter,
  values: [value],
});

function firstKeys(asked: Asked<CompositeParameter>, value: string): readonly string[] {
  const [first] = asked.parameter.components;
  if (first.kind === 'reference')
    return reference.keysAsked(part<ReferenceParameter>(asked, first, value), value);
  return [token.keyOfAlternative(part<TokenParameter>(asked, first, value), value)].flatMap(
    (key) => key ?? [],
  );
}

/** What the second component asks, beside a key of the first. */
type Beside = (first: string) => readonly Clause[];

function second(asked: Asked<CompositeParameter>, value: string): Beside {
  const [, component] = asked.parameter.components;
  switch (component.kind) {
    case 'string':
      return begins(asked, foldedOf(part<StringParameter>(asked, component, value), value));
    case 'date':
      return lies(asked, endsOf(part<DateParameter>(asked, component, value), value));
    case 'number':
    case 'quantity':
      return lies(asked, ...askedNumber(part(asked, component, value), value));
    case 'reference':
      return equals(asked, reference.keysAsked(part<ReferenceParameter>(asked, component, value), value));
    case 'token':
      return equals(
        asked,
        [token.keyOfAlternative(part<TokenParameter>(asked, component, value), value)].flatMap(
          (key) => key ?? [],
        ),
      );
  }
}

const equals =
  ({ name }: Asked, keys: readonly string[]): Beside =>
  (first) => [{ op: 'in', field: 'tokens', keys: keys.map((key) => keyOf(name, pair(first, key))) }];

const begins =
  (asked: Asked, text: string): Beside =>
  (first) => {
    const prefix = pair(first, text);
    if (prefix.length > WHOLE_MAX) refuseValue(asked, `its parts have at most ${WHOLE_MAX} characters`);
    return [{ op: 'prefix', field: 'tokens', prefixes: [keyOf(asked.name, prefix)] }];
  };

const lies =
  ({ name }: Asked, ends: Ends, unit?: string): Beside =>
  (first) => {
    const key = bounded(unit === undefined ? first : pair(first, unit));
    return ends.map((each) => ({ op: 'interval', field: `index.${name}`, many: true, ...each, key }));
  };

function askedNumber(asked: Asked<NumberParameter | QuantityParameter>, value: string): [Ends, string?] {
  const refuse = (): never => refuseValue(asked, 'its second part is no number');
  if (asked.parameter.kind === 'number') return [endsOfNumber(unescaped(value)) ?? refuse()];
  const { ends, unit } = askedQuantity(value) ?? refuse();
  return unit === undefined ? [ends] : [ends, unit];
}

export function compile(asked: Asked<CompositeParameter>): Clause {
  if (asked.modifier !== undefined) return refuseModifier(asked);
  const clauses = asked.values.flatMap((value) => {
    const [one = '', other = '', ...more] = cutAt('$', value);
    if (one === '' || other === '' || more.length > 0) {
      return refuseValue(asked, 'two values are joined by a dollar sign');
    }
    return firstKeys(asked, one).flatMap(second(asked, other));
  });
  return clauses.length === 0 ? NOTHING : anyOf(clauses);
}
