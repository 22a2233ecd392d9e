/** What R4 says of the element that a search parameter reads: its data types, and whether it repeats. */
import { definitions } from '../fhir/definitions.ts';

export interface Element {
  readonly types: readonly string[];
  /** Whether it, or one that it is in, may be there more than once. */
  readonly repeats: boolean;
}

/** The element at a path of a type; undefined where R4 does not say (an extension, one side of a choice). */
export function elementAt(type: string, path: string): Element | undefined {
  let found: Element = { types: [type], repeats: false };
  for (const name of path.split('.')) {
    const row = definitions.get(found.types[0] ?? '')?.elements[name];
    if (row === undefined) return undefined;
    found = { types: row.types, repeats: found.repeats || row.list === true };
  }
  return found;
}
