/**
 * How the evidence that two reports are of one dose is weighed: window, weights and limits. Defaults after the
 * vaccination-level de-duplication guideline of MIROW (AIRA, 2006), as weighted by NIST
 * (https://github.com/usnistgov/vaccination_deduplication, 0133d784).
 */
export interface DoseRules {
  /** Reports further apart are never of one dose. */
  readonly windowDays: number;
  /** Balanced scores above are of one dose, below `differentBelow` of two, between for a person. */
  readonly duplicateAbove: number;
  readonly differentBelow: number;
  readonly weights: {
    readonly source: Readonly<Record<'bothHistorical' | 'bothAdministered' | 'absent' | 'oneOfEach', number>>;
    readonly lot: Shared;
    readonly cvx: Shared;
    readonly product: Shared;
    readonly organization: Shared;
    /** By days between the dates; the last for all that are further apart. */
    readonly days: readonly number[];
  };
  /** Further apart, reports without a lot in common are left to a person: series such as rabies are as close. */
  readonly aloneWithinDays: number;
}

type Shared = Readonly<Record<'same' | 'different' | 'absent', number>>;

export const DOSE_RULES: DoseRules = {
  windowDays: 23,
  duplicateAbove: 0.6,
  differentBelow: 0.4,
  weights: {
    source: { bothHistorical: 15, bothAdministered: -7, absent: 15, oneOfEach: 60 },
    lot: { same: 45, different: -25, absent: 25 },
    cvx: { same: 50, different: 5, absent: 15 },
    product: { same: 35, different: -5, absent: 20 },
    organization: { same: 25, different: 10, absent: 15 },
    days: [80, 65, 50, 43, 38, 30, 23],
  },
  aloneWithinDays: 7,
};
