/** create and conditional create (https://hl7.org/fhir/R4/http.html#create, #ccreate). */
import type { Resource } from '@medplum/fhirtypes';
import type { Ask } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { isSubsetted } from '../fhir/elements.ts';
import type { Grant } from '../policy/decide.ts';
import type { Stored } from '../storage/store.ts';
import { insert, make } from '../storage/write.ts';
import { checkAdmitted } from './admit.ts';
import { versionedReference, written } from './answers.ts';
import type { Found } from './arrival.ts';
import type { Resolved, Target } from './condition.ts';
import { planJoin } from './join.ts';
import { linked } from './links.ts';
import { REGISTRY_ACTOR } from './own-ask.ts';
import { resolveCreate } from './resolve-create.ts';
import { entryOf, type Handler, type Rooms } from './rooms.ts';
import { toldOf } from './statuses.ts';
import { taken } from './taken.ts';
import { takesNoQuery } from './view.ts';
import { likelyOf, newTask, planWait } from './wait.ts';
import { writeThrough, type Plan } from './write-through.ts';

export const create: Handler = (rooms, ask, grant, entry) => {
  takesNoQuery(ask);
  return writeThrough(rooms, { ask, grant, entry }, async () =>
    linked(rooms, grant, await planCreate(rooms, ask, grant)),
  );
};

/** What a transaction has settled about one of its writes before it is planned. */
export interface Settled {
  /** The id of what it creates, for references from other entries. */
  readonly id?: string;
  readonly resolved?: Resolved;
}

/** Plans a create; the same for a transaction's POST entry. */
export async function planCreate(rooms: Rooms, ask: Ask, grant: Grant, settled: Settled = {}): Promise<Plan> {
  const { type } = entryOf(rooms.catalog, ask.type);
  const resource = resourceOf(ask, type);
  const target = { ask, grant, type };
  const resolved = settled.resolved ?? (await resolveCreate(rooms, target, resource));
  return planResolved(rooms, target, resource, { ...settled, ...(resolved && { resolved }) });
}

/** Plans what comes of a resource that may be new, as its condition and the people on file say. */
export async function planResolved(
  rooms: Rooms,
  target: Target,
  resource: Resource,
  settled: Settled,
): Promise<Plan> {
  const { ask, type } = target;
  const { match, arrival } = settled.resolved ?? {};
  if (arrival?.waits !== undefined) return planWait(rooms, ask, arrival.waits);
  if (match === undefined) return planNew(rooms, target, resource, settled);
  return arrival === undefined ? found(ask, type, match) : planJoin(rooms, target, resource, match);
}

/** Plans a new resource, reserved where a condition named it. */
function planNew(
  rooms: Rooms,
  target: Target,
  resource: Resource,
  { id = rooms.newId(), resolved }: Settled,
): Plan {
  const { ask, type } = target;
  const version = { id, version: 1, lastUpdated: rooms.now() };
  const { stored: form, reports, warnings } = taken(rooms, target.grant, resource, version);
  const { arrival } = resolved ?? {};
  const stored = { ...form, ...(arrival?.linkedTo && { linkedTo: arrival.linkedTo }) };
  checkAdmitted(rooms, target, stored);
  return {
    unit: [...make(type, stored), ...(resolved?.reserve(`${type}/${id}`) ?? [])],
    ...(arrival?.maybe && { own: insert('Task', possibleDuplicate(rooms, id, arrival.maybe)) }),
    ...toldOf(id, reports),
    answer: written(ask, type, { stored: form, warnings }, 201),
    wrote: [versionedReference(type, id, 1)],
    patients: stored.patients,
  };
}

/** Staff look at a new record whose sender does not see the people whom it may be. */
const possibleDuplicate = (rooms: Rooms, id: string, candidates: readonly Found[]): Stored =>
  newTask(rooms, {
    code: 'possible-duplicate',
    reason: 'uncertain',
    likely: candidates.map(likelyOf),
    about: id,
    actor: REGISTRY_ACTOR,
    now: rooms.now(),
  });

/** What the condition names is there already: nothing is stored. */
const found = (ask: Ask, type: string, match: Stored): Plan => ({
  unit: [],
  answer: written(ask, type, { stored: match }, 200),
  wrote: [versionedReference(type, match._id, match.version)],
  patients: match.patients,
});

/**
 * The resource in the body, of the type that the URL names.
 * @throws Failure `malformed` where there is none or of another type, `business-rule` where it is a part only
 */
export function resourceOf(ask: Ask, type: string): Resource {
  if (ask.body?.kind !== 'resource') return fail('malformed', `The request needs a ${type} in its body.`);
  const { resource } = ask.body;
  if (resource.resourceType !== type) {
    fail('malformed', `The body's resourceType is not ${type}, the type in the URL.`, ['resourceType']);
  }
  if (isSubsetted(resource)) {
    const message =
      'The resource is marked as SUBSETTED, which means that parts of it are missing; send the whole.';
    fail('business-rule', message, [`${type}.meta.tag`]);
  }
  return resource;
}
