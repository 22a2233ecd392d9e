/** Basic: what the registry keeps and R4 has no resource for. */
import { ALL_INTERACTIONS, date, reference, token, type ResourceEntry } from '../define.ts';
import { ASSERTERS } from '../shared.ts';

export const basic = {
  type: 'Basic',
  profiles: [],
  interactions: ALL_INTERACTIONS,
  patient: ['subject', 'author'],
  search: {
    author: reference('author', ...ASSERTERS, 'Organization'),
    code: token('code', 'CodeableConcept'),
    created: date('created'),
    identifier: token('identifier', 'Identifier'),
    patient: reference('subject', 'Patient'),
    subject: reference('subject'),
  },
} as const satisfies ResourceEntry;
