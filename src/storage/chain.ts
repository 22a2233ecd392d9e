/**
 * A chain of records: every record carries a keyed hash of itself and of the one before it, so that none can be
 * changed, left out, put in or moved by anybody who has the database and not the key. Its id is its place.
 */
import { hash, randomBytes } from 'node:crypto';
import type { Stored } from './store.ts';

/** A record that stands in a chain. */
export interface Chained extends Stored {
  /** HMAC-SHA-256 of the one before, the id and the text. */
  readonly chain: string;
}

/** Where a record stands: in which chain, and as which of it, from 0 on. */
export interface ChainPlace {
  readonly strand: string;
  readonly n: number;
}

/** What the ids of records look like. */
export const PLACE = /^([0-9a-f]{20})\.([0-9a-z]{8})$/;
const DIGITS = 8;
const RADIX = 36;

/** The id of a place: ids sort as their chains began (to the millisecond), and in a chain as its records stand. */
export const idAt = (strand: string, n: number): string =>
  `${strand}.${n.toString(RADIX).padStart(DIGITS, '0')}`;

/** The place that an id names; undefined for an id that is no place. */
export function placeOf(id: string): ChainPlace | undefined {
  const [, strand, n] = PLACE.exec(id) ?? [];
  return strand === undefined || n === undefined ? undefined : { strand, n: parseInt(n, RADIX) };
}

/** A new name, in the order of time; no two are the same. */
export const strandName = (now: Date): string =>
  now.getTime().toString(16).padStart(12, '0') + randomBytes(4).toString('hex');

/** The ids of a chain behind a place; without one, all of it. */
export const idsAfter = (strand: string, n = -1): { readonly $gt: string; readonly $lt: string } => ({
  $gt: n < 0 ? `${strand}.` : idAt(strand, n),
  // '/' comes right after '.'
  $lt: `${strand}/`,
});

/** The hash of a record behind the one with the hash `before`; the first of a chain stands behind its name. */
export type Link = (before: string, record: Pick<Stored, '_id' | 'json'>) => string;

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;

/**
 * Makes the linking with one key of 32 bytes. HMAC-SHA-256 as RFC 2104 writes it, of two hashes in one call each: a
 * createHmac() costs five times as much, and every access of the registry pays for one.
 */
export function linkerOf(key: Buffer): Link {
  const padded = (byte: number): Buffer =>
    Buffer.alloc(BLOCK_BYTES, byte).map((each, at) => each ^ (key[at] ?? 0)) as Buffer;
  const inner = padded(0x36);
  const outer = Buffer.concat([padded(0x5c), Buffer.alloc(HASH_BYTES)]);
  return (before, { _id, json }) => {
    const text = Buffer.from(`${before}\n${_id}\n${json}`);
    hash('sha256', Buffer.concat([inner, text]), 'buffer').copy(outer, BLOCK_BYTES);
    return hash('sha256', outer, 'base64url');
  };
}
