/** All keys that are kept beside a resource: those it is searched by, and of a person those it is matched by. */
import type { Patient } from '@medplum/fhirtypes';
import type { ResourceEntry } from '../catalog/define.ts';
import { blocksOf } from '../matching/blocking.ts';
import { keysOf } from '../search/index-of.ts';
import type { Keys } from '../search/keys.ts';

/** The keys of a resource in its stored form: secrets are masked by then, and have keys of their own. */
export function documentKeys(entry: ResourceEntry, resource: unknown): Keys {
  const keys = keysOf(entry, resource);
  return entry.blocking === undefined ? keys : { ...keys, blocks: blocksOf(resource as Patient) };
}
