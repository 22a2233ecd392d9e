/**
 * Parameters that no key is kept for, because they are true of a resource only beside the others of its record that the
 * caller may see (catalog: `derived`). Here it is read what was asked; interactions/derived.ts works it out.
 */
import type { ResourceEntry } from '../catalog/define.ts';
import type { QueryPair } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import type { Criteria } from './criteria.ts';

/** @throws Failure `invalid-value` for what is neither true nor false, or is asked twice */
export function derivedOf(
  { derived = {} }: ResourceEntry,
  pairs: readonly QueryPair[],
): Readonly<Record<string, boolean>> {
  const asked = pairs.filter(([name]) => Object.hasOwn(derived, name));
  const values = Object.fromEntries(asked);
  if (Object.keys(values).length < asked.length)
    fail('invalid-value', 'A parameter that is worked out is asked once.');
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, flagOf(name, value)]));
}

function flagOf(name: string, value: string): boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  return fail('invalid-value', `The parameter "${name}" is true or false.`);
}

/** No index serves them: another criterion leads to few resources first. */
export const withDerived = (criteria: Criteria, derived: Readonly<Record<string, boolean>>): Criteria => ({
  ...criteria,
  unserved: [...criteria.unserved, ...Object.keys(derived)],
});
