/** The `mongod` that the operator names. What is named is used or refused, never passed over. */
import { resolve } from 'node:path';
import { probe } from '../version.ts';
import type { Source } from './source.ts';

/** A path, absolute or from the working directory, or a bare name to be looked up on the PATH. */
export function named(binary: string): Source {
  const path = binary.includes('/') ? resolve(binary) : binary;
  return { name: `MONGOD_BINARY (${path})`, seek: () => probe(path) };
}
