/** Which kind of recipient a role is, in the eyes of directives. */
import type { Recipient } from '../jurisdictions/pack.ts';

const KINDS: Readonly<Record<string, Recipient>> = {
  provider: 'provider',
  'provider-read-only': 'provider',
  school: 'school',
  'child-care': 'child-care',
  'health-plan': 'health-plan',
  'exchange-partner': 'other-registry',
  'registry-staff': 'public-health',
  'registry-manager': 'public-health',
  'vital-records': 'public-health',
  epidemiologist: 'public-health',
  auditor: 'privacy',
  'privacy-officer': 'privacy',
  researcher: 'researcher',
  patient: 'patient',
  guardian: 'guardian',
  // A server without authorization has one caller, who keeps it; the server itself derives from whole records.
  developer: 'public-health',
  system: 'public-health',
};

/** Undefined for a role that no directive knows: it has only what is closed to nobody. */
export const recipientOf = (role: string): Recipient | undefined =>
  Object.hasOwn(KINDS, role) ? KINDS[role] : undefined;
