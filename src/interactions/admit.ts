/** Whether a write stays within what its caller was granted: what it leaves must meet the filter it is made under. */
import { Denied } from '../policy/decide.ts';
import type { Stored } from '../storage/store.ts';
import type { Unit } from '../storage/write.ts';
import type { Target } from './condition.ts';
import type { Rooms } from './rooms.ts';

/**
 * Checks what an interaction would leave. What is in a record because of what it is about is not placed yet; see
 * checkPlaced().
 * @throws Denied
 */
export function checkAdmitted(rooms: Rooms, { ask, grant, type }: Target, stored: Stored): void {
  if (rooms.catalog.get(type)?.recordOf !== undefined) return;
  if (!grant.admits(ask.interaction, type, stored)) throw new Denied('beyond_scope');
}

/** @throws Denied for what, once it is in its record, lies beyond the grant */
export function checkPlaced(rooms: Rooms, { ask, grant }: Omit<Target, 'type'>, unit: Unit): void {
  for (const write of unit) {
    if (write.do === 'delete' || rooms.catalog.get(write.in)?.recordOf === undefined) continue;
    const interaction = ask.interaction === 'transaction' ? INTERACTIONS[write.do] : ask.interaction;
    if (!grant.admits(interaction, write.in, write.doc as Stored)) throw new Denied('beyond_scope');
  }
}

const INTERACTIONS = { insert: 'create', replace: 'update' } as const;
