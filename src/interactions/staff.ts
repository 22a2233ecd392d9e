/** Who settles what is unclear about people: the registry's staff, and whoever has no account (AUTH=none). */
import type { Actor } from '../core/context.ts';
import { Denied } from '../policy/decide.ts';
import { hasNoAccount } from '../policy/roles.ts';

const STAFF: ReadonlySet<string> = new Set(['registry-staff', 'registry-manager']);

export const isStaff = ({ role }: Actor): boolean => hasNoAccount(role) || STAFF.has(role);

/** @throws Denied */
export function staffOnly(actor: Actor): void {
  if (!isStaff(actor)) throw new Denied('beyond_scope');
}
