/** patch: JSON Patch and FHIRPath Patch, by id or condition (https://hl7.org/fhir/R4/http.html#patch). */
import type { Resource } from '@medplum/fhirtypes';
import type { Ask } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { parseJson } from '../fhir/json.ts';
import { applyFhirPathPatch } from '../fhir/patch/fhirpath-patch.ts';
import { applyJsonPatch } from '../fhir/patch/json-patch.ts';
import { Denied, type Grant } from '../policy/decide.ts';
import { shownWithin } from '../storage/masked.ts';
import { soleMatchWhole } from './condition.ts';
import { absent } from './read.ts';
import { linked } from './links.ts';
import { entryOf, type Handler, type Rooms } from './rooms.ts';
import { checkVersion, planNext } from './update.ts';
import { takesNoQuery } from './view.ts';
import { writeThrough, type Plan } from './write-through.ts';

export const patch: Handler = (rooms, ask, grant, entry) => {
  if (ask.id !== undefined) takesNoQuery(ask);
  return writeThrough(rooms, { ask, grant, entry }, async () =>
    linked(rooms, grant, await planPatch(rooms, ask, grant)),
  );
};

/** Plans a patch; the result is checked like an update. */
export async function planPatch(rooms: Rooms, ask: Ask, grant: Grant): Promise<Plan> {
  const { type } = entryOf(rooms.catalog, ask.type);
  const target = { ask, grant, type };
  const was =
    ask.id === undefined
      ? await soleMatchWhole(rooms, target)
      : await rooms.store.readWhole(grant, 'patch', type, ask.id);
  if (was === undefined) {
    return ask.id === undefined
      ? fail('not-found', 'The condition matches no resource.')
      : absent(rooms, grant, type, ask.id);
  }
  // Before the patch is tried: a stale caller learns that it is stale, not that its paths have moved.
  checkVersion(ask, was.version);
  // Who may write but not read learns nothing of what is there, neither by an answer nor by a test.
  if (grant.admits('read', type, was)) {
    // The paths of a patch are those of what its sender has read.
    const { json } = shownWithin(grant.for('read', type), was);
    return planNext(rooms, target, was, patched(ask, parseJson(json) as Resource));
  }
  if (hasTests(ask)) throw new Denied('insufficient_scope');
  const silent: Ask = { ...ask, prefer: { ...ask.prefer, return: 'minimal' } };
  return planNext(rooms, { ...target, ask: silent }, was, patched(ask, parseJson(was.json) as Resource));
}

const hasTests = ({ body }: Ask): boolean =>
  body?.kind === 'json-patch' &&
  body.operations.some((each) => (each as { op?: unknown } | null)?.op === 'test');

function patched({ body }: Ask, resource: Resource): Resource {
  if (body === undefined) return fail('malformed', 'The request needs a patch in its body.');
  if (body.kind === 'json-patch') return applyJsonPatch(resource, body.operations);
  if (body.resource.resourceType !== 'Parameters') {
    return fail('malformed', 'A FHIRPath Patch is a Parameters resource.', ['resourceType']);
  }
  return applyFhirPathPatch(resource, body.resource);
}
