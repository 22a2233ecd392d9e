/** References to what is in a person's record, as parameters of an operation. */
import type { Ask } from '../../core/context.ts';
import { fail } from '../../core/failure.ts';
import type { Rooms } from '../../interactions/rooms.ts';
import type { Grant } from '../../policy/decide.ts';
import { targetOf } from '../../search/kinds/reference.ts';
import type { Stored } from '../../storage/store.ts';

export interface RecordReference {
  readonly type: string;
  readonly id: string;
}

/**
 * The resource of this server that a parameter names in its valueReference, undefined where it is not given.
 * @throws Failure `invalid-value` for a reference that leads elsewhere
 */
export function recordReference({ body }: Ask, name: string): RecordReference | undefined {
  const parameters =
    body?.kind === 'resource' && body.resource.resourceType === 'Parameters'
      ? (body.resource.parameter ?? [])
      : [];
  const given = parameters.find((each) => each.name === name);
  if (given === undefined) return undefined;
  const target = targetOf(given.valueReference?.reference ?? '');
  return target === undefined || target.server !== ''
    ? fail('invalid-value', `The parameter ${name} is a valueReference to a resource of this server.`)
    : target;
}

/**
 * The resource, where it is part of the person's record and may be seen; of others nothing is told, not that there are any.
 * @throws Failure `business-rule`
 */
export async function inRecord(
  rooms: Rooms,
  grant: Grant,
  { type, id }: RecordReference,
  patient: string,
): Promise<Stored> {
  const isRead = rooms.catalog.has(type) && grant.may('read', type);
  const stored = isRead ? await rooms.store.read(grant, 'read', type, id) : undefined;
  return stored?.patients.includes(patient) === true
    ? stored
    : fail('business-rule', 'The resource that is named is not part of this record.');
}
