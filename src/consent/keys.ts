/**
 * Keys of recipients: what a directive says of whom, and who asks, meet in them. A caller has a key for everybody,
 * one for its kind, one for each of its organizations, and each of these once more with its purpose of use.
 */
import type { Recipient } from '../jurisdictions/pack.ts';

/** Who asks, as far as directives tell callers apart. */
export interface Caller {
  readonly recipient: Recipient | undefined;
  /** Ids of its organizations. */
  readonly organizations: readonly string[];
  /** Its purpose of use and what that is a kind of (HL7 v3 ActReason). */
  readonly purposes: readonly string[];
  /** Leave to open what gives way to an emergency. */
  readonly emergency?: boolean;
}

export const EVERYBODY = '*';
export const EMERGENCY = 'emergency';
export const organizationKey = (id: string): string => `org/${id}`;

/** The key of somebody for one purpose. */
export const withPurpose = (key: string, purpose: string): string => `${key} for ${purpose}`;

/** All keys of a caller. */
export function keysOf({ recipient, organizations, purposes, emergency = false }: Caller): string[] {
  const own = [
    EVERYBODY,
    ...(recipient === undefined ? [] : [recipient]),
    ...organizations.map(organizationKey),
  ];
  const purposed = own.flatMap((key) => purposes.map((purpose) => withPurpose(key, purpose)));
  return [...own, ...purposed, ...(emergency ? [EMERGENCY] : [])];
}
