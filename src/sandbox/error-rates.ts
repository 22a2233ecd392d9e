/**
 * How often what kind of mistake is made when a person or a dose is reported a second time, fixed beforehand:
 * matching is judged by what it finds among them. A rate is of those to whom the mistake can happen.
 */

/** Mistakes in who a person is. They are made in this order. */
export const IDENTITY_ERRORS = {
  /** A newborn reported by the hospital before it has a name. */
  'baby-name': 0.6,
  nickname: 0.2,
  'maiden-name': 0.2,
  'middle-missing': 0.4,
  'middle-initial': 0.3,
  'suffix-missing': 0.5,
  'given-typo': 0.05,
  'family-typo': 0.05,
  /** Of those with two family names: one of them alone. */
  'family-shortened': 0.3,
  /** Of those with a hyphen in the name: a space instead. */
  'hyphen-dropped': 0.35,
  'names-swapped': 0.015,
  'birth-date-transposed': 0.04,
  'birth-date-off': 0.02,
  'sex-wrong': 0.005,
  'former-address': 0.35,
  'address-missing': 0.06,
  'street-written-otherwise': 0.15,
  'phone-changed': 0.2,
  'phone-missing': 0.2,
  'mothers-name-missing': 0.45,
  'accents-dropped': 0.6,
  'upper-case': 0.12,
} as const;

export type IdentityError = keyof typeof IDENTITY_ERRORS;

/** How many people are on file more than once. */
export const RECORD_RATES = {
  /** Of all people: a second record by another organisation. */
  second: 0.08,
  /** Of those: a third. */
  third: 0.12,
} as const;

/** What happens to doses as they are reported. */
export const DOSE_RATES = {
  /** Of doses given by one who reports: reported again from elsewhere on the same record. */
  again: 0.05,
  /** Of doses on a first record: on a second record too. */
  copied: 0.45,
  /** Of doses given here: known only from elsewhere. */
  'known-only': 0.06,
  /** Of doses before the person came to the state, or long ago: on file at all. */
  kept: 0.85,
  /** Of doses reported from elsewhere: */
  'day-off': 0.12,
  'days-off': 0.04,
  unspecified: 0.3,
  'month-only': 0.015,
  'year-only': 0.005,
} as const;

export type DoseError = 'day-off' | 'days-off' | 'unspecified' | 'month-only' | 'year-only';
