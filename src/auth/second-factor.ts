/** Codes of an authenticator app: six digits that change every half minute (TOTP, RFC 6238). */
import { Secret, TOTP } from 'otpauth';

/** The secret that the app and the server share, in base 32. */
export type Factor = string;

const PERIOD = 30;
const BYTES = 20;
/** Steps around the present one that count, for clocks that differ (RFC 6238, 5.2). */
const WINDOW = 1;

export const newFactor = (): Factor => new Secret({ size: BYTES }).base32;

const totpOf = (factor: Factor, account: string): TOTP =>
  new TOTP({ issuer: 'fhir-iis', label: account, secret: Secret.fromBase32(factor), period: PERIOD });

/** What the app reads from the picture. */
export const factorAddress = (factor: Factor, account: string): string => totpOf(factor, account).toString();

/**
 * The step of time whose code this is, undefined for a code that is none of now. A step is good once: who asks keeps it
 * (RFC 6238, 5.2).
 */
export function stepOf(factor: Factor, code: string, now: Date): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const timestamp = now.getTime();
  const delta = totpOf(factor, '').validate({ token: code, timestamp, window: WINDOW });
  return delta === null ? undefined : Math.floor(timestamp / 1000 / PERIOD) + delta;
}
