/** What fhirclient 2, the SMART on FHIR JavaScript client, asks of a server (https://github.com/smart-on-fhir/client-js). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fhirClient from 'fhirclient/lib/FhirClient.js';
import type { Seen } from '../../world/requests.ts';
import { dose, MRN, patientWith } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

/** What of the client is called here; its own types need those of another package. */
interface Client {
  create(resource: object): Promise<Seen>;
  create(resource: object, options: { includeResponse: true }): Promise<{ response: Response; body: Seen }>;
  update(resource: object): Promise<Seen>;
  patch(url: string, patch: readonly object[]): Promise<Seen>;
  delete(url: string): Promise<unknown>;
  pages(url: string): AsyncGenerator<Seen>;
  resources(url: string): AsyncGenerator<Seen>;
  getReferences(resource: Seen, paths: readonly string[]): Promise<Readonly<Record<string, Seen>>>;
  fhirRequest(url: string, options?: object): Promise<Seen>;
}
const FhirClient = fhirClient.default as unknown as new (url: string) => Client;

let w: World;
let client: Client;
let ana: Seen;
beforeAll(async () => {
  w = await world();
  client = new FhirClient(w.url);
  ana = await create(patientWith('ana'));
  for (let n = 1; n <= 5; n += 1) await create(dose(ana.id, { occurrenceDateTime: `2024-01-0${n}` }));
});
afterAll(() => w.end());

const create = (resource: object): Promise<Seen> => client.create(resource);
const read = (path: string): Promise<Seen> => client.fhirRequest(path);

/** The fault that a call ends in: its status, and the outcome, which the client has in its message. */
async function faultOf(call: Promise<unknown>): Promise<{ readonly status: number; readonly outcome: Seen }> {
  const { status, message } = (await call.then(
    () => ({ status: 200, message: '{}' }),
    (error: unknown) => error,
  )) as { status: number; message: string };
  return { status, outcome: JSON.parse(message.slice(message.indexOf('{'))) as Seen };
}

test('create and read', async () => {
  const made = await create(patientWith('crud'));
  expect([made.resourceType, made.meta.versionId]).toEqual(['Patient', '1']);
  expect(await read(`Patient/${made.id}`)).toEqual(made);
  const { response } = await client.create(patientWith('headers'), { includeResponse: true });
  expect([response.status, response.headers.get('etag')]).toEqual([201, 'W/"1"']);
});

test('update and patch make new versions, delete an end', async () => {
  const made = await create(patientWith('change'));
  const updated = await client.update({ ...made, gender: 'female' });
  expect([updated.meta.versionId, updated['gender']]).toEqual(['2', 'female']);
  const patched = await client.patch(`Patient/${made.id}`, [
    { op: 'replace', path: '/gender', value: 'other' },
  ]);
  expect(patched['gender']).toBe('other');
  await client.delete(`Patient/${made.id}`);
  expect((await faultOf(read(`Patient/${made.id}`))).status).toBe(410);
});

test('a search finds, and pages and resources are walked to the end', async () => {
  const path = `Immunization?patient=${ana.id}&_sort=date`;
  expect((await read(path)).total).toBe(5);
  const sizes: number[] = [];
  for await (const page of client.pages(`${path}&_count=2`)) sizes.push(page.entry?.length ?? 0);
  expect(sizes).toEqual([2, 2, 1]);
  const days: unknown[] = [];
  for await (const each of client.resources(`${path}&_count=2`)) days.push(each['occurrenceDateTime']);
  expect(days).toEqual([1, 2, 3, 4, 5].map((n) => `2024-01-0${n}`));
});

test('references are resolved', async () => {
  const found = await read(`Immunization?patient=${ana.id}&_count=1`);
  const one = found.entry?.[0]?.resource;
  if (one === undefined) throw new Error('no dose was found');
  const graph = await client.getReferences(one, ['patient']);
  expect(Object.values(graph)).toEqual([ana]);
});

test('a transaction is all or nothing', async () => {
  const send = (...entry: object[]): Promise<Seen> =>
    client.fhirRequest('', {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
    });
  const request = (url: string) => ({ request: { method: 'POST', url } });
  const urn = 'urn:uuid:0b2f6a3c-3f0f-4a38-9d40-4a7a4f8a7c12';
  const answer = await send(
    { fullUrl: urn, resource: patientWith('together'), ...request('Patient') },
    { resource: { ...dose('x'), patient: { reference: urn } }, ...request('Immunization') },
  );
  expect(answer.entry?.map(({ response }) => response?.status)).toEqual(['201', '201']);
  const refused = await faultOf(
    send(
      { resource: patientWith('half'), ...request('Patient') },
      { resource: dose('nobody'), ...request('Immunization') },
    ),
  );
  expect([refused.status >= 400, refused.outcome.resourceType]).toEqual([true, 'OperationOutcome']);
  expect((await read(`Patient?identifier=${MRN}|half`)).total).toBe(0);
});

test('a refusal is an error with the status and the outcome', async () => {
  const refused = await faultOf(create({ resourceType: 'Patient' }));
  expect([refused.status, refused.outcome.resourceType]).toEqual([422, 'OperationOutcome']);
  const unknown = await faultOf(read('Patient?nonsense=1'));
  expect([unknown.status, unknown.outcome.resourceType]).toEqual([400, 'OperationOutcome']);
});
