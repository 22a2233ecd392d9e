/** What the client of @medplum/core 5 asks of a server that is not its own (https://www.medplum.com/docs/sdk). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MedplumClient, OperationOutcomeError } from '@medplum/core';
import type { Bundle, Immunization, Patient } from '@medplum/fhirtypes';
import { FHIR_PATH } from '../../../src/app.ts';
import { dose, MRN, patientWith } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
let client: MedplumClient;
let ana: Patient & { readonly id: string };
beforeAll(async () => {
  w = await world();
  // Its cache would answer a second read by itself.
  client = new MedplumClient({
    baseUrl: w.url.slice(0, -FHIR_PATH.length),
    fhirUrlPath: FHIR_PATH.slice(1),
    cacheTime: 0,
    fetch,
  });
  ana = await client.createResource(patientWith('ana') as Patient);
  for (let n = 1; n <= 5; n += 1) {
    await client.createResource(dose(ana.id, { occurrenceDateTime: `2024-01-0${n}` }) as Immunization);
  }
});
afterAll(() => w.end());

/** The refusal that a call ends in. */
async function refusalOf(call: PromiseLike<unknown>): Promise<OperationOutcomeError> {
  const fault: unknown = await Promise.resolve(call).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(OperationOutcomeError);
  return fault as OperationOutcomeError;
}

test('createResource, readResource, readVersion and readHistory', async () => {
  const made = await client.createResource(patientWith('crud') as Patient);
  expect([made.resourceType, made.meta?.versionId]).toEqual(['Patient', '1']);
  expect(await client.readResource('Patient', made.id)).toEqual(made);
  expect(await client.readVersion('Patient', made.id, '1')).toEqual(made);
  const history = await client.readHistory('Patient', made.id);
  expect(history.entry?.map(({ resource }) => resource?.meta?.versionId)).toEqual(['1']);
});

test('createResourceIfNoneExist answers what is there', async () => {
  const query = `identifier=${MRN}|none-yet`;
  const first = await client.createResourceIfNoneExist(patientWith('none-yet') as Patient, query);
  const second = await client.createResourceIfNoneExist(patientWith('none-yet') as Patient, query);
  expect(second).toEqual(first);
});

test('updateResource, upsertResource and patchResource make new versions, deleteResource an end', async () => {
  const made = await client.createResource(patientWith('change') as Patient);
  const updated = await client.updateResource<Patient>({ ...made, gender: 'female' });
  expect([updated.meta?.versionId, updated.gender]).toEqual(['2', 'female']);
  const upserted = await client.upsertResource<Patient>(
    { ...updated, gender: 'male' },
    `identifier=${MRN}|change`,
  );
  expect([upserted.id, upserted.meta?.versionId]).toEqual([made.id, '3']);
  const patched = await client.patchResource('Patient', made.id, [
    { op: 'replace', path: '/gender', value: 'other' },
  ]);
  expect([patched.meta?.versionId, patched.gender]).toEqual(['4', 'other']);
  await client.deleteResource('Patient', made.id);
  const gone = await refusalOf(client.readResource('Patient', made.id));
  expect(gone.outcome.issue[0]?.code).toBe('deleted');
});

test('search, searchOne and searchResources find by what the client builds of objects', async () => {
  const bundle = await client.search('Immunization', { patient: `Patient/${ana.id}`, _sort: 'date' });
  expect(bundle.total).toBe(5);
  const one = await client.searchOne('Patient', { identifier: `${MRN}|ana` });
  expect(one).toEqual(ana);
  const doses = await client.searchResources('Immunization', `patient=Patient/${ana.id}&date=ge2024-01-04`);
  expect(doses.map(({ occurrenceDateTime }) => occurrenceDateTime).sort()).toEqual([
    '2024-01-04',
    '2024-01-05',
  ]);
});

test('searchResourcePages walks by the links to the end', async () => {
  const pages: number[] = [];
  const days: (string | undefined)[] = [];
  const query = { patient: `Patient/${ana.id}`, _sort: 'date', _count: 2 };
  for await (const page of client.searchResourcePages('Immunization', query)) {
    pages.push(page.length);
    days.push(...page.map(({ occurrenceDateTime }) => occurrenceDateTime));
  }
  expect(pages).toEqual([2, 2, 1]);
  expect(days).toEqual([1, 2, 3, 4, 5].map((n) => `2024-01-0${n}`));
});

test('executeBatch carries out a transaction whose entries refer to one another', async () => {
  const urn = 'urn:uuid:0b2f6a3c-3f0f-4a38-9d40-4a7a4f8a7c11';
  const bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      { fullUrl: urn, resource: patientWith('together'), request: { method: 'POST', url: 'Patient' } },
      {
        resource: { ...dose('x'), patient: { reference: urn } },
        request: { method: 'POST', url: 'Immunization' },
      },
    ],
  } as Bundle;
  const answer = await client.executeBatch(bundle);
  expect(answer.entry?.map(({ response }) => response?.status)).toEqual(['201', '201']);
  const together = await client.searchOne('Patient', { identifier: `${MRN}|together` });
  const doses = await client.searchResources('Immunization', { patient: `Patient/${together?.id ?? ''}` });
  expect(doses).toHaveLength(1);
});

test('executeBatch of a transaction that cannot be done leaves nothing', async () => {
  const bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      { resource: patientWith('half'), request: { method: 'POST', url: 'Patient' } },
      { resource: dose('nobody'), request: { method: 'POST', url: 'Immunization' } },
    ],
  } as Bundle;
  const refused = await refusalOf(client.executeBatch(bundle));
  expect(refused.outcome.issue[0]?.severity).toBe('error');
  expect(await client.searchOne('Patient', { identifier: `${MRN}|half` })).toBeUndefined();
});

test('readPatientEverything and validateResource call operations', async () => {
  const everything = await client.readPatientEverything(ana.id);
  const types = everything.entry?.map(({ resource }) => resource?.resourceType);
  expect(types?.filter((type) => type === 'Immunization')).toHaveLength(5);
  const outcome = await client.validateResource(dose(ana.id) as Immunization);
  expect(outcome.issue.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('a refusal is an OperationOutcomeError that says what is wrong', async () => {
  const refused = await refusalOf(client.createResource({ resourceType: 'Patient' }));
  expect(refused.outcome.issue.map(({ severity }) => severity)).toContain('error');
  const unknown = await refusalOf(client.search('Patient', { nonsense: '1' }));
  expect(unknown.outcome.issue[0]?.diagnostics).toContain('nonsense');
});
