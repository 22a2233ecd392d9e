/** How somebody signed on (RFC 8176, "Authentication Method Reference Values"). */

const SECOND_FACTORS: ReadonlySet<string> = new Set(['otp', 'mfa', 'hwk']);

/** Whether the words of a sign-on tell of a second factor; what is no list of words tells of none. */
export const tellsSecondFactor = (amr: unknown): boolean =>
  Array.isArray(amr) && amr.some((word) => typeof word === 'string' && SECOND_FACTORS.has(word));
