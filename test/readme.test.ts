/** What the README shows is what happens. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, Immunization, Patient } from '@medplum/fhirtypes';
import { world, type World } from './world/world.ts';

const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');

/** The resources that the README's commands post, in their order. */
const posted = [...readme.matchAll(/-d '(\{[\s\S]*?\})'/g)].map(([, body = '']) => body);
/** The searches it shows. */
const searched = [...readme.matchAll(/'localhost:3000\/fhir\/R4(\/[^']+)'/g)].map(([, path = '']) => path);

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

const post = async <R>(type: string, body: string): Promise<R> => {
  const answer = await w.fhir.post(`/${type}`).set('Content-Type', 'application/fhir+json').send(body);
  expect(answer.status).toBe(201);
  return answer.body as R;
};

describe('the README', () => {
  test('posts a dose and finds it again', async () => {
    const [patientBody = '', doseBody = ''] = posted;
    const patient = await post<Patient>('Patient', patientBody);
    const dose = await post<Immunization>('Immunization', doseBody.replace('THE-ID', patient.id ?? ''));
    const [byName = '', ofPatient = ''] = searched.map((path) => path.replace('THE-ID', patient.id ?? ''));
    const people = (await w.fhir.get(byName)).body as Bundle;
    expect(people.entry?.map(({ resource }) => resource?.id)).toEqual([patient.id]);
    const doses = (await w.fhir.get(ofPatient)).body as Bundle;
    expect(doses.entry?.map(({ resource }) => resource?.id)).toEqual([dose.id, patient.id]);
  });
});
