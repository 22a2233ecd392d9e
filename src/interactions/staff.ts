/** Who settles what is unclear about people: the registry's staff, and whoever no token speaks for (AUTH=none). */
import type { Actor } from '../core/context.ts';
import { Denied } from '../policy/decide.ts';

const STAFF: ReadonlySet<string> = new Set(['registry-staff', 'registry-manager']);

export const isStaff = ({ role, scopes }: Actor): boolean => scopes === undefined || STAFF.has(role);

/** @throws Denied */
export function staffOnly(actor: Actor): void {
  if (!isStaff(actor)) throw new Denied('beyond_scope');
}
