/** Counts on the command line. */
import { InvalidArgumentError } from 'commander';

/** Reads a count from the command line. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
