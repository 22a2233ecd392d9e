import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readAllDefinitions } from '../../src/fhir/profile-files.ts';
import { publishOwn } from '../../src/interactions/publish.ts';
import { call } from '../world/requests.ts';
import { world, type World } from '../world/world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
  await publishOwn(w.rooms);
});
afterAll(() => w.end());

const shipped = readAllDefinitions() as readonly { resourceType: string; id: string; url: string }[];

test('every definition under profiles is served under its id, and found by its URL', async () => {
  const missing = [];
  for (const { resourceType, id, url } of shipped) {
    const read = await call(w, 'GET', `/${resourceType}/${id}`);
    const found = await call(w, 'GET', `/${resourceType}?url=${encodeURIComponent(url)}`);
    if (read.body['url'] !== url || found.body.entry?.length !== 1) missing.push(`${resourceType}/${id}`);
  }
  expect(shipped.length).toBeGreaterThan(30);
  expect(missing).toEqual([]);
});

test('the code tables and the maps between them are served too', async () => {
  for (const path of ['CodeSystem/cvx', 'CodeSystem/ndc', 'ConceptMap/ndc-to-cvx', 'ValueSet/all-mvx'])
    expect([path, (await call(w, 'GET', `/${path}`)).status]).toEqual([path, 200]);
});

test('nobody but the server writes them', async () => {
  const { body } = await call(w, 'GET', '/ValueSet/route');
  expect((await call(w, 'PUT', '/ValueSet/route', { body })).status).toBe(405);
  expect((await call(w, 'POST', '/ValueSet', { body })).status).toBe(405);
});

test('a server that starts again makes no new versions, several at once none twice', async () => {
  const facts = w.services.connection.collection<{ _id: string }>('facts');
  await publishOwn(w.rooms);
  await facts.deleteOne({ _id: 'own-definitions' });
  await Promise.all([publishOwn(w.rooms), publishOwn(w.rooms)]);
  expect((await call(w, 'GET', '/ValueSet/route')).body.meta.versionId).toBe('1');
});

test('what is no longer shipped is withdrawn', async () => {
  const { connection } = w.services;
  const sets = connection.collection<{ _id: string }>('ValueSet');
  const route = await sets.findOne({ _id: 'route' });
  await sets.insertOne({ ...route, _id: 'of-an-older-server' });
  const older = { state: 'older', names: ['ValueSet/route', 'ValueSet/of-an-older-server'] };
  await connection
    .collection<{ _id: string }>('facts')
    .updateOne({ _id: 'own-definitions' }, { $set: older });
  await publishOwn(w.rooms);
  expect((await call(w, 'GET', '/ValueSet/of-an-older-server')).status).toBe(410);
  expect((await call(w, 'GET', '/ValueSet/route')).body.meta.versionId).toBe('1');
});
