/** Binary: the bytes of a document. It has no search parameter of its own, and is reached through what refers to it. */
import type { ResourceEntry } from '../define.ts';

export const binary = {
  type: 'Binary',
  profiles: [],
  interactions: ['read', 'vread', 'create', 'update', 'delete', 'history-instance'],
  patient: ['securityContext'],
  search: {},
} as const satisfies ResourceEntry;
