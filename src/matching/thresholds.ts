/** From how much evidence on two records are one person's, in bits; the measured effect is in docs/matching.md. */
export interface Thresholds {
  /** From here on two records are one person's. */
  readonly matchFrom: number;
  /** From here on a person looks at it; below they are of two. */
  readonly reviewFrom: number;
  /** So much better than the next candidate must the best be, or it is ambiguous which of them it is. */
  readonly ahead: number;
}

export const THRESHOLDS: Thresholds = { matchFrom: 1, reviewFrom: -7, ahead: 7 };
