/** update and conditional update (https://hl7.org/fhir/R4/http.html#update, #cond-update, #concurrency). */
import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '@medplum/fhirtypes';
import type { Ask } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { parseJson } from '../fhir/json.ts';
import type { Grant } from '../policy/decide.ts';
import type { Past, Stored } from '../storage/store.ts';
import { revive, supersede } from '../storage/write.ts';
import { checkAdmitted } from './admit.ts';
import { versionedReference, written } from './answers.ts';
import type { Target } from './condition.ts';
import { planResolved, resourceOf, type Settled } from './create.ts';
import { Moved } from './forwards.ts';
import { linked } from './links.ts';
import { namesVersion } from './read.ts';
import { resolveCreate } from './resolve-create.ts';
import { entryOf, type Handler, type Rooms } from './rooms.ts';
import { NotAllowed } from './route.ts';
import { toldOf } from './statuses.ts';
import { taken } from './taken.ts';
import { takesNoQuery } from './view.ts';
import { writeThrough, type Plan } from './write-through.ts';

export const update: Handler = (rooms, ask, grant, entry) => {
  if (ask.id !== undefined) takesNoQuery(ask);
  return writeThrough(rooms, { ask, grant, entry }, async () =>
    linked(rooms, grant, await planUpdate(rooms, ask, grant)),
  );
};

/** Plans an update of the resource that the id or the condition names. */
export async function planUpdate(rooms: Rooms, ask: Ask, grant: Grant, settled: Settled = {}): Promise<Plan> {
  const { type } = entryOf(rooms.catalog, ask.type);
  const resource = resourceOf(ask, type);
  const target = { ask, grant, type };
  if (ask.id === undefined) return planConditional(rooms, target, resource, settled);
  if (resource.id !== ask.id) {
    fail('invalid-value', `The body's id must be the id in the URL.`, [`${type}.id`]);
  }
  const was = await rooms.store.readWhole(grant, 'update', type, ask.id);
  if (was !== undefined) return planNext(rooms, target, was, resource);
  const past = await rooms.store.lastPast(grant, type, ask.id, 'update');
  return past === undefined ? noSuch(type) : planRevival(rooms, target, past, resource);
}

/** Four ways: none or one match, with or without an id in the body (https://hl7.org/fhir/R4/http.html#cond-update). */
async function planConditional(
  rooms: Rooms,
  target: Target,
  resource: Resource,
  settled: Settled,
): Promise<Plan> {
  const { ask, grant, type } = target;
  const resolved =
    settled.resolved ?? (await resolveCreate(rooms, target, resource, { condition: ask.query }));
  const { match, arrival } = resolved ?? {};
  if (match === undefined || arrival !== undefined) {
    if (resource.id !== undefined) return refuseChosenId(rooms, target, resource.id);
    return planResolved(rooms, target, resource, { ...settled, ...(resolved && { resolved }) });
  }
  if (resource.id !== undefined && resource.id !== match._id) {
    fail('invalid-value', 'The body has another id than the resource that the condition matches.', [
      `${type}.id`,
    ]);
  }
  const was = await rooms.store.readWhole(grant, 'update', type, match._id);
  return was === undefined ? vanished() : planNext(rooms, target, was, resource);
}

/** What was found a moment ago is gone. */
const vanished = (): never =>
  fail('conflict', 'The resource was deleted while it was being changed; send the request again.');

/** An id that is another resource's cannot be given to this one; one that is nobody's cannot be chosen. */
async function refuseChosenId(rooms: Rooms, { grant, type }: Target, id: string): Promise<never> {
  const other = await rooms.store.read(grant, 'update', type, id);
  if (other !== undefined) {
    fail('conflict', 'The id in the body is that of a resource which the condition does not match.', [
      `${type}.id`,
    ]);
  }
  return noSuch(type);
}

/** Clients do not choose ids: a resource must have been created here before it can be updated. */
function noSuch(type: string): never {
  const message = `There is no ${type} with this id to update; create it with POST, which gives it an id.`;
  throw new NotAllowed(['GET', 'PATCH', 'DELETE'], message);
}

/** Plans the version after `was`; content that is the same makes none. */
export function planNext(rooms: Rooms, target: Target, was: Stored, resource: Resource): Plan {
  const { ask, type } = target;
  if (was.replacedBy !== undefined) throw new Moved(was._id, was.replacedBy);
  checkVersion(ask, was.version);
  const {
    stored: prepared,
    warnings,
    reports,
  } = taken(rooms, target.grant, resource, {
    id: was._id,
    version: was.version + 1,
    lastUpdated: after(rooms.now(), was.lastUpdated),
    kept: was.secrets,
  });
  const stored = { ...prepared, ...(was.linkedTo && { linkedTo: was.linkedTo }) };
  checkAdmitted(rooms, target, stored);
  const same = sameContent(was, stored);
  const left = same ? was : stored;
  return {
    unit: same ? [] : supersede(type, was, stored),
    ...toldOf(was._id, reports),
    answer: written(ask, type, { stored: left, warnings }, 200),
    wrote: [versionedReference(type, left._id, left.version)],
    patients: [...new Set([...was.patients, ...stored.patients])],
  };
}

/** A deleted resource comes back with the version after its deletion. */
function planRevival(rooms: Rooms, target: Target, past: Past, resource: Resource): Plan {
  const { ask, type } = target;
  if (ask.conditions.ifMatch !== undefined) checkVersion(ask, past.version);
  const version = past.version + 1;
  const { stored, warnings, reports } = taken(rooms, target.grant, resource, {
    id: past.id,
    version,
    lastUpdated: after(rooms.now(), past.lastUpdated),
  });
  checkAdmitted(rooms, target, stored);
  return {
    unit: revive(type, past, stored),
    ...toldOf(past.id, reports),
    answer: written(ask, type, { stored, warnings }, 201),
    wrote: [versionedReference(type, past.id, version)],
    patients: stored.patients,
  };
}

/**
 * If-Match names the version that the caller has seen, If-None-Match one that must not be there (RFC 9110, 13.1).
 * @throws Failure `version-conflict`
 */
export function checkVersion({ conditions: { ifMatch, ifNoneMatch } }: Ask, version: number): void {
  if (ifMatch !== undefined && !namesVersion(ifMatch, version)) {
    fail(
      'version-conflict',
      'The resource has changed since the version in If-Match; read it again and repeat the change on what is there now.',
    );
  }
  if (ifNoneMatch !== undefined && namesVersion(ifNoneMatch, version)) {
    fail('version-conflict', 'The resource is at a version that If-None-Match names.');
  }
}

/** Time never runs backwards from one version of a resource to the next. */
const after = (now: Date, before: Date): Date => (now > before ? now : before);

const VERSION_AND_TIME = /"versionId":"\d+","lastUpdated":"[^"]+"/;
const withoutMeta = ({ json }: Stored): string => json.replace(VERSION_AND_TIME, '');

/** Secrets are masked in the text, so two texts that are the same may hide different numbers. */
export const sameContent = (was: Stored, next: Stored): boolean =>
  isSameText(withoutMeta(was), withoutMeta(next)) && String(was.secretKeys) === String(next.secretKeys);

/** The order of an object's members says nothing (RFC 8259, section 4), and leaves a text as long as it was. */
const isSameText = (one: string, other: string): boolean =>
  one === other || (one.length === other.length && isDeepStrictEqual(parseJson(one), parseJson(other)));
