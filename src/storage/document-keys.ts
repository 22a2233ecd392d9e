/** All keys that are kept beside a resource: those it is searched by, and of a person those it is matched by. */
import type { Patient } from '@medplum/fhirtypes';
import type { ResourceEntry } from '../catalog/define.ts';
import { blocksOf } from '../matching/blocking.ts';
import { keysOf } from '../search/index-of.ts';
import type { Keys } from '../search/keys.ts';

const NOTHING = { tokens: [], index: {}, sort: {}, blocks: [] } as const;

/** The keys of a resource in its stored form: secrets are masked by then, and have keys of their own. */
export function documentKeys(entry: ResourceEntry, resource: unknown): Keys {
  const keys = keysOf(entry, resource);
  if (entry.blocking === undefined) return keys;
  const person = resource as Patient;
  // A record that another has taken the place of is found by its id alone.
  const isReplaced = person.link?.some(({ type }) => type === 'replaced-by') ?? false;
  return isReplaced ? { ...keys, ...NOTHING } : { ...keys, blocks: blocksOf(person) };
}
