import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { world, type World } from './world/world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

const ana = { resourceType: 'Patient', name: [{ family: 'Marković', given: ['Ana'] }], birthDate: '2024-03-01' };

test('a dose that is posted is found again', async () => {
  const patient = await w.fhir.post('/Patient').set('Content-Type', 'application/fhir+json').send(JSON.stringify(ana));
  expect(patient.status).toBe(201);
  const dose = {
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '08' }] },
    patient: { reference: `Patient/${patient.body.id}` },
    occurrenceDateTime: '2024-03-01',
  };
  const created = await w.fhir.post('/Immunization').set('Content-Type', 'application/fhir+json').send(JSON.stringify(dose));
  expect(created.status).toBe(201);
  const found = await w.fhir.get(`/Immunization?patient=${patient.body.id}`);
  expect(found.body.entry[0].resource.id).toBe(created.body.id);
});
