/** Whether a write stays within what its caller was granted: what it leaves must meet the filter it is made under. */
import type { Interaction } from '../core/context.ts';
import { Denied, type Grant } from '../policy/decide.ts';
import { holds } from '../search/holds.ts';
import type { Stored } from '../storage/store.ts';
import type { Unit } from '../storage/write.ts';
import type { Target } from './condition.ts';
import type { Rooms } from './rooms.ts';

/** Whether the grant shows the document. */
export const isShown = (grant: Grant, interaction: Interaction, type: string, stored: Stored): boolean =>
  grant.may(interaction, type) &&
  grant.for(interaction, type).filter.every((clause) => holds(clause, stored));

/**
 * Checks what an interaction would leave. What is in a record because of what it is about is not placed yet; see
 * checkPlaced().
 * @throws Denied
 */
export function checkAdmitted(rooms: Rooms, { ask, grant, type }: Target, stored: Stored): void {
  if (rooms.catalog.get(type)?.recordOf !== undefined) return;
  if (!isShown(grant, ask.interaction, type, stored)) throw new Denied('beyond_scope');
}

/** @throws Denied for what, once it is in its record, lies beyond the grant */
export function checkPlaced(rooms: Rooms, { ask, grant }: Omit<Target, 'type'>, unit: Unit): void {
  for (const write of unit) {
    if (write.do === 'delete' || rooms.catalog.get(write.in)?.recordOf === undefined) continue;
    const interaction = ask.interaction === 'transaction' ? INTERACTIONS[write.do] : ask.interaction;
    if (!isShown(grant, interaction, write.in, write.doc as Stored)) throw new Denied('beyond_scope');
  }
}

const INTERACTIONS = { insert: 'create', replace: 'update' } as const;
