/** What a resource is found by: the keys written beside it, for every parameter of its type. */
import type { ResourceEntry } from '../catalog/define.ts';
import type { Found } from '../fhir/path.ts';
import type { Named, Written } from './asked.ts';
import { keyOf } from './key.ts';
import { LONG } from './lead.ts';
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
import { usualKeys } from './usual.ts';
import { datesAmong, foundAt, textOf, valuesOf } from './values.ts';

function written({ name, parameter, hot, sortable }: Named, found: readonly Found[]): Written {
  const values = found.map(({ value }) => value);
  switch (parameter.kind) {
    case 'token':
      return token.index(name, parameter, values);
    case 'string':
      return string.index({ name, parameter, hot }, values);
    case 'date':
      return date.index({ name, parameter, sortable }, datesAmong(found));
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
function present({ name, parameter }: Named, { tokens = [], index }: Written): readonly string[] {
  const isThere = tokens.length > 0 || index !== undefined;
  // The element of a composite may be the resource itself, which is always there.
  return isThere || parameter.kind === 'composite' ? tokens : [keyOf(name, '')];
}

/** What is not there may have a key as well: a flag that is not set. */
const isWritten = ({ parameter }: Named, found: readonly Found[]): boolean =>
  found.length > 0 || (parameter.kind === 'token' && parameter.of === 'presence');

/** Ids of the type that the paths refer to on this server; `id` is the resource's own. */
function idsAt(resource: unknown, paths: readonly string[], type: string): readonly string[] {
  const ids = valuesOf(resource, paths).flatMap((value) => {
    // Text beside references (a Task's input) is no id; only a Patient's own is.
    if (typeof value === 'string') return paths.includes('id') ? [value] : [];
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
  const beside = new Set<string>();
  const index: Record<string, Keys['index'][string]> = {};
  const sort: Record<string, string | number> = {};
  for (const named of indexedOf(entry)) {
    const found = foundAt(resource, named.parameter.paths);
    if (!isWritten(named, found)) continue;
    const keys = written(named, found);
    const usual = usualKeys(named);
    for (const key of present(named, keys)) (usual.has(key) ? beside : tokens).add(key);
    Object.assign(index, keys.index);
    if (named.sortable && keys.sort !== undefined) sort[named.name] = keys.sort;
    if (keys.isLong === true) sort[`${named.name}:long`] = LONG;
  }
  return {
    tokens: [...tokens],
    ...(beside.size > 0 && { beside: [...beside] }),
    index,
    sort,
    patients: idsAt(resource, entry.patient, 'Patient'),
    custodians: idsAt(resource, entry.custodians ?? [], 'Organization'),
    rules: rulesOf(entry).all,
  };
}
