import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Response } from 'supertest';
import { databaseOf } from '../../src/storage/connect.ts';
import { world, type World } from '../world/world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

const SSN = 'http://hl7.org/fhir/sid/us-ssn';
const MASK = '***-**-****';
/** Any of the numbers of this file, however its digits are set apart. */
const NUMBERS = /(?<!\d)(123|234|345|456)[\s.-]?45[\s.-]?6789(?!\d)/;

const person = (value: string, more: object = {}): object => ({
  resourceType: 'Patient',
  identifier: [{ system: SSN, value }],
  name: [{ family: 'Marković', given: ['Ana'] }],
  birthDate: '2024-03-01',
  ...more,
});
const json = 'application/fhir+json';
const post = (path: string, body: object) =>
  w.fhir.post(path).set('Content-Type', json).send(JSON.stringify(body));
const put = (path: string, body: object) =>
  w.fhir.put(path).set('Content-Type', json).send(JSON.stringify(body));
const searchFor = (value: string, name = 'identifier'): Promise<Response> =>
  w.fhir
    .post('/Patient/_search')
    .type('form')
    .send({ [name]: `${SSN}|${value}` });
const found = async (value: string): Promise<readonly string[]> => {
  const answer = await searchFor(value);
  expect(answer.status).toBe(200);
  const { entry = [] } = answer.body as { entry?: { resource: { id: string } }[] };
  return entry.map(({ resource }) => resource.id);
};
const created = async (body: object): Promise<string> => {
  const answer = await post('/Patient', body);
  expect(answer.status).toBe(201);
  expect(answer.text).not.toMatch(NUMBERS);
  return (answer.body as { id: string }).id;
};

/** Everything that is stored, as text. */
async function everything(): Promise<string> {
  const db = databaseOf(w.services.connection);
  const names = await db.listCollections({}, { nameOnly: true }).toArray();
  const all = await Promise.all(names.map(({ name }) => db.collection(name).find().toArray()));
  return JSON.stringify(all);
}

describe('a social security number', () => {
  test('is found by a search in a body only, however it is written', async () => {
    const id = await created(person('123-45-6789'));
    expect(await found('123-45-6789')).toEqual([id]);
    expect(await found('123456789')).toEqual([id]);
    expect(await found('123-45-6780')).toEqual([]);
    const inUrl = await w.fhir.get(`/Patient?identifier=${encodeURIComponent(`${SSN}|123-45-6789`)}`);
    expect(inUrl.status).toBe(403);
    expect(inUrl.text).not.toMatch(NUMBERS);
  });

  test('is no criterion of a negation, a chain, a reference or a condition', async () => {
    const refused = await Promise.all([
      searchFor('123-45-6789', 'identifier:not'),
      w.fhir
        .post('/Immunization/_search')
        .type('form')
        .send({ 'patient.identifier': `${SSN}|123-45-6789` }),
      w.fhir
        .post('/Immunization/_search')
        .type('form')
        .send({ 'patient:identifier': `${SSN}|123-45-6789` }),
      post('/Patient', person('234-45-6789')).set('If-None-Exist', `identifier=${SSN}|234-45-6789`),
      put(`/Patient?identifier=${encodeURIComponent(`${SSN}|123-45-6789`)}`, person('234-45-6789')),
    ]);
    for (const answer of refused) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.text).not.toMatch(NUMBERS);
    }
    expect(await found('234-45-6789')).toEqual([]);
  });

  test('is shown as asterisks by every way of reading', async () => {
    const id = await created(
      person('345-45-6789', {
        text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">SSN 345456789</div>' },
      }),
    );
    const ways = ['', '/_history', '/_history/1'].map((path) => w.fhir.get(`/Patient/${id}${path}`));
    const searches = ['/Patient?name=ana', `/Patient?_id=${id}`, '/Patient/_history'].map((path) =>
      w.fhir.get(path),
    );
    for (const answer of await Promise.all([...ways, ...searches, searchFor('345-45-6789')])) {
      expect(answer.status).toBe(200);
      expect(answer.text).toContain(MASK);
      expect(answer.text).not.toMatch(NUMBERS);
    }
  });

  test('that comes back as asterisks is kept; another one replaces it, and the old one is not found any more', async () => {
    const id = await created(person('456-45-6789'));
    const kept = await put(`/Patient/${id}`, { ...person(MASK, { gender: 'female' }), id });
    expect(kept.status).toBe(200);
    expect(await found('456-45-6789')).toEqual([id]);
    const replaced = await put(`/Patient/${id}`, { ...person('567-89-0123', { gender: 'female' }), id });
    expect(replaced.status).toBe(200);
    expect((replaced.body as { meta: { versionId: string } }).meta.versionId).toBe('3');
    expect(await found('456-45-6789')).toEqual([]);
    expect(await found('567-89-0123')).toEqual([id]);
    const gone = await put(`/Patient/${id}`, {
      ...person('', { gender: 'female' }),
      identifier: undefined,
      id,
    });
    expect(gone.status).toBe(200);
    expect(await found('567-89-0123')).toEqual([]);
  });

  test('of asterisks on a new resource is refused, with the way out', async () => {
    const answer = await post('/Patient', person(MASK));
    expect(answer.status).toBe(422);
    expect(answer.text).toMatch(/asterisks/);
  });

  test('is kept by a patch that does not touch it', async () => {
    const id = await created(person('123-45-6789'));
    const patch = [{ op: 'add', path: '/gender', value: 'female' }];
    const answer = await w.fhir
      .patch(`/Patient/${id}`)
      .set('Content-Type', 'application/json-patch+json')
      .send(JSON.stringify(patch));
    expect(answer.status).toBe(200);
    expect(await found('123-45-6789')).toContain(id);
  });

  test('is in a transaction as secret as alone', async () => {
    const entry = { resource: person('345-45-6789'), request: { method: 'POST', url: 'Patient' } };
    const answer = await post('/', { resourceType: 'Bundle', type: 'transaction', entry: [entry] }).set(
      'Prefer',
      'return=representation',
    );
    expect(answer.status).toBe(200);
    expect(answer.text).not.toMatch(NUMBERS);
    expect((await found('345-45-6789')).length).toBeGreaterThan(0);
  });

  test('of a resource that is refused is not in what is told of it', async () => {
    const answer = await post(
      '/Patient',
      person('123-45-6789', { gender: '123-45-6789', birthDate: '123-45-6789' }),
    );
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).not.toMatch(NUMBERS);
  });

  test('is nowhere in what is stored or logged: not in indexes, histories, audit or reservations', async () => {
    const keyed = await post('/Patient', person('234-45-6789')).set('Idempotency-Key', 'once');
    expect(keyed.status).toBe(201);
    await w.fhir.delete(`/Patient/${(keyed.body as { id: string }).id}`);
    const all = await everything();
    expect(all).toContain('AuditEvent');
    expect(all).not.toMatch(NUMBERS);
    expect(JSON.stringify(w.logged)).not.toMatch(NUMBERS);
  });
});
