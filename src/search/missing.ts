/** `:missing`: whether a resource has any value for a parameter (https://hl7.org/fhir/R4/search.html#modifiers). */
import { refuseValue, type Asked } from './asked.ts';
import type { Clause } from './clause.ts';

/** Where the parameter's values would be. */
function presence({ name }: Asked): Clause {
  if (name === '_id') return { op: 'exists', field: '_id', exists: true };
  if (name === '_lastUpdated') return { op: 'exists', field: 'lastUpdated', exists: true };
  const indexed: Clause = { op: 'exists', field: `index.${name}`, exists: true };
  // A value with nothing to be asked for, or asked for by a modifier only, leaves a key as well.
  const keyed: Clause = { op: 'prefix', field: 'tokens', prefixes: [`${name}=`, `${name}:`] };
  return { op: 'or', of: [indexed, keyed] };
}

export function compileMissing(asked: Asked): Clause {
  const [value, ...more] = asked.values;
  if (more.length > 0 || (value !== 'true' && value !== 'false')) {
    return refuseValue(asked, ':missing is true or false');
  }
  return value === 'false' ? presence(asked) : { op: 'not', of: presence(asked) };
}
