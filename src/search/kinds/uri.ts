/** Uri search: whole URIs, by case, character for character (https://hl7.org/fhir/R4/search.html#uri). */
import type { UriParameter } from '../../catalog/define.ts';
import { refuseModifier, type Asked, type Written } from '../asked.ts';
import type { Clause } from '../clause.ts';
import { unescaped } from '../escape.ts';
import { keyOf } from '../key.ts';

export function index(name: string, _parameter: UriParameter, values: readonly unknown[]): Written {
  const uris = values.filter((value) => typeof value === 'string');
  return { tokens: uris.map((each) => keyOf(name, each)), ...(uris[0] !== undefined && { sort: uris[0] }) };
}

export function compile(asked: Asked<UriParameter>): Clause {
  if (asked.modifier !== undefined) return refuseModifier(asked);
  return {
    op: 'in',
    field: 'tokens',
    keys: asked.values.map((value) => keyOf(asked.name, unescaped(value))),
  };
}
