/**
 * Numbers as a search writes them: a value with its precision, and how a target must lie to it
 * (https://hl7.org/fhir/R4/search.html#number and #prefix).
 */
import type { Bounds } from './clause.ts';
import type { Ends } from './lead.ts';

const NUMBER = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?([+-]?\d{1,17})(?:\.(\d{1,17}))?(?:[eE]([+-]?\d{1,2}))?$/;
/** R4 advises that `ap` is within a tenth of the value. */
const APPROXIMATION = 0.1;

interface Written {
  readonly prefix: string;
  readonly value: number;
  /** The numbers that are written so: `100` is from 99.5 on and below 100.5. */
  readonly from: number;
  readonly below: number;
}

/** What a search value says; undefined for what is no number. */
function written(text: string): Written | undefined {
  const parts = NUMBER.exec(text);
  if (parts === null) return undefined;
  const [, prefix = 'eq', whole = '', decimals = '', power] = parts;
  // By R4's example `1e2` is from 95 to 105: it is read as 1.0e2.
  const part = power !== undefined && decimals === '' ? '0' : decimals;
  const scale = Number(power ?? 0) - part.length;
  const mantissa = BigInt(`${whole.replace('+', '')}${part}`);
  // Whole numbers and a power of ten, read by the engine as any decimal, so that no bound is off by a rounding.
  const at = (tenths: bigint): number => Number(`${mantissa * 10n + tenths}e${scale - 1}`);
  return { prefix, value: at(0n), from: at(-5n), below: at(5n) };
}

const approximately = (value: number): { lo: Bounds; hi: Bounds } => {
  const margin = Math.abs(value) * APPROXIMATION;
  return { lo: { lte: value + margin }, hi: { gte: value - margin } };
};

const COMPARISONS: Readonly<Record<string, (asked: Written) => Ends>> = {
  eq: ({ from, below }) => [{ lo: { gte: from }, hi: { lt: below } }],
  ne: ({ from, below }) => [{ lo: { lt: from } }, { hi: { gte: below } }],
  // The others take the value as it is, with no precision.
  gt: ({ value }) => [{ hi: { gt: value } }],
  lt: ({ value }) => [{ lo: { lt: value } }],
  ge: ({ value }) => [{ hi: { gt: value } }, { lo: { gte: value } }],
  le: ({ value }) => [{ lo: { lt: value } }, { hi: { lte: value } }],
  sa: ({ value }) => [{ lo: { gt: value } }],
  eb: ({ value }) => [{ hi: { lt: value } }],
  ap: ({ value }) => [approximately(value)],
};

/** How the ends of a target must lie that a number finds; undefined where the text is no number. */
export function endsOfNumber(text: string): Ends | undefined {
  const asked = written(text);
  return asked && COMPARISONS[asked.prefix]?.(asked);
}
