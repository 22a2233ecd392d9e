/** What is there already of a resource that is to be created: what its condition names, and whom a Patient is of. */
import type { Resource } from '@medplum/fhirtypes';
import { Failure } from '../core/failure.ts';
import type { QueryPair } from '../core/context.ts';
import { judge } from '../validation/check.ts';
import { arrivalOf, isPlaced } from './arrival.ts';
import { resolve, type Resolved, type Target } from './condition.ts';
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
  const arrival = await arrivalOf(rooms, target, right(rooms, resource));
  return {
    match: arrival.match,
    arrival,
    reserve: (holder) => [...(named?.reserve(holder) ?? []), ...arrival.reserve(holder)],
  };
}

/** Nobody is looked for by what cannot be stored. */
function right(rooms: Rooms, resource: Resource): Resource {
  const { issues } = judge(resource, { id: rooms.newId(), now: rooms.now() });
  const [first, ...more] = issues;
  if (first !== undefined) throw new Failure(first, ...more);
  // As it was sent: what the registry adds says nothing of who it is.
  return resource;
}
