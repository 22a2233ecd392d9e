/** [type]/[id]/$meta (https://hl7.org/fhir/R4/resource-operation-meta.html). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call, made } from '../world/requests.ts';
import { patient } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

test('it shows profiles, tags and labels without the resource', async () => {
  const tag = [{ system: 'http://example.org/tags', code: 'x' }];
  const ana = await made(w, patient({ meta: { tag } }));
  for (const method of ['GET', 'POST']) {
    const { status, body } = await call(w, method, `/Patient/${ana.id}/$meta`);
    expect([status, body.resourceType]).toEqual([200, 'Parameters']);
    expect(body['parameter']).toEqual([{ name: 'return', valueMeta: ana.meta }]);
    expect(JSON.stringify(body)).not.toContain('Marković');
  }
});

test('of what is not there it is 404; of a type or the system it is not offered', async () => {
  expect((await call(w, 'GET', '/Patient/nobody/$meta')).status).toBe(404);
  expect((await call(w, 'GET', '/Patient/$meta')).status).toBe(404);
  expect((await call(w, 'GET', '/$meta')).status).toBe(404);
});
