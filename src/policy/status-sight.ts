/**
 * Whose statuses a caller sees of a person: the registry's staff all, everybody else that with the own organisation and
 * that with the jurisdiction. A list of the providers of a child would tell where it is.
 */
import type { Actor } from '../core/context.ts';
import type { StatusSight } from '../status/status.ts';
import { ownOrganization, type Known } from './known.ts';
import { isRegistryStaff } from './roles.ts';

export const statusSight = (actor: Actor, known: Pick<Known, 'organizations'>): StatusSight =>
  isRegistryStaff(actor.role) ? 'all' : { organization: ownOrganization(actor, known) };
