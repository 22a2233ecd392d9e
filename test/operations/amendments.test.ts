/** A wish to have a record amended: whose record, who answers, and that wish and answer are both kept. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'fhir-kit-client';
import { enrol, guarded, tokenOf, withScope } from '../auth/bearer.ts';
import { clinic, create, given, staff, type Send } from '../status/people.ts';
import { idsIn, type Reply, type Seen } from '../world/requests.ts';
import { organization, patient } from '../world/resources.ts';
import type { World } from '../world/world.ts';

let w: World;
let [a, b, ana, bo, shot] = ['', '', '', '', ''];

beforeAll(async () => {
  w = await guarded();
  a = (await create(staff(w), organization({ name: 'A' }))).id;
  b = (await create(staff(w), organization({ name: 'B' }))).id;
  ana = (await create(staff(w), patient())).id;
  bo = (
    await create(staff(w), patient({ name: [{ family: 'Okafor', given: ['Bo'] }], birthDate: '2011-01-02' }))
  ).id;
  shot = (await create(clinic(w, a), given(ana, a, '2024-03-01', { custodian: undefined }))).id;
  await enrol(w, { id: 'boss', what: 'person', role: 'registry-manager' });
});
afterAll(() => w.end());

const claimsOfPerson = (id: string, scope: string) => ({
  ...{ client_id: 'app', sub: `self-${id}`, patient: id, fhirUser: `${w.url}/Patient/${id}`, scope },
  ...{ role: 'patient', purpose_of_use: 'PATRQT' },
});
const person = (id: string, scope = 'patient/*.crs'): Send => withScope(w, scope, claimsOfPerson(id, scope));

const parameters = (values: object): object => ({
  resourceType: 'Parameters',
  parameter: Object.entries(values).map(([name, value]) => ({
    name,
    ...(typeof value === 'string' ? { valueString: value } : (value as object)),
  })),
});
const reference = (to: string): object => ({ valueReference: { reference: to } });
const asks = (send: Send, id: string, values: object): Promise<Reply> =>
  send('POST', `/Patient/${id}/$request-amendment`, { body: parameters(values) });
const answers = (send: Send, task: string, values: object): Promise<Reply> =>
  send('POST', `/Task/${task}/$answer-amendment`, { body: parameters(values) });
const wish = async (about?: string): Promise<Seen> => {
  const { status, body, text } = await asks(person(ana), ana, {
    text: 'That dose was given a day later.',
    ...(about !== undefined && { about: reference(about) }),
  });
  if (status !== 201) throw new Error(text);
  return body;
};
const noticesTo = async (to: string): Promise<readonly string[]> =>
  (await w.rooms.store.notes<{ _id: string; text: string }>('notices', { to }, 50)).map(({ text }) => text);

test('a person asks for an amendment of the own record; whoever holds the dose answers, and the person sees it', async () => {
  await person(ana)('GET', `/Patient/${ana}`);
  const token = tokenOf(w, claimsOfPerson(ana, 'patient/*.crs'));
  const app = new Client({ baseUrl: w.url, bearerToken: token });
  const kept = (await app.operation({
    ...{ name: 'request-amendment', resourceType: 'Patient', id: ana, method: 'POST' },
    input: parameters({ text: 'A day later.', about: reference(`Immunization/${shot}`) }) as never,
  })) as unknown as Seen;
  expect(kept).toMatchObject({
    ...{ status: 'requested', description: 'A day later.', for: { reference: `Patient/${ana}` } },
    ...{ focus: { reference: `Immunization/${shot}` }, owner: { reference: `Organization/${a}` } },
  });
  expect(await noticesTo(`organization:${a}`)).toEqual([expect.stringContaining(`Task/${kept.id}`)]);

  const accepted = await answers(clinic(w, a), kept.id, { outcome: 'accept', reason: 'Our mistake.' });
  expect([accepted.status, accepted.body['status']]).toEqual([200, 'accepted']);
  const dose = (await clinic(w, a)('GET', `/Immunization/${shot}`)).body;
  const put = await clinic(w, a)('PUT', `/Immunization/${shot}`, {
    body: { ...dose, occurrenceDateTime: '2024-03-02' },
  });
  expect(put.status).toBe(200);
  const done = await answers(clinic(w, a), kept.id, {
    ...{ outcome: 'accept', correction: reference(`Immunization/${shot}`) },
  });
  expect([done.status, done.body['status']]).toEqual([200, 'completed']);

  const seen = (await person(ana)('GET', `/Task/${kept.id}`)).body;
  expect(seen).toMatchObject({
    ...{ status: 'completed', description: 'A day later.', statusReason: { text: 'Our mistake.' } },
    output: [{ valueReference: { reference: `Immunization/${shot}` } }],
  });
  expect(idsIn((await person(ana)('GET', `/Task?patient=${ana}`)).body)).toEqual([kept.id]);
  expect(await noticesTo(`account:self-${ana}`)).toHaveLength(2);
  expect((await answers(clinic(w, a), kept.id, { outcome: 'deny', reason: 'No.' })).status).toBe(409);
});

test('staff answer what no organization holds; a denial has a reason', async () => {
  const { id } = await wish();
  expect((await noticesTo('account:boss')).join()).toContain(`Task/${id}`);
  expect((await answers(staff(w), id, { outcome: 'deny' })).status).toBe(422);
  const denied = await answers(staff(w), id, { outcome: 'deny', reason: 'The card says otherwise.' });
  expect([denied.status, denied.body['status']]).toEqual([200, 'rejected']);
  const { body } = await person(ana)('GET', `/Task/${id}`);
  expect(body['statusReason']).toEqual({ text: 'The card says otherwise.' });
});

test('nobody asks for another, or about what is not in the record, or with a token that only reads', async () => {
  expect((await asks(person(ana), bo, { text: 'x' })).status).toBe(404);
  expect((await asks(clinic(w, a), ana, { text: 'x' })).status).toBe(403);
  expect((await asks(staff(w), ana, { text: 'x' })).status).toBe(403);
  expect((await asks(person(ana, 'patient/*.rs'), ana, { text: 'x' })).status).toBe(403);
  const other = (await create(clinic(w, b), given(bo, b, '2024-05-01'))).id;
  const [strange, absent] = await Promise.all(
    [other, 'none'].map((id) =>
      asks(person(ana), ana, { text: 'x', about: reference(`Immunization/${id}`) }),
    ),
  );
  expect([strange?.status, strange?.body.issue]).toEqual([422, absent?.body.issue]);
  for (const values of [{ about: reference(`Immunization/${shot}`) }, { text: 'x'.repeat(4001) }])
    expect((await asks(person(ana), ana, values)).status).toBe(422);
  const direct = await person(ana)('POST', '/Task', {
    body: {
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      for: { reference: `Patient/${ana}` },
    },
  });
  expect(direct.status).toBe(403);
});

test('nobody else answers, and nobody else sees a wish', async () => {
  const { id } = await wish(`Immunization/${shot}`);
  const guardian = withScope(w, 'patient/*.crs', {
    ...{ client_id: 'app', sub: 'mother', patient: ana, fhirUser: `${w.url}/RelatedPerson/m` },
    ...{ role: 'guardian', purpose_of_use: 'FAMRQT' },
  }) as Send;
  const answer = { outcome: 'accept' };
  expect((await answers(clinic(w, b), id, answer)).status).toBe(404);
  expect((await answers(person(ana), id, answer)).status).toBe(403);
  expect((await answers(person(bo), id, answer)).status).toBe(404);
  expect((await answers(guardian, id, answer)).status).toBe(404);
  expect(idsIn((await guardian('GET', `/Task?patient=${ana}`)).body)).toEqual([]);
  const reader = clinic(w, a, { client_id: 'reader', sub: 'reader', role: 'provider-read-only' });
  expect((await answers(reader, id, answer)).status).toBe(403);
  const { id: review } = await create(staff(w), {
    ...{ resourceType: 'Task', status: 'requested', intent: 'order', for: { reference: `Patient/${ana}` } },
  });
  expect((await person(ana)('GET', `/Task/${review}`)).status).toBe(404);
  expect((await answers(staff(w), review, answer)).status).toBe(422);
});

test('an account has a few wishes open at a time', async () => {
  const statuses: number[] = [];
  for (let n = 0; n < 12; n += 1) statuses.push((await asks(person(bo), bo, { text: `Wish ${n}` })).status);
  expect(statuses.slice(-2)).toEqual([429, 429]);
  expect(statuses.filter((each) => each === 201)).toHaveLength(10);
});
