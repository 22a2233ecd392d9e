/** Constraints of R4's data types. https://hl7.org/fhir/R4/datatypes.html */
import { intervalOf } from '../../fhir/date.ts';
import { numberOf } from '../../fhir/json.ts';
import { isNode, listOf, type Node } from '../findings.ts';
import { excludes, has, hasChoice, needs, type Constraints, type Invariant } from './words.ts';

const isNotNegative = (key: string, name: string): Invariant => ({
  key,
  says: `${name} must not be negative`,
  holds: (node) => (numberOf(node[name]) ?? 0) >= 0,
});

/** Not after, or not to be told: partial dates may overlap. */
export const isOrdered = (first: unknown, last: unknown): boolean => {
  if (typeof first !== 'string' || typeof last !== 'string') return true;
  return (intervalOf(first)?.lo ?? -Infinity) <= (intervalOf(last)?.hi ?? Infinity);
};

const isLowToHigh = ({ low, high }: Node): boolean => {
  const from = isNode(low) ? numberOf(low['value']) : undefined;
  const to = isNode(high) ? numberOf(high['value']) : undefined;
  return from === undefined || to === undefined || from <= to;
};

const UCUM = 'http://unitsofmeasure.org';
const isUcum = ({ system }: Node): boolean => system === undefined || system === UCUM;
const quantity = needs('qty-3', 'code', 'system');

export const DATA_TYPES: Constraints = {
  Extension: [
    {
      key: 'ext-1',
      says: 'an extension has a value or extensions, not both',
      holds: (node) => has(node, 'extension') !== hasChoice(node, 'value'),
    },
  ],
  Attachment: [needs('att-1', 'data', 'contentType')],
  ContactPoint: [needs('cpt-2', 'value', 'system')],
  Period: [
    {
      key: 'per-1',
      says: 'the start must not be after the end',
      holds: ({ start, end }) => isOrdered(start, end),
    },
  ],
  Quantity: [quantity],
  SimpleQuantity: [quantity],
  Age: [
    quantity,
    {
      key: 'age-1',
      says: 'an age is positive and has a UCUM code',
      holds: (node) =>
        (has(node, 'code') || !has(node, 'value')) && isUcum(node) && (numberOf(node['value']) ?? 1) > 0,
    },
  ],
  Duration: [
    {
      key: 'drt-1',
      says: 'a coded duration has a value and is in UCUM',
      holds: (node) => !has(node, 'code') || (node['system'] === UCUM && has(node, 'value')),
    },
    quantity,
  ],
  Range: [{ key: 'rng-2', says: 'low must not be above high', holds: isLowToHigh }],
  Ratio: [
    {
      key: 'rat-1',
      says: 'numerator and denominator come together, or neither with an extension',
      holds: (node) =>
        has(node, 'numerator') === has(node, 'denominator') && has(node, 'numerator', 'extension'),
    },
  ],
  'Timing.repeat': [
    needs('tim-1', 'duration', 'durationUnit'),
    needs('tim-2', 'period', 'periodUnit'),
    isNotNegative('tim-4', 'duration'),
    isNotNegative('tim-5', 'period'),
    needs('tim-6', 'periodMax', 'period'),
    needs('tim-7', 'durationMax', 'duration'),
    needs('tim-8', 'countMax', 'count'),
    {
      key: 'tim-9',
      says: 'an offset needs a when, and one that is no meal',
      holds: (node) =>
        !has(node, 'offset') ||
        (has(node, 'when') &&
          !listOf(node['when']).some((when) => ['C', 'CM', 'CD', 'CV'].includes(String(when)))),
    },
    excludes('tim-10', 'timeOfDay', 'when'),
  ],
};
