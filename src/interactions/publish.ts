/** What the server publishes about itself: definitions under ids of its own, renewed when they change. */
import type { Resource } from '@medplum/fhirtypes';
import { capabilityOf } from '../catalog/capability.ts';
import type { Ask } from '../core/context.ts';
import { decide } from '../policy/decide.ts';
import { insert, supersede } from '../storage/write.ts';
import { versionedReference } from './answers.ts';
import { storedForm } from './prepare.ts';
import type { Rooms } from './rooms.ts';
import { sameContent } from './update.ts';
import { writeThrough, type Plan } from './write-through.ts';

/** What this server says of itself: its statement of capabilities. */
export const ownDefinitions = ({ catalog, baseUrl, security }: Rooms): (Resource & { readonly id: string })[] => [
  { ...capabilityOf(catalog, baseUrl, security), id: 'fhir-iis' },
];

/** Makes each resource current under its id; one that has not changed keeps its version. */
export async function publish(
  rooms: Rooms,
  resources: readonly (Resource & { readonly id: string })[],
): Promise<void> {
  for (const resource of resources) await publishOne(rooms, resource);
}

async function publishOne(rooms: Rooms, resource: Resource & { readonly id: string }): Promise<void> {
  const { resourceType: type, id } = resource;
  const ask: Ask = {
    interaction: 'update',
    actor: { client: 'fhir-iis', role: 'system', purpose: 'HSYSADMIN' },
    requestId: rooms.newId(),
    door: 'command',
    type,
    id,
    query: [],
    queryInUrl: false,
    conditions: {},
    prefer: {},
  };
  const grant = decide(rooms.rules, ask);
  const was = await rooms.store.readWhole(grant, 'read', type, id);
  const next = { id, version: (was?.version ?? 0) + 1, lastUpdated: rooms.now() };
  const stored = storedForm(rooms, resource, next);
  if (was !== undefined && sameContent(was, stored)) return;
  const plan: Plan = {
    unit: was === undefined ? insert(type, stored) : supersede(type, was, stored),
    answer: { status: 200 },
    wrote: [versionedReference(type, id, next.version)],
    patients: [],
  };
  await rooms.record(ask, (entry) => writeThrough(rooms, { ask, grant, entry }, () => Promise.resolve(plan)));
}
