/**
 * The equality keys that all token, reference, uri and text parameters share one index with: `parameter=key`,
 * or `parameter:modifier=key` for what only a modifier asks.
 */
import { createHash } from 'node:crypto';
import { KEY_MAX } from './limits.ts';

const HASH_LENGTH = 22;

/** The same text at a length an index can hold; BSON has no lone surrogates, so that they are replaced here. */
export function bounded(text: string): string {
  const sound = text.toWellFormed();
  if (sound.length <= KEY_MAX) return sound;
  const hash = createHash('sha256').update(sound).digest('base64url').slice(0, HASH_LENGTH);
  return `${sound.slice(0, KEY_MAX - HASH_LENGTH - 1).toWellFormed()}#${hash}`;
}

/** The key of a value under a parameter's name (with its modifier, if it is asked by one). */
export function keyOf(name: string, value: string): string {
  return `${name}=${bounded(value)}`;
}
