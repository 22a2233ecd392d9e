/**
 * What policy must know of the one who asks, read from the primary for this one request and never kept: a suspension
 * or the end of a relationship counts from the next request on, on every node.
 */

/** Facts of the moment; rules judge by them and by the ask, and by nothing else. */
export interface Known {
  /** The civil day on which it is asked, YYYY-MM-DD. */
  readonly today: string;
}

/** Of one whom no account or relationship stands behind: the server itself, a developer without authorization. */
export const nothingKnown = (today: string): Known => ({ today });

/** Reads what is to be known of an ask. */
export type Know<Ask> = (ask: Ask) => Promise<Known>;
