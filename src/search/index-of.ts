/** What a resource is found by: the keys written beside it, for every parameter of its type. */
import type { ResourceEntry } from '../catalog/define.ts';
import type { Named, Written } from './asked.ts';
import { keyOf } from './key.ts';
import type { Keys } from './keys.ts';
import * as composite from './kinds/composite.ts';
import * as date from './kinds/date.ts';
import * as number from './kinds/number.ts';
import * as quantity from './kinds/quantity.ts';
import * as reference from './kinds/reference.ts';
import * as string from './kinds/string.ts';
import * as token from './kinds/token.ts';
import * as uri from './kinds/uri.ts';
import { indexedOf } from './named.ts';
import { rulesOf } from './rules.ts';
import { datesOf, textOf, valuesOf } from './values.ts';

function written(
  { name, parameter, hot, sortable }: Named,
  resource: unknown,
  values: readonly unknown[],
): Written {
  switch (parameter.kind) {
    case 'token':
      return token.index(name, parameter, values);
    case 'string':
      return string.index({ name, parameter, hot }, values);
    case 'date':
      return date.index({ name, parameter, sortable }, datesOf(resource, parameter.paths));
    case 'reference':
      return reference.index(name, parameter, values);
    case 'uri':
      return uri.index(name, parameter, values);
    case 'number':
      return number.index(name, values);
    case 'quantity':
      return quantity.index(name, values);
    case 'composite':
      return composite.index(name, parameter, values);
  }
}

/** That there is a value, though nothing that could be asked for: `:missing` must know. */
function present({ name, parameter }: Named, found: Written, values: readonly unknown[]): readonly string[] {
  const tokens = found.tokens ?? [];
  const isThere = tokens.length > 0 || found.index !== undefined;
  // The element of a composite may be the resource itself, which is always there.
  return isThere || values.length === 0 || parameter.kind === 'composite' ? tokens : [keyOf(name, '')];
}

/** Ids of the type that the paths refer to on this server; `id` is the resource's own. */
function idsAt(resource: unknown, paths: readonly string[], type: string): readonly string[] {
  const ids = valuesOf(resource, paths).flatMap((value) => {
    if (typeof value === 'string') return [value];
    const target = reference.targetOf(textOf(value, 'reference') ?? '');
    return target?.type === type && target.server === '' ? [target.id] : [];
  });
  return [...new Set(ids)];
}

/**
 * The keys of a resource, to be stored beside it. References to this server must be relative by then: an
 * absolute URL counts as another server's.
 */
export function keysOf(entry: ResourceEntry, resource: unknown): Keys {
  const tokens = new Set<string>();
  const index: Record<string, Keys['index'][string]> = {};
  const sort: Record<string, string | number> = {};
  for (const named of indexedOf(entry)) {
    const values = valuesOf(resource, named.parameter.paths);
    const found = written(named, resource, values);
    for (const key of present(named, found, values)) tokens.add(key);
    Object.assign(index, found.index);
    if (named.sortable && found.sort !== undefined) sort[named.name] = found.sort;
  }
  return {
    tokens: [...tokens],
    index,
    sort,
    patients: idsAt(resource, entry.patient, 'Patient'),
    custodians: idsAt(resource, entry.custodians ?? [], 'Organization'),
    rules: rulesOf(entry).all,
  };
}
