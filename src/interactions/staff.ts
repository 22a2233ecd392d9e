/** Who settles what is unclear about people: the registry's staff, and whoever has no account (AUTH=none). */
import type { Actor } from '../core/context.ts';
import { Denied } from '../policy/decide.ts';
import { isRegistryStaff } from '../policy/roles.ts';

export const isStaff = ({ role }: Actor): boolean => isRegistryStaff(role);

/** @throws Denied */
export function staffOnly(actor: Actor): void {
  if (!isStaff(actor)) throw new Denied('beyond_scope');
}
