/** What fhir-kit-client 2 asks of a server: every call of its own, against one that listens (https://github.com/Vermonster/fhir-kit-client). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'fhir-kit-client';
import type { Seen } from '../../world/requests.ts';
import { dose, patientWith } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

type Body = Parameters<Client['create']>[0]['body'];
type Paged = Parameters<Client['nextPage']>[0]['bundle'];

let w: World;
let client: Client;
let ana: Seen;
beforeAll(async () => {
  w = await world();
  client = new Client({ baseUrl: w.url });
  ana = await create('Patient', patientWith('ana'));
  for (let n = 1; n <= 5; n += 1) {
    await create('Immunization', dose(ana.id, { occurrenceDateTime: `2024-01-0${n}` }));
  }
});
afterAll(() => w.end());

const seen = (answer: unknown): Seen => answer as Seen;
const responseOf = (answer: Parameters<typeof Client.httpFor>[0]): Response | undefined =>
  Client.httpFor(answer).response;

async function create(resourceType: string, resource: object): Promise<Seen> {
  return seen(await client.create({ resourceType, body: resource as Body }));
}

/** The fault that a call ends in: its status and outcome. */
async function faultOf(call: Promise<unknown>): Promise<{ status: number; data: Seen }> {
  const fault: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  return (fault as { response: { status: number; data: Seen } }).response;
}

test('create, read and vread answer the resource, with its version in the headers', async () => {
  const created = await client.create({ resourceType: 'Patient', body: patientWith('crud') as Body });
  const { id } = seen(created);
  expect(responseOf(created)?.status).toBe(201);
  expect(responseOf(created)?.headers.get('location')).toBe(`${w.url}/Patient/${id}/_history/1`);
  const read = await client.read({ resourceType: 'Patient', id });
  expect(read).toEqual(created);
  expect(responseOf(read)?.headers.get('etag')).toBe('W/"1"');
  expect(await client.vread({ resourceType: 'Patient', id, version: '1' })).toEqual(created);
});

test('update, patch and delete change it; a stale version is refused', async () => {
  const { id } = await create('Patient', patientWith('change'));
  const body = { ...patientWith('change'), id, gender: 'female' } as unknown as Body;
  const updated = seen(await client.update({ resourceType: 'Patient', id, body }));
  expect([updated.meta.versionId, updated['gender']]).toEqual(['2', 'female']);
  const patched = await client.patch({
    resourceType: 'Patient',
    id,
    jsonPatch: [{ op: 'replace', path: '/gender', value: 'other' }],
  });
  expect(seen(patched)['gender']).toBe('other');
  const options = { headers: { 'If-Match': 'W/"1"' } };
  const stale = await faultOf(client.update({ resourceType: 'Patient', id, body, options }));
  expect([stale.status, stale.data.resourceType]).toEqual([412, 'OperationOutcome']);
  expect(await client.delete({ resourceType: 'Patient', id })).toEqual({});
  const gone = await faultOf(client.read({ resourceType: 'Patient', id }));
  expect([gone.status, gone.data.issue?.[0]?.code]).toEqual([410, 'deleted']);
});

test('a conditional update finds its resource', async () => {
  const first = await client.update({
    resourceType: 'Patient',
    searchParams: { identifier: 'conditional' },
    body: patientWith('conditional') as Body,
  });
  const again = await client.update({
    resourceType: 'Patient',
    searchParams: { identifier: 'conditional' },
    body: patientWith('conditional', { gender: 'male' }) as Body,
  });
  expect([seen(again).id, seen(again).meta.versionId]).toEqual([seen(first).id, '2']);
});

test('searches by GET and by POST, of a type and of a compartment, find the same', async () => {
  const searchParams = { patient: ana.id, _sort: 'date' };
  const got = await client.search({ resourceType: 'Immunization', searchParams });
  const options = { postSearch: true };
  const posted = await client.search({ resourceType: 'Immunization', searchParams, options });
  const compartment = { resourceType: 'Patient', id: ana.id };
  const inRecord = await client.search({
    resourceType: 'Immunization',
    compartment,
    searchParams: { _sort: 'date' },
  });
  expect(seen(got).total).toBe(5);
  expect(seen(posted).entry).toEqual(seen(got).entry);
  expect(seen(inRecord).entry).toEqual(seen(got).entry);
  const repeated = { patient: ana.id, date: ['ge2024-01-02', 'lt2024-01-04'] };
  expect(seen(await client.search({ resourceType: 'Immunization', searchParams: repeated })).total).toBe(2);
});

test('nextPage and prevPage walk through a search', async () => {
  const searchParams = { patient: ana.id, _sort: 'date', _count: 2 };
  const first = await client.search({ resourceType: 'Immunization', searchParams });
  const second = await client.nextPage({ bundle: first as Paged });
  const third = await client.nextPage({ bundle: second as Paged });
  expect([first, second, third].map((page) => seen(page).entry?.length)).toEqual([2, 2, 1]);
  expect(client.nextPage({ bundle: third as Paged })).toBeUndefined();
  const back = await client.prevPage({ bundle: third as Paged });
  expect(seen(back).entry).toEqual(seen(second).entry);
});

test('histories of a resource, a type and the system', async () => {
  const ofOne = await client.history({ resourceType: 'Patient', id: ana.id });
  const ofType = await client.history({ resourceType: 'Immunization' });
  const ofAll = await client.history();
  expect([ofOne, ofType, ofAll].map((each) => seen(each).type)).toEqual(['history', 'history', 'history']);
  expect([seen(ofOne).total, seen(ofType).total]).toEqual([1, 5]);
});

test('batch and transaction', async () => {
  const entry = (value: string): object => ({
    resource: patientWith(value),
    request: { method: 'POST', url: 'Patient' },
  });
  const body = (type: string): Body => ({
    resourceType: 'Bundle',
    type,
    entry: [entry(`${type}-1`), entry(`${type}-2`)],
  });
  for (const [type, answer] of [
    ['batch', await client.batch({ body: body('batch') })],
    ['transaction', await client.transaction({ body: body('transaction') })],
  ] as const) {
    expect(seen(answer).type).toBe(`${type}-response`);
    expect(seen(answer).entry?.map(({ response }) => response?.status)).toEqual(['201', '201']);
  }
});

test('capabilityStatement, resolve and an operation', async () => {
  expect(await client.capabilityStatement()).toMatchObject({ fhirVersion: '4.0.1' });
  expect(await client.resolve({ reference: `Patient/${ana.id}` })).toEqual(ana);
  expect(await client.resolve({ reference: `${w.url}/Patient/${ana.id}` })).toEqual(ana);
  const everything = await client.operation({
    name: 'everything',
    resourceType: 'Patient',
    id: ana.id,
    method: 'GET',
  });
  const doses = seen(everything).entry?.filter(({ resource }) => resource?.resourceType === 'Immunization');
  expect(doses?.length).toBe(5);
});

test('a refusal is told as an OperationOutcome', async () => {
  const refused = await faultOf(
    client.create({ resourceType: 'Patient', body: { resourceType: 'Patient' } }),
  );
  expect([refused.status, refused.data.resourceType]).toEqual([422, 'OperationOutcome']);
  const unknown = await faultOf(client.search({ resourceType: 'Patient', searchParams: { nonsense: 1 } }));
  expect([unknown.status, unknown.data.resourceType]).toEqual([400, 'OperationOutcome']);
});
