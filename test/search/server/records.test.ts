/** A Provenance is part of the record of what it is about, though it does not name the patient. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { world, type World } from '../../world/world.ts';
import { dose, found, person, provenance, store } from './bodies.ts';

let w: World;
let ana: string;
let anas: string;
beforeAll(async () => {
  w = await world();
  ana = await store(w, person('Nguyen', '2020-03-01'));
  anas = await store(w, dose(ana, '2024-03-05'));
});
afterAll(() => w.end());

const patientsOf = async (id: string): Promise<readonly string[] | undefined> =>
  (
    await w.services.connection
      .collection<{ _id: string; patients: string[] }>('Provenance')
      .findOne({ _id: id })
  )?.patients;

test('the Provenance of a dose is part of the record of its patient', async () => {
  const id = await store(w, provenance(`Immunization/${anas}`));
  expect(await patientsOf(id)).toEqual([ana]);
  expect(await found(w, `/Provenance?target=Immunization/${anas}`)).toEqual([id]);
});

test('the Provenance of several resources is part of all their records', async () => {
  const ben = await store(w, person('Okafor', '2021-04-02'));
  const id = await store(w, provenance(`Immunization/${anas}`, `Patient/${ben}`));
  expect(new Set(await patientsOf(id))).toEqual(new Set([ana, ben]));
});

test('a search by patient still finds only what refers to the patient, as the parameter is defined', async () => {
  const id = await store(w, provenance(`Patient/${ana}`));
  expect(await found(w, `/Provenance?patient=${ana}`)).toEqual([id]);
  expect(await found(w, `/Patient/${ana}/Provenance`)).toEqual([id]);
});

test('the Provenance of a deleted dose stays in the record it was in', async () => {
  const gone = await store(w, dose(ana, '2024-05-05'));
  await w.fhir.delete(`/Immunization/${gone}`).expect(204);
  const id = await store(w, provenance(`Immunization/${gone}`));
  expect(await patientsOf(id)).toEqual([ana]);
});

test.each(['first', 'last'])('in a transaction too, where the Provenance comes %s', async (place) => {
  const doseEntry = {
    fullUrl: 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0',
    resource: dose(ana, '2024-06-06'),
    request: { method: 'POST', url: 'Immunization' },
  };
  const provenanceEntry = {
    resource: provenance(doseEntry.fullUrl),
    request: { method: 'POST', url: 'Provenance' },
  };
  const entry = place === 'first' ? [provenanceEntry, doseEntry] : [doseEntry, provenanceEntry];
  const { body } = (await w.fhir
    .post('/')
    .set('Content-Type', 'application/fhir+json')
    .send(JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }))
    .expect(200)) as { body: { entry: { response: { location: string } }[] } };
  const location = body.entry[place === 'first' ? 0 : 1]?.response.location ?? '';
  const id = /Provenance\/([^/]+)/.exec(location)?.[1] ?? '';
  expect(await patientsOf(id)).toEqual([ana]);
});

test('the record of who accessed what names the patient as well', async () => {
  const id = await store(w, provenance(`Immunization/${anas}`));
  const event = await w.services.connection
    .collection('AuditEvent')
    .findOne({ json: { $regex: `Provenance/${id}/_history/1` } });
  expect(event?.['patients']).toContain(ana);
});
