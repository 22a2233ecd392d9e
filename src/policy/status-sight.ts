/**
 * Whose statuses a caller sees of a person: the registry's staff all, everybody else that with the own organisation and
 * that with the jurisdiction. A list of the providers of a child would tell where it is.
 */
import type { Actor } from '../core/context.ts';
import type { StatusSight } from '../status/status.ts';
import type { Known } from './known.ts';
import { isRegistryStaff } from './roles.ts';

/** The organisation that the caller is of: as it is known now, else as its token says. */
export const ownOrganization = (actor: Actor, known: Pick<Known, 'organizations'>): string | undefined =>
  known.organizations[0]?._id.slice('organization:'.length) ?? actor.organization;

export const statusSight = (actor: Actor, known: Pick<Known, 'organizations'>): StatusSight =>
  isRegistryStaff(actor.role) ? 'all' : { organization: ownOrganization(actor, known) };
