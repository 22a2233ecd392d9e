/**
 * Ids of resources (FHIR `id`: https://hl7.org/fhir/R4/datatypes.html#id).
 * New ids are UUID version 7 (RFC 9562): they rise with time, so that inserts touch the newest pages of an
 * index and not one page each.
 */
import { randomFillSync } from 'node:crypto';

export type NewId = () => string;

const ID = /^[A-Za-z0-9\-.]{1,64}$/;

/** Whether the text may be a FHIR id. */
export function isId(text: string): boolean {
  return ID.test(text);
}

const ID_BYTES = 16;
/** Random bytes are drawn for many ids at once: a draw costs about the same for one as for hundreds. */
const POOL_BYTES = ID_BYTES * 256;

/** Makes ids whose first 48 bits are the clock's milliseconds and whose other bits are random. */
export function idsFrom(now: () => Date): NewId {
  const pool = Buffer.allocUnsafeSlow(POOL_BYTES);
  let at = POOL_BYTES;
  return () => {
    if (at === POOL_BYTES) {
      randomFillSync(pool);
      at = 0;
    }
    const bytes = pool.subarray(at, at + ID_BYTES);
    at += ID_BYTES;
    bytes.writeUIntBE(now().getTime(), 0, 6);
    bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}

const TIME_DIGITS = 12;

/** The least id that is made from an instant on: what comes before it was made before. */
export function idFrom(instant: Date): string {
  const time = instant.getTime().toString(16).padStart(TIME_DIGITS, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}`;
}

/** When an id was made that idsFrom() made. */
export const timeOfId = (id: string): Date => new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
