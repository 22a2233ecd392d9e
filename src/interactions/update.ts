/** update and conditional update (https://hl7.org/fhir/R4/http.html#update, #cond-update, #concurrency). */
import type { Resource } from '@medplum/fhirtypes';
import type { Ask } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import type { Grant } from '../policy/decide.ts';
import type { Past, Stored } from '../storage/store.ts';
import { insert, supersede, type Unit } from '../storage/write.ts';
import { versionedReference, written } from './answers.ts';
import { soleMatchWhole } from './condition.ts';
import { planNew, resourceOf, type Settled } from './create.ts';
import { checkPatients } from './links.ts';
import { prepare } from './prepare.ts';
import { namesVersion } from './read.ts';
import { entryOf, type Handler, type Rooms } from './rooms.ts';
import { writeThrough, type Plan } from './write-through.ts';

export const update: Handler = (rooms, ask, grant, entry) =>
  writeThrough(rooms, { ask, grant, entry }, () => planUpdate(rooms, ask, grant));

/** Plans an update of the resource that the id or the condition names. */
export async function planUpdate(rooms: Rooms, ask: Ask, grant: Grant, settled: Settled = {}): Promise<Plan> {
  const { type } = entryOf(rooms.catalog, ask.type);
  const resource = resourceOf(ask, type);
  if (ask.id === undefined) return planConditional(rooms, { ask, grant, type }, resource, settled);
  if (resource.id !== ask.id) {
    fail('invalid-value', `The body's id must be the id in the URL.`, [`${type}.id`]);
  }
  const was = await rooms.store.readWhole(grant, 'update', type, ask.id);
  if (was !== undefined) return planNext(rooms, { ask, grant, type }, { was, resource }, settled);
  const past = await rooms.store.lastPast(grant, type, ask.id);
  if (past === undefined) return noSuch(type);
  return planRevival(rooms, { ask, grant, type }, { past, resource }, settled);
}

interface Target {
  readonly ask: Ask;
  readonly grant: Grant;
  readonly type: string;
}

async function planConditional(
  rooms: Rooms,
  target: Target,
  resource: Resource,
  settled: Settled,
): Promise<Plan> {
  const { ask, grant, type } = target;
  const was = await soleMatchWhole(rooms, { grant, interaction: 'update' }, type, ask.query);
  if (was === undefined) {
    if (resource.id !== undefined) return noSuch(type);
    return planNew(rooms, target, resource, { ...settled, condition: ask.query });
  }
  if (resource.id !== undefined && resource.id !== was._id) {
    fail('invalid-value', 'The body has another id than the resource that the condition matches.', [
      `${type}.id`,
    ]);
  }
  return planNext(rooms, target, { was, resource }, settled);
}

/** Clients do not choose ids: a resource must have been created here before it can be updated. */
const noSuch = (type: string): never =>
  fail(
    'not-allowed',
    `There is no ${type} with this id to update; create it with POST, which gives it an id.`,
  );

/** Plans the version after `was`; content that is the same makes none. */
export async function planNext(
  rooms: Rooms,
  { ask, grant, type }: Target,
  { was, resource }: { was: Stored; resource: Resource },
  { coming }: Settled = {},
): Promise<Plan> {
  checkVersion(ask, was.version);
  const next = {
    id: was._id,
    version: was.version + 1,
    lastUpdated: after(rooms.now(), was.lastUpdated),
    kept: was.secrets,
  };
  const stored = prepare(rooms, resource, next);
  await checkPatients(rooms, grant, { type, stored }, coming);
  const same = sameContent(was, stored);
  const left = same ? was : stored;
  return {
    unit: same ? [] : supersede(type, was, stored),
    answer: written(ask, type, left, 200),
    wrote: [versionedReference(type, left._id, left.version)],
    patients: [...new Set([...was.patients, ...stored.patients])],
  };
}

/** A deleted resource comes back with the version after its deletion. */
async function planRevival(
  rooms: Rooms,
  { ask, grant, type }: Target,
  { past, resource }: { past: Past; resource: Resource },
  { coming }: Settled,
): Promise<Plan> {
  checkVersion(ask, past.version);
  const version = past.version + 1;
  const stored = prepare(rooms, resource, {
    id: past.id,
    version,
    lastUpdated: after(rooms.now(), past.lastUpdated),
  });
  await checkPatients(rooms, grant, { type, stored }, coming);
  const unit: Unit = insert(type, stored);
  return {
    unit,
    answer: written(ask, type, stored, 201),
    wrote: [versionedReference(type, past.id, version)],
    patients: stored.patients,
  };
}

/**
 * If-Match names the version that the caller has seen.
 * @throws Failure `version-conflict`
 */
export function checkVersion({ conditions }: Ask, version: number): void {
  if (conditions.ifMatch !== undefined && !namesVersion(conditions.ifMatch, version)) {
    fail(
      'version-conflict',
      'The resource has changed since the version in If-Match; read it again and repeat the change on what is there now.',
    );
  }
}

/** Time never runs backwards from one version of a resource to the next. */
const after = (now: Date, before: Date): Date => (now > before ? now : before);

const VERSION_AND_TIME = /"versionId":"\d+","lastUpdated":"[^"]+"/;
const withoutMeta = ({ json }: Stored): string => json.replace(VERSION_AND_TIME, '');

/** Secrets are masked in the text, so two texts that are the same may hide different numbers. */
export const sameContent = (was: Stored, next: Stored): boolean =>
  withoutMeta(was) === withoutMeta(next) && String(was.secretKeys) === String(next.secretKeys);
