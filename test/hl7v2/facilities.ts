/** Facilities of the tests: organisations as staff have entered them, with a program that sends for each. */
import type { Resource } from '@medplum/fhirtypes';
import type { Actor } from '../../src/core/context.ts';
import { FACILITIES } from '../../src/hl7v2/senders.ts';
import { enrol } from '../auth/bearer.ts';
import { ask } from '../world/asks.ts';
import type { World } from '../world/world.ts';

const REGISTRY = { client: 'fhir-iis', role: 'system', purpose: 'HSYSADMIN' };

async function made(w: World, resource: Resource): Promise<string> {
  const body = { kind: 'resource', resource } as const;
  const { location = '' } = await w.rooms.handle(
    ask({ interaction: 'create', type: resource.resourceType, actor: REGISTRY, body }),
  );
  return location.split('/')[1] ?? '';
}

/**
 * Enters an organisation with its facility id, and a site of it that is called the same with `-1`.
 * @returns the program of the organisation as it comes in
 */
export async function facility(w: World, name: string): Promise<Actor & { readonly organization: string }> {
  const identifier = (value: string) => [{ system: FACILITIES, value }];
  const organization = await made(w, {
    resourceType: 'Organization',
    active: true,
    name,
    identifier: identifier(name),
  });
  await made(w, {
    resourceType: 'Location',
    name,
    identifier: identifier(`${name}-1`),
    managingOrganization: { reference: `Organization/${organization}` },
  });
  const client = `ehr-${name.toLowerCase()}`;
  await enrol(w, { id: client, what: 'client', role: 'provider', organization });
  return { client, role: 'provider', purpose: 'TREAT', organization };
}
