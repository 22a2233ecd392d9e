/** What the engine is told about a person: birth, doses given, observations. No FHIR; dates are ISO texts. */

export interface Patient {
  /** YYYY-MM-DD; of YYYY-MM or YYYY the first possible day counts, and the result says so. */
  readonly birthDate: string;
  /** F, M, female or male in any letter case; anything else counts as Unknown. */
  readonly gender?: string;
  /** Such as US, USA or U.S.; absent: unknown. */
  readonly countryOfBirth?: string;
}

/** One vaccine dose administered, or something recorded as one. */
export interface Dose {
  /** Unique among the doses of the request; comes back with every evaluation of this dose. */
  readonly id: string;
  /** Date administered: YYYY-MM-DD, or less if no more is known. */
  readonly date: string;
  readonly cvx: string;
  /** Manufacturer; UNK says no more than none at all. */
  readonly mvx?: string;
  /** Trade name, compared where the schedule asks for a product and the manufacturer is not known. */
  readonly tradeName?: string;
  /** Millilitres administered. */
  readonly volume?: number;
  /** Expiration date of the lot: YYYY-MM-DD, or YYYY-MM for the end of that month (CALCDTLOTEXP-1). */
  readonly lotExpirationDate?: string;
  /** The dose condition flag of the specification: recalled, sub-potent, a break of the cold chain. */
  readonly isSubPotent?: boolean;
  /** Refused (`not-done`) and erroneous entries are no doses. Absent: completed. */
  readonly status?: 'completed' | 'not-done' | 'entered-in-error';
}

/** A CDSi observation of the patient: an indication, a contraindication, evidence of immunity. */
export interface Observation {
  /** CDSi observation code, three digits. */
  readonly code: string;
  /** When it was observed or began; absent: active, at an unknown date. */
  readonly date?: string;
  /** When it ended; it is active up to and including this day. */
  readonly endDate?: string;
}

/** How the seasons of the schedule are read when a release is older or newer than the assessment. */
export type SeasonReading = 'literal' | 'projected';

/** Whether two records of one vaccine type on one day are one dose told twice, or two doses. */
export type DuplicateReading = 'merged' | 'kept';

export interface ForecastRequest {
  readonly patient: Patient;
  readonly doses: readonly Dose[];
  readonly observations?: readonly Observation[];
  /** The "today" of the forecast, YYYY-MM-DD: the engine has no clock. */
  readonly assessmentDate: string;
  /** `projected` (the default) moves seasons by whole years to the assessment date; `literal` takes them as published. */
  readonly seasons?: SeasonReading;
  /** `merged` (the default) takes a vaccine type told twice on one day as one dose; `kept` where each record is a dose. */
  readonly duplicates?: DuplicateReading;
  /** Country that an unknown country of birth counts as (default US, as CDC's test cases assume). */
  readonly assumedCountryOfBirth?: string;
}
