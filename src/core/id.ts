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

/** Makes ids whose first 48 bits are the clock's milliseconds and whose other bits are random. */
export function idsFrom(now: () => Date): NewId {
  const bytes = Buffer.allocUnsafe(16);
  return () => {
    randomFillSync(bytes);
    bytes.writeUIntBE(now().getTime(), 0, 6);
    bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}
