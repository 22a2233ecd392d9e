/** Every reason for which policy refuses, in the words that the caller gets. A denial is a code, never free text. */
export const DENIALS = {
  insufficient_scope: 'The token has no scope for this interaction on this type; ask for one that has it.',
} as const satisfies Readonly<Record<string, string>>;

export type Denial = keyof typeof DENIALS;
