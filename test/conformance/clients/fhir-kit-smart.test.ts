/** `smartAuthMetadata` of fhir-kit-client finds where tokens come from, and reads with one. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'fhir-kit-client';
import { assertion, backend, backendToken } from '../../auth/app.ts';
import { guarded, partsOf } from '../../auth/bearer.ts';
import type { World } from '../../world/world.ts';

let w: World;
beforeAll(async () => {
  w = await guarded({ clock: 'system' });
});
afterAll(() => w.end());

test('smartAuthMetadata finds the addresses, and a bearer token opens the FHIR endpoint', async () => {
  const client = new Client({ baseUrl: w.url });
  const { issuer } = partsOf(w);
  const found = await client.smartAuthMetadata();
  expect([found.authorizeUrl?.href, found.tokenUrl?.href]).toEqual([`${issuer}/auth`, `${issuer}/token`]);
  const search = { resourceType: 'Organization', searchParams: { name: 'nobody' } };
  await expect(client.search(search)).rejects.toMatchObject({ response: { status: 401 } });
  const { body } = await backendToken(w, 'system/Organization.rs', assertion(w, await backend(w)));
  client.bearerToken = body['access_token'] ?? '';
  expect(await client.search(search)).toMatchObject({ resourceType: 'Bundle', type: 'searchset' });
});
