/** By which rules a standing was made: it is made anew where they have changed. */
import { createHash } from 'node:crypto';
import type { Pack } from '../jurisdictions/pack.ts';

/** Raised when the same rules would come to other restrictions. */
const READING = 1;
const keys = new WeakMap<Pack, string>();

/** A digest of the pack and of how this server reads it. */
export function packKey(pack: Pack): string {
  const key =
    keys.get(pack) ??
    createHash('sha256')
      .update(JSON.stringify([READING, pack]))
      .digest('base64url');
  keys.set(pack, key);
  return key;
}
