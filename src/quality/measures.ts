/** What is told of the data of a sender, from rows: how fast, how complete, how old; no person is in it. */
import { valuesAt } from '../fhir/path.ts';

const DIGITS = 10_000;

/** The middle one, or between the two in the middle; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** A part of a whole from 0 to 1, to four digits; undefined of nothing. */
export const share = (part: number, whole: number): number | undefined =>
  whole === 0 ? undefined : Math.round((part / whole) * DIGITS) / DIGITS;

/** How many values are at most so great, as a share. */
export const shareWithin = (values: readonly number[], most: number): number | undefined =>
  share(values.filter((value) => value <= most).length, values.length);

/** Which of the fields, written from the resource (`Immunization.lotNumber`), a resource has. */
export const filledIn = (resource: unknown, fields: readonly string[]): readonly string[] =>
  fields.filter((field) => valuesAt(resource, field.slice(field.indexOf('.') + 1)).length > 0);
