/** Quantity search: a number, and its unit if one is asked for (https://hl7.org/fhir/R4/search.html#quantity). */
import type { QuantityParameter } from '../../catalog/define.ts';
import { numberOf } from '../../fhir/json.ts';
import { refuseModifier, refuseValue, type Asked, type Written } from '../asked.ts';
import { anyOf, type Clause } from '../clause.ts';
import { endsOfNumber } from '../decimal.ts';
import { cutAt, unescaped } from '../escape.ts';
import { bounded } from '../key.ts';
import type { Interval } from '../keys.ts';
import type { Ends } from '../lead.ts';
import { textOf } from '../values.ts';

type Node = Readonly<Record<string, unknown>>;

/** What a search may call the unit: `system|code`, `system|`, and `|` with the code or the unit as it is written. */
function unitKeys(quantity: unknown): readonly string[] {
  const [system, code, unit] = ['system', 'code', 'unit'].map((name) => textOf(quantity, name));
  const bare = [code, unit].flatMap((each) => (each === undefined ? [] : [`|${each}`]));
  const full =
    system === undefined ? [] : [`${system}|`, ...(code === undefined ? [] : [`${system}|${code}`])];
  return [...new Set([...bare, ...full].map(bounded))];
}

/** A comparator says that the value is not known, but on which side of a number it is. */
function withComparator(value: number, comparator: string | undefined): Interval {
  if (comparator?.startsWith('<') === true) return { lo: -Infinity, hi: value };
  return comparator?.startsWith('>') === true ? { lo: value, hi: Infinity } : { lo: value, hi: value };
}

/** Of a Range, an end that is left open has no end. */
function rangeOf({ low, high }: Node): Interval | undefined {
  const [lo, hi] = [low, high].map((end) => numberOf((end as Node | undefined)?.['value']));
  if (lo === undefined && hi === undefined) return undefined;
  return { lo: lo ?? -Infinity, hi: hi ?? Infinity, keys: unitKeys(low ?? high) };
}

/** Sampled data reach from the least to the greatest sample; letters among them are errors and limits. */
function sampledOf({ origin, factor, data }: Node): Interval | undefined {
  const zero = numberOf((origin as Node).value);
  const samples = String(data).split(' ').map(Number).filter(Number.isFinite);
  if (zero === undefined || samples.length === 0) return undefined;
  const scaled = samples.map((sample) => zero + sample * (numberOf(factor) ?? 1));
  return { lo: Math.min(...scaled), hi: Math.max(...scaled), keys: unitKeys(origin) };
}

function intervalOf(value: unknown): Interval | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const node = value as Node;
  if (typeof node['origin'] === 'object' && node['origin'] !== null) return sampledOf(node);
  if (node['low'] !== undefined || node['high'] !== undefined) return rangeOf(node);
  const amount = numberOf(node['value']);
  return amount === undefined
    ? undefined
    : { ...withComparator(amount, textOf(value, 'comparator')), keys: unitKeys(value) };
}

/** Stretches of numbers with their units: of Quantity and its kinds, Range and SampledData. */
export const intervalsOfQuantities = (values: readonly unknown[]): readonly Interval[] =>
  values.map(intervalOf).filter((each) => each !== undefined);

export function index(name: string, values: readonly unknown[]): Written {
  const intervals = intervalsOfQuantities(values);
  return intervals.length === 0 ? {} : { index: { [name]: intervals } };
}

/** What a quantity asks: how the ends lie, and the key of the unit. */
export interface AskedQuantity {
  readonly ends: Ends;
  readonly unit?: string;
}

/** `number`, `number|system|code` or `number||unit`; undefined for what is no quantity. */
export function askedQuantity(text: string): AskedQuantity | undefined {
  const [value = '', system, code, ...more] = cutAt('|', text).map(unescaped);
  const ends = endsOfNumber(value);
  if (ends === undefined || more.length > 0 || (system !== undefined && code === undefined)) return undefined;
  return system === undefined || `${system}${code ?? ''}` === ''
    ? { ends }
    : { ends, unit: bounded(`${system}|${code ?? ''}`) };
}

export function compile(asked: Asked<QuantityParameter>): Clause {
  if (asked.modifier !== undefined) return refuseModifier(asked);
  const clauses = asked.values.flatMap((value) => {
    const quantity =
      askedQuantity(value) ?? refuseValue(asked, 'a quantity is number, number|system|code or number||unit');
    return quantity.ends.map((each): Clause => ({
      op: 'interval',
      field: `index.${asked.name}`,
      many: true,
      ...each,
      ...(quantity.unit !== undefined && { key: quantity.unit }),
    }));
  });
  return anyOf(clauses);
}
