/**
 * By which rules the keys of a type are extracted, as hashes: a document whose keys were extracted by others is
 * found by that, and a parameter whose rules are new is not searched by before all documents have its keys.
 */
import { createHash } from 'node:crypto';
import type { ResourceEntry, SearchParameter } from '../catalog/define.ts';
import type { Named } from './asked.ts';
import { indexedOf } from './named.ts';

/**
 * How each kind extracts keys, counted up whenever the code of a kind makes other keys of the same values (a test
 * tells when it does).
 */
const EXTRACTION: Readonly<Record<SearchParameter['kind'], number>> = {
  token: 1,
  string: 1,
  date: 2,
  reference: 1,
  uri: 1,
  number: 1,
  quantity: 1,
  composite: 1,
};

/** Not the name of a parameter: whose record a resource is part of, and who has custody of it. */
export const RECORD = '(record)';
/** Neither: by which keys candidates of one person are found. */
export const BLOCKS = '(blocks)';

/** The rules of a type, by parameter, and of all together. */
export interface Rules {
  readonly byName: Readonly<Record<string, string>>;
  readonly all: string;
}

const HASH_LENGTH = 12;
const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, HASH_LENGTH);

/** What of a parameter has no part in its keys. */
function extracted({ parameter, hot, sortable }: Named): unknown {
  const { canonical: _canonical, selective: _selective, ...rest } = parameter;
  const kinds =
    parameter.kind === 'composite' ? parameter.components.map(({ kind }) => EXTRACTION[kind]) : [];
  return [rest, hot, sortable, EXTRACTION[parameter.kind], kinds];
}

const known = new WeakMap<ResourceEntry, Rules>();

/** The rules by which the catalog's entry has keys extracted. */
export function rulesOf(entry: ResourceEntry): Rules {
  const before = known.get(entry);
  if (before !== undefined) return before;
  const { patient, recordOf = [], custodians = [], blocking } = entry;
  const byName = Object.fromEntries([
    [RECORD, hashOf([patient, recordOf, custodians])],
    ...(blocking === undefined ? [] : [[BLOCKS, hashOf(blocking)] as const]),
    ...indexedOf(entry).map((named) => [named.name, hashOf(extracted(named))] as const),
  ]);
  const rules = { byName, all: hashOf(byName) };
  known.set(entry, rules);
  return rules;
}
