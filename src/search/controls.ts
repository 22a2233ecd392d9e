/** The parameters that say how a search answers, and not what it finds (https://hl7.org/fhir/R4/search.html#return). */
import { fail } from '../core/failure.ts';
import { COUNT_DEFAULT, COUNT_MAX } from './limits.ts';

const SUMMARIES = ['true', 'text', 'data', 'count', 'false'] as const;
export type Summary = (typeof SUMMARIES)[number];
const TOTALS = ['none', 'estimate', 'accurate'] as const;
type Total = (typeof TOTALS)[number];

/** The answer asked for. A count of none asks for the number of matches only. */
export interface Controls {
  readonly count: number;
  readonly total: Total;
  readonly summary?: Summary;
  readonly elements?: readonly string[];
  readonly sort?: string;
}

/** Parameters that may be given once. The door has read `_format` and `_pretty`; they are no criteria. */
const CONTROL_NAMES = [
  '_count',
  '_total',
  '_summary',
  '_elements',
  '_sort',
  '_contained',
  '_format',
  '_pretty',
] as const;
export type ControlName = (typeof CONTROL_NAMES)[number];
/** The value of each control that the query has. */
export type ControlValues = Readonly<Partial<Record<ControlName, string>>>;

export const isControl = (name: string): name is ControlName =>
  (CONTROL_NAMES as readonly string[]).includes(name);

function countOf(value: string | undefined): number {
  if (value === undefined) return COUNT_DEFAULT;
  if (!/^\d{1,9}$/.test(value)) fail('invalid-value', '"_count" is a whole number, 0 or greater.');
  return Math.min(Number(value), COUNT_MAX);
}

function oneOf<T extends string>(
  name: ControlName,
  known: readonly T[],
  value: string | undefined,
): T | undefined {
  if (value === undefined) return undefined;
  return (
    known.find((each) => each === value) ?? fail('invalid-value', `"${name}" is one of ${known.join(', ')}.`)
  );
}

const ELEMENT = /^[a-z][A-Za-z0-9]*(?:\.[a-z][A-Za-z0-9]*)*(?:\[x\])?$/;

function elementsOf(value: string | undefined): readonly string[] | undefined {
  const names = value?.split(',').map((name) => name.trim());
  if (names?.some((name) => !ELEMENT.test(name))) {
    fail('invalid-value', '"_elements" is a list of element names, separated by commas.');
  }
  return names;
}

/** @throws Failure `invalid-value` for a value that a control cannot take */
export function controlsOf(values: ControlValues): Controls {
  const summary = oneOf('_summary', SUMMARIES, values._summary);
  const elements = elementsOf(values._elements);
  oneOf('_contained', ['false'], values._contained);
  if (elements !== undefined && summary !== undefined && summary !== 'false') {
    fail('invalid-value', '"_elements" and "_summary" cannot both be asked.');
  }
  return {
    count: summary === 'count' ? 0 : countOf(values._count),
    total: oneOf('_total', TOTALS, values._total) ?? 'none',
    ...(summary !== undefined && { summary }),
    ...(elements !== undefined && { elements }),
    ...(values._sort !== undefined && { sort: values._sort }),
  };
}
