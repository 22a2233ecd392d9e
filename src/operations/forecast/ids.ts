/** Ids of what is derived: the same for the same thing, whoever computes it and however often (as UUIDs of RFC 9562, version 8). */
import { createHash } from 'node:crypto';

/** An id made of what the thing is. */
export function idFor(...parts: readonly string[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const LONGEST_ID = 64;
const MARK_LENGTH = 20;

/**
 * An id of what one caller sees, which is not stored: it ends in the patient's id, by which it is found again. A
 * patient's id that is too long leaves a hash, which only a search finds.
 */
export function sightId(patient: string, ...parts: readonly string[]): string {
  const whole = createHash('sha256')
    .update(JSON.stringify([patient, ...parts]))
    .digest('hex');
  const id = `${whole.slice(0, MARK_LENGTH)}.${patient}`;
  return id.length <= LONGEST_ID ? id : whole;
}

/** The patient of an id that sightId() made. */
export const patientOfSight = (id: string): string | undefined =>
  id[MARK_LENGTH] === '.' ? id.slice(MARK_LENGTH + 1) : undefined;
