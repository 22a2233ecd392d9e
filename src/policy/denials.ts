/** Every reason for which policy refuses, in the words that the caller gets. A denial is a code, never free text. */
export const DENIALS = {
  insufficient_scope: 'The token has no scope for this interaction on this type; ask for one that has it.',
  beyond_scope: 'The token has scopes for this type, but what would be written lies beyond what they open.',
  masked:
    'Parts of these resources are hidden from you, so that you cannot change them; report anew instead.',
  privacy_staff_only: 'This is for the privacy staff of the registry.',
  no_emergency_access: 'This jurisdiction has no emergency access.',
  emergency_of_people:
    'Emergency access is for a person who treats, signed on with a second factor, with the purpose ETREAT.',
  not_party_to_directive:
    'Who files or withdraws this directive is the person, its guardian or another whom the jurisdiction names, for its own patient.',
  not_enrolled: 'The program or person behind this token takes no part in this registry; enrol first.',
  not_approved: 'The registry has not approved this participant yet.',
  agreement_missing: 'The agreement of this participant has not been accepted yet ($accept-agreement).',
  not_trained: 'The training of this person has not been confirmed yet ($confirm-training).',
  lapsed: 'The participation was not renewed in time ($renew).',
  inactive: 'The access was not used for so long that it has to be reviewed ($request-reactivation).',
  suspended: 'The participant is suspended; the registry says why.',
  ended: 'The participation has ended.',
  role_changed: 'The token was given to another role than the participant has now; get a new one.',
  organization_changed: 'The token was given for another organisation than it is now; get a new one.',
  not_its_sender:
    'This program or person may send for its own organisation, for sites of it, and for those that let it ($add-sender).',
  no_organization: 'The role exists in organisations of certain kinds only, and this participant is in none.',
  no_such_purpose: 'The purpose of use of this token is none for which this registry is asked.',
  purpose_not_yours: 'The purpose of use of this token cannot be claimed by this role.',
  purpose_of_people: 'The purpose of use of this token is claimed by people only, not by programs.',
  beyond_role: 'The role does not have this interaction on this type.',
  beyond_purpose: 'The purpose of use of this token does not open this interaction on this type.',
  browsing:
    'Your purpose lets you look up a person, and not browse: name the patient, or search Patient by what the jurisdiction says is enough, such as an identifier, or a name and the birth date.',
  no_search: 'The purpose of use of this token opens no searches: read by id what you know of.',
  too_many_candidates: 'More people match than a search for one person may show; add criteria.',
  own_record_only:
    'A person asks for an amendment of the own record, or of one whom it acts for, by Patient/[id]/$request-amendment.',
  not_answerer:
    'A wish to amend a record is answered by the organization whose own the record is, or by the staff of the registry.',
  not_your_panel: 'The patients of a provider are shown to that provider, and to the staff of the registry.',
  not_manager: 'Your role does not manage participants of this kind, or not in this organisation.',
} as const satisfies Readonly<Record<string, string>>;

export type Denial = keyof typeof DENIALS;

/** Denials that a token with more scopes would not have met (RFC 6750, 3.1). */
export const OF_SCOPES: ReadonlySet<Denial> = new Set(['insufficient_scope', 'beyond_scope']);
