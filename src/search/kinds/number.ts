/** Number search (https://hl7.org/fhir/R4/search.html#number). */
import type { NumberParameter } from '../../catalog/define.ts';
import { numberOf } from '../../fhir/json.ts';
import { refuseModifier, refuseValue, type Asked, type Written } from '../asked.ts';
import { anyOf, type Clause } from '../clause.ts';
import { endsOfNumber } from '../decimal.ts';
import { unescaped } from '../escape.ts';
import type { Interval } from '../keys.ts';

/** A number is a stretch without length. */
export const intervalsOfNumbers = (values: readonly unknown[]): readonly Interval[] =>
  values
    .map(numberOf)
    .filter((each) => each !== undefined)
    .map((each) => ({ lo: each, hi: each }));

export function index(name: string, values: readonly unknown[]): Written {
  const intervals = intervalsOfNumbers(values);
  const [first] = intervals;
  return first === undefined ? {} : { index: { [name]: intervals }, sort: first.lo };
}

export function compile(asked: Asked<NumberParameter>): Clause {
  if (asked.modifier !== undefined) return refuseModifier(asked);
  const ends = asked.values.flatMap(
    (value) => endsOfNumber(unescaped(value)) ?? refuseValue(asked, 'a number, after a prefix such as ge'),
  );
  return anyOf(ends.map((each) => ({ op: 'interval', field: `index.${asked.name}`, many: true, ...each })));
}
