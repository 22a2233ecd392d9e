/** What is compared of a person: names, birth, contact and numbers, folded once so that comparing is cheap. */

/** A name that the person goes or went by, folded. */
export interface PersonName {
  /** The first given name; absent where none, or only a placeholder such as "Baby Boy", was written. */
  readonly given?: string;
  /** Whether a placeholder was written: there is a child that has no name yet, where a missing name says nothing. */
  readonly placeholder?: true;
  /** Further given names, one word each. */
  readonly middle: readonly string[];
  readonly family?: string;
  /** `jr`, `sr`, `2`, `3` … */
  readonly suffix?: string;
}

/** Where a person lives or lived, taken apart and folded. */
export interface Place {
  readonly number?: string;
  /** The street without number and flat, its kind in short (`walnut st`). */
  readonly street?: string;
  readonly city?: string;
  /** The first five digits of a ZIP code. */
  readonly zip?: string;
}

export interface PersonIdentifier {
  readonly system: string;
  readonly value: string;
}

/** A person as one record describes him or her. Lists are empty where nothing is known. */
export interface Person {
  /** The first is the one in use. */
  readonly names: readonly PersonName[];
  /** `YYYY-MM-DD`, or less where no more is known. */
  readonly birthDate?: string;
  readonly sex?: 'female' | 'male';
  readonly places: readonly Place[];
  /** Ten digits where the number has as many. */
  readonly phones: readonly string[];
  readonly emails: readonly string[];
  readonly identifiers: readonly PersonIdentifier[];
  /** Numbers of the whole population (social security), as written or as a keyed hash, whichever the caller has for both sides. */
  readonly secrets: readonly string[];
  readonly mothersMaidenName?: string;
  /** The mother's first given name. */
  readonly mother?: string;
  /** Place among twins and triplets, from 1. */
  readonly birthOrder?: number;
}
