/**
 * What is compared of two people and in how many degrees. The last degree of each field says that it cannot be
 * compared and weighs nothing.
 */
export const FIELDS = {
  /** `swapped`: given and family name stand in each other's place. `unnamed`: one of the two has only a placeholder. */
  given: ['same', 'nickname', 'typo', 'alike', 'part', 'swapped', 'different', 'unnamed', 'missing'],
  middle: ['same', 'initial', 'alike', 'one-only', 'different', 'missing'],
  /** `former`: a name of before. `part`: one of two family names. `mothers`: the maiden name of the other's mother. */
  family: ['same', 'former', 'typo', 'part', 'mothers', 'alike', 'different', 'missing'],
  suffix: ['same', 'one-only', 'different', 'missing'],
  /** `transposed`: digits, or day and month, changed places. `typo`: one digit. `near`: within a month, or a year off. */
  birthDate: ['same', 'transposed', 'typo', 'near', 'partial', 'different', 'missing'],
  sex: ['same', 'different', 'missing'],
  birthOrder: ['same', 'different', 'missing'],
  place: ['same', 'alike', 'area', 'different', 'missing'],
  phone: ['same', 'different', 'missing'],
  email: ['same', 'different', 'missing'],
  mothersMaidenName: ['same', 'alike', 'different', 'missing'],
  mother: ['same', 'alike', 'different', 'missing'],
  /** `clash`: two numbers of one system, which mostly numbers a person once. */
  identifier: ['same', 'clash', 'missing'],
  secret: ['same', 'typo', 'different', 'missing'],
} as const satisfies Record<string, readonly string[]>;

export type Field = keyof typeof FIELDS;
export type Level<F extends Field> = (typeof FIELDS)[F][number];

export const FIELD_NAMES = Object.keys(FIELDS) as readonly Field[];

/** How two people compare, field by field. */
export type Comparison = { readonly [F in Field]: Level<F> };
