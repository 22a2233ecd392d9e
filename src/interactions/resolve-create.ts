/** What is there already of a resource that is to be created: what its condition names, and whom a Patient is of. */
import type { Resource } from '@medplum/fhirtypes';
import { Failure } from '../core/failure.ts';
import type { QueryPair } from '../core/context.ts';
import { judge } from '../validation/check.ts';
import { checkAdmitted } from './admit.ts';
import { arrivalOf, isPlaced } from './arrival.ts';
import { resolve, type Resolved, type Target } from './condition.ts';
import { storedForm } from './prepare.ts';
import type { Rooms } from './rooms.ts';

/** What decides it beside the resource. */
export interface Deciding {
  readonly condition?: readonly QueryPair[] | undefined;
  /** Ids that a condition does not count. */
  readonly leftOut?: readonly string[];
}

/**
 * Resolves a create, or an update of what its condition does not find; undefined where nothing is to be resolved.
 * @throws Failure for a Patient that is not right, and what placing it throws
 */
export async function resolveCreate(
  rooms: Rooms,
  target: Target,
  resource: Resource,
  { condition = target.ask.conditions.ifNoneExist, leftOut }: Deciding = {},
): Promise<Resolved | undefined> {
  const named = condition && (await resolve(rooms, target, condition, leftOut));
  if (named?.match !== undefined || !isPlaced(target.ask)) return named;
  const arrival = await arrivalOf(rooms, target, right(rooms, target, resource));
  return {
    match: arrival.match,
    arrival,
    reserve: (holder) => [...(named?.reserve(holder) ?? []), ...arrival.reserve(holder)],
  };
}

/**
 * Nobody is looked for by what cannot be stored, or not by this caller. What an entry of a transaction refers to is not
 * settled yet: whether it is admitted is seen when it is planned.
 */
function right(rooms: Rooms, target: Target, resource: Resource): Resource {
  const version = { id: rooms.newId(), version: 1, lastUpdated: rooms.now() };
  const { issues, kept } = judge(resource, { id: version.id, now: version.lastUpdated });
  const [first, ...more] = issues;
  if (first !== undefined) throw new Failure(first, ...more);
  if (target.ask.door !== 'bundle')
    checkAdmitted(rooms, target, storedForm(rooms, kept as Resource, version));
  // As it was sent: what the registry adds says nothing of who it is.
  return resource;
}
