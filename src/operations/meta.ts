/** $meta: the meta of a resource, without the resource (https://hl7.org/fhir/R4/resource-operation-meta.html). */
import type { Resource } from '@medplum/fhirtypes';
import { fail } from '../core/failure.ts';
import { parseJson } from '../fhir/json.ts';
import { versionedReference } from '../interactions/answers.ts';
import { absent } from '../interactions/read.ts';
import { entryOf, type Handler } from '../interactions/rooms.ts';

export const meta: Handler = async (rooms, ask, grant, entry) => {
  if (ask.id === undefined)
    return fail('not-allowed', '$meta is asked of one resource: [base]/[type]/[id]/$meta.');
  const { type } = entryOf(rooms.catalog, ask.type);
  const stored = await rooms.store.read(grant, 'read', type, ask.id);
  if (stored === undefined) return absent(rooms, grant, type, ask.id);
  entry.wrote(versionedReference(type, ask.id, stored.version));
  entry.concerns(stored.patients);
  const { meta: valueMeta } = parseJson(stored.json) as Resource;
  return {
    status: 200,
    body: JSON.stringify({ resourceType: 'Parameters', parameter: [{ name: 'return', valueMeta }] }),
  };
};
