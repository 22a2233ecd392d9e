/** What a suite says of itself in docs/conformance.md, which scripts/conformance.ts writes from suites.ts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where this server decides otherwise than what it is held against; the decision has a test or is a fact. */
export interface Deviation {
  /** The rule, requirement or case, as its source names it. */
  readonly of: string;
  readonly decision: string;
  readonly reason: string;
}

export interface Suite {
  readonly title: string;
  /** What the server is held against, and where that comes from. */
  readonly against: string;
  /** The command that runs the suite. */
  readonly command: string;
  /** What passes, from the tables and names of the suite's own tests. */
  readonly passes: string;
  readonly deviations: readonly Deviation[];
  /** What passes one by one, where a reader would look it up. */
  readonly table?: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

export const ROOT = join(import.meta.dirname, '../..');
export const jest = (...paths: readonly string[]): string =>
  `NODE_OPTIONS=--experimental-vm-modules npx jest ${paths.join(' ')}`;

/** The names of the tests in a file, as they stand in it. */
export function testsIn(path: string): readonly string[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return [...text.matchAll(/^\s*test(?:\.each\([\s\S]*?\))?\(\s*(['`])((?:\\.|(?!\1).)*)\1/gm)].map(
    ([, , name = '']) => name.replaceAll(/\\(.)/g, '$1'),
  );
}
