/** Staff settle whose record it is that waits: it is filed as it came, and its sender is told. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { guarded, withScope } from '../../auth/bearer.ts';
import { bundle, call, made, type Reply, type Seen } from '../../world/requests.ts';
import { dose, organization } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';
import { arrives, CLINIC_MRN, maya, unclear } from './people.ts';

let w: World;
let known: Seen;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());
afterEach(async () => {
  const names = ['Patient', 'Task', 'pending', 'placements', 'reservations', 'Immunization', 'standings'];
  for (const name of names) await w.services.connection.collection(name).deleteMany({});
});

const waiting = async (): Promise<string> => {
  known = await made(w, maya());
  return (await arrives(w, unclear())).headers.get('location') ?? '';
};
const settle = (task: string, outcome: string, more: readonly object[] = []): Promise<Reply> =>
  call(w, 'POST', `${task}/$settle`, {
    body: {
      resourceType: 'Parameters',
      parameter: [{ name: 'outcome', valueCode: outcome }, ...more],
    },
  });
const patientIs = (id: string): object => ({
  name: 'patient',
  valueReference: { reference: `Patient/${id}` },
});
const people = async (): Promise<number | undefined> =>
  (await call(w, 'GET', '/Patient?_summary=count')).body.total;

test('the same person: the record on file gets the number, and the same record finds it from then on', async () => {
  const task = await waiting();
  const { status, body } = await settle(task, 'same-person', [patientIs(known.id)]);
  expect([status, body['status']]).toEqual([200, 'completed']);
  expect(body).toMatchObject({
    for: { reference: `Patient/${known.id}` },
    output: [{ valueReference: { reference: `Patient/${known.id}/_history/2` } }],
  });
  const found = await call(w, 'GET', `/Patient?identifier=${CLINIC_MRN}|L-77`);
  expect(found.body.entry?.[0]?.resource?.id).toBe(known.id);
  const again = await arrives(w, unclear());
  expect([again.status, again.body.id]).toEqual([200, known.id]);
  expect(await people()).toBe(1);
});

test('a new person: it is made as it came, and found when it comes again', async () => {
  const task = await waiting();
  expect((await settle(task, 'new-person')).body['status']).toBe('completed');
  expect(await people()).toBe(2);
  const again = await arrives(w, unclear());
  expect([again.status, (again.body['name'] as { given: string[] }[])[0]?.given]).toEqual([
    200,
    ['Esperanza'],
  ]);
  expect(await people()).toBe(2);
});

test('rejected: nothing is filed, and the same record is refused when it comes again', async () => {
  const task = await waiting();
  const { body } = await settle(task, 'reject', [{ name: 'reason', valueString: 'A test record.' }]);
  expect(body).toMatchObject({ status: 'rejected', statusReason: { text: 'A test record.' } });
  const again = await arrives(w, unclear());
  expect([again.status, again.body.issue?.[0]?.code]).toEqual([422, 'business-rule']);
  expect(await people()).toBe(1);
});

test('a whole transaction goes on with the person that staff named', async () => {
  known = await made(w, maya());
  const entry = [
    { fullUrl: 'urn:uuid:8b1c', resource: unclear(), request: { method: 'POST', url: 'Patient' } },
    {
      resource: { ...dose('x'), patient: { reference: 'urn:uuid:8b1c' } },
      request: { method: 'POST', url: 'Immunization' },
    },
  ];
  const { headers } = await bundle(w, 'transaction', entry, { prefer: 'placing=match' });
  await settle(headers.get('location') ?? '', 'same-person', [patientIs(known.id)]);
  expect((await call(w, 'GET', `/Immunization?patient=${known.id}&_summary=count`)).body.total).toBe(1);
  expect(await people()).toBe(1);
});

test('what waits is shown to staff as it came, beside whom it may be of', async () => {
  const task = await waiting();
  const { body } = await call(w, 'GET', `${task}/$review`);
  const parameters = body['parameter'] as { name: string; valueBase64Binary?: string; part?: unknown[] }[];
  const original = parameters.find(({ name }) => name === 'original')?.valueBase64Binary ?? '';
  expect(JSON.parse(Buffer.from(original, 'base64').toString('utf8'))).toEqual(
    JSON.parse(JSON.stringify(unclear())),
  );
  expect(parameters.find(({ name }) => name === 'candidate')?.part).toContainEqual({
    name: 'patient',
    resource: known,
  });
});

describe('is refused', () => {
  test('once it is settled, without an outcome, without the person, or of another Task', async () => {
    const task = await waiting();
    expect((await settle(task, 'perhaps')).status).toBe(422);
    expect((await settle(task, 'same-person')).status).toBe(422);
    expect((await settle(task, 'same-person', [patientIs('nobody')])).status).toBe(404);
    expect((await settle(task, 'reject')).status).toBe(200);
    expect((await settle(task, 'new-person')).status).toBe(409);
    const other = await made(w, { resourceType: 'Task', status: 'requested', intent: 'order' });
    expect((await settle(`/Task/${other.id}`, 'reject')).status).toBe(422);
    expect((await settle('/Task/none', 'reject')).status).toBe(404);
  });

  test('when two settle at once: one word counts', async () => {
    const task = await waiting();
    const answers = await Promise.all([settle(task, 'new-person'), settle(task, 'reject')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('to whoever is not of the registry’s staff; and its sender is told what became of it', async () => {
    const other = await guarded({ beside: w });
    const clinic = await made(w, organization());
    known = await made(w, maya());
    const scope = 'system/Patient.crus system/Task.crus';
    const send = withScope(other, scope, {
      role: 'provider',
      organization: clinic.id,
      purpose_of_use: 'TREAT',
    });
    const { status, headers } = await send('POST', '/Patient', { body: unclear() });
    expect(status).toBe(202);
    const task = (headers.get('location') ?? '').replace(other.url, w.url);
    const path = new URL(task).pathname.replace('/fhir/R4', '');
    const body = {
      resourceType: 'Parameters',
      parameter: [{ name: 'outcome', valueCode: 'new-person' }],
    };
    expect((await send('POST', `${path}/$settle`, { body })).status).toBe(403);
    expect((await send('GET', `${path}/$review`)).status).toBe(403);
    expect((await settle(path, 'new-person')).status).toBe(200);
    const told = await call(w, 'GET', `/Communication?recipient=Organization/${clinic.id}`);
    expect(told.body.entry?.[0]?.resource).toMatchObject({
      about: [{ reference: path.slice(1) }],
      payload: [{ contentString: 'The record is filed as a new person.' }],
    });
    expect(told.text).not.toContain('Esperanza');
    await other.end();
  });
});
