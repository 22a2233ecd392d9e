/** Every reason for which policy refuses, in the words that the caller gets. A denial is a code, never free text. */
export const DENIALS = {
  insufficient_scope: 'The token has no scope for this interaction on this type; ask for one that has it.',
  beyond_scope: 'The token has scopes for this type, but what would be written lies beyond what they open.',
  masked:
    'Parts of these resources are hidden from you, so that you cannot change them; report anew instead.',
  privacy_staff_only: 'This is for the privacy staff of the registry.',
  not_party_to_directive:
    'Who files or withdraws this directive is the person, its guardian or another whom the jurisdiction names, for its own patient.',
} as const satisfies Readonly<Record<string, string>>;

export type Denial = keyof typeof DENIALS;

/** Denials that a token with more scopes would not have met (RFC 6750, 3.1). */
export const OF_SCOPES: ReadonlySet<Denial> = new Set(['insufficient_scope', 'beyond_scope']);
