/**
 * The one reader of JSON from outside: nothing doubtful comes in, and decimals keep the digits they were sent
 * with (`1.50` stays `1.50`: https://hl7.org/fhir/R4/json.html#primitive).
 */
import { isUtf8 } from 'node:buffer';
import { fail } from '../core/failure.ts';
import { scan } from './json-scan.ts';

/** A number whose source text differs from what JavaScript would write for it; made by JSON.parse, frozen. */
export interface KeptNumber {
  readonly rawJSON: string;
}

declare global {
  // TypeScript's library does not yet know https://tc39.es/proposal-json-parse-with-source/ (in Node since 22).
  interface JSON {
    rawJSON(text: string): KeptNumber;
    isRawJSON(value: unknown): value is KeptNumber;
    parse(
      text: string,
      reviver: (name: string, value: unknown, context: { source?: string }) => unknown,
    ): unknown;
  }
}

export interface JsonLimits {
  /** How many objects and arrays may be open at once. */
  readonly depth: number;
}

/** FHIR's own types nest about ten deep, a Bundle of resources with contained ones about twice that. */
export const JSON_LIMITS: JsonLimits = { depth: 64 };

/**
 * The text that the bytes write in UTF-8, the one encoding of FHIR JSON.
 *
 * @throws Failure `malformed` where the bytes are no UTF-8
 */
export function decodeUtf8(bytes: Buffer): string {
  return isUtf8(bytes)
    ? bytes.toString('utf8')
    : fail('malformed', 'The body is not UTF-8. Send FHIR JSON in UTF-8.');
}

function keep(_name: string, value: unknown, context: { source?: string }): unknown {
  const { source } = context;
  return typeof value === 'number' && source !== undefined && source !== String(value)
    ? JSON.rawJSON(source)
    : value;
}

/**
 * Reads JSON as JSON.parse does, save that numbers which JavaScript would write otherwise (1.50, 1e2, -0, more
 * than 17 digits) are kept as they are: see `numberOf`. `serialize` writes them back digit by digit.
 *
 * @throws Failure `malformed` for text that is not JSON, a name twice in one object, `__proto__`, half a
 *   surrogate pair, a byte-order mark or too much depth; with line and column, without content
 */
export function parseJson(text: string, limits: JsonLimits = JSON_LIMITS): unknown {
  return scan(text, limits.depth).keepsDigits ? JSON.parse(text, keep) : (JSON.parse(text) as unknown);
}

/** Writes a value that `parseJson` read, or made of such values; kept numbers come out as they went in. */
export function serialize(value: object): string {
  return JSON.stringify(value);
}

/** Whether the value is a number kept in its own digits. Such a value is one, not an object to walk into or copy. */
export function isKeptNumber(value: unknown): value is KeptNumber {
  return JSON.isRawJSON(value);
}

/** The number that a JSON value is, kept or plain; undefined for all else. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return isKeptNumber(value) ? Number(value.rawJSON) : undefined;
}
