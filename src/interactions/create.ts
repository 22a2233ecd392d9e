/** create and conditional create (https://hl7.org/fhir/R4/http.html#create, #ccreate). */
import type { Resource } from '@medplum/fhirtypes';
import type { Ask, QueryPair } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import type { Grant } from '../policy/decide.ts';
import type { Stored } from '../storage/store.ts';
import { insert } from '../storage/write.ts';
import { shown, versionedReference, written } from './answers.ts';
import { reservation, soleMatch } from './condition.ts';
import { checkPatients } from './links.ts';
import { prepare } from './prepare.ts';
import { entryOf, type Handler, type Rooms } from './rooms.ts';
import { writeThrough, type Plan } from './write-through.ts';

export const create: Handler = (rooms, ask, grant, entry) =>
  writeThrough(rooms, { ask, grant, entry }, () => planCreate(rooms, ask, grant));

/** Plans a create; the same for a transaction's POST entry, whose id is settled beforehand. */
export async function planCreate(rooms: Rooms, ask: Ask, grant: Grant, settled: Settled = {}): Promise<Plan> {
  const { type } = entryOf(rooms.catalog, ask.type);
  const resource = resourceOf(ask, type);
  const condition = ask.conditions.ifNoneExist;
  const match = condition && (await soleMatch(rooms, grant, type, condition));
  if (match !== undefined) return found(ask, type, match);
  return planNew(rooms, { ask, grant, type }, resource, { ...settled, condition });
}

/** What is known of a new resource before it is planned. */
export interface Settled {
  readonly id?: string;
  readonly condition?: readonly QueryPair[] | undefined;
  /** Patients that the same unit of work creates. */
  readonly coming?: ReadonlySet<string>;
}

/** Plans a new resource, reserved where a condition named it. */
export async function planNew(
  rooms: Rooms,
  { ask, grant, type }: { ask: Ask; grant: Grant; type: string },
  resource: Resource,
  { id = rooms.newId(), condition, coming }: Settled,
): Promise<Plan> {
  const stored = prepare(rooms, resource, { id, version: 1, lastUpdated: rooms.now() });
  await checkPatients(rooms, grant, { type, stored }, coming);
  const reserved = condition && (await reservation(rooms, ask.actor, type, condition));
  return {
    unit: [...insert(type, stored), ...(reserved?.unit(`${type}/${id}`) ?? [])],
    answer: written(ask, type, stored, 201),
    wrote: [versionedReference(type, id, 1)],
    patients: stored.patients,
  };
}

/** What the condition names is there already: nothing is stored. */
function found(ask: Ask, type: string, match: Stored): Plan {
  return {
    unit: [],
    answer: { ...written(ask, type, match, 200), ...(ask.prefer.return === undefined && shown(match)) },
    wrote: [versionedReference(type, match._id, match.version)],
    patients: match.patients,
  };
}

/**
 * The resource in the body, of the type that the URL names.
 * @throws Failure `malformed` where there is none or of another type
 */
export function resourceOf(ask: Ask, type: string): Resource {
  if (ask.body?.kind !== 'resource') return fail('malformed', `The request needs a ${type} in its body.`);
  if (ask.body.resource.resourceType !== type) {
    fail('malformed', `The body's resourceType is not ${type}, the type in the URL.`, ['resourceType']);
  }
  return ask.body.resource;
}
