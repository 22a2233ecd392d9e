/** A Patient that comes from a system which does not know the registry's id: one on file, a new one, or one to settle. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { bundle, call, made, type Seen } from '../../world/requests.ts';
import { dose } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';
import { arrives, brother, CLINIC_MRN, maya, mayaAgain, unclear } from './people.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());
afterEach(async () => {
  const names = [
    'Patient',
    'Patient_history',
    'Task',
    'pending',
    'placements',
    'reservations',
    'Provenance',
    'Immunization',
  ];
  for (const name of names) await w.services.connection.collection(name).deleteMany({});
});

const count = async (query: string): Promise<number | undefined> =>
  (await call(w, 'GET', `/${query}${query.includes('?') ? '&' : '?'}_summary=count`)).body.total;

describe('a certain match', () => {
  test('answers with the one on file, which gets the sender’s number and its provenance', async () => {
    const known = await made(w, maya());
    const { status, headers, body } = await arrives(w, mayaAgain());
    expect(status).toBe(200);
    expect(headers.get('location')).toBe(`${w.url}/Patient/${known.id}/_history/2`);
    expect(body.id).toBe(known.id);
    expect(body['identifier']).toHaveLength(3);
    expect(body['name']).toEqual(known['name']);
    const found = await call(w, 'GET', `/Patient?identifier=${CLINIC_MRN}|L-77`);
    expect(found.body.entry?.[0]?.resource?.id).toBe(known.id);
    const { body: why } = await call(w, 'GET', `/Provenance?target=Patient/${known.id}`);
    expect(why.entry?.[0]?.resource?.['target']).toEqual([{ reference: `Patient/${known.id}/_history/2` }]);
  });

  test('sent again changes nothing more', async () => {
    await made(w, maya());
    await arrives(w, mayaAgain());
    expect((await arrives(w, mayaAgain())).headers.get('etag')).toBe('W/"2"');
    expect(await count('Patient')).toBe(1);
  });

  test('by a social security number alone in common is found by its hash', async () => {
    const ssn = { system: 'http://hl7.org/fhir/sid/us-ssn', value: '123-45-6789' };
    const known = await made(w, maya({ identifier: [ssn], telecom: undefined, address: undefined }));
    const { status, body, text } = await arrives(
      w,
      mayaAgain({
        identifier: [{ ...ssn, value: '123456789' }],
        birthDate: '2023-04-18',
        address: undefined,
      }),
    );
    expect([status, body.id]).toEqual([200, known.id]);
    expect(text).not.toContain('6789');
  });

  test('of a conditional create whose condition finds nobody', async () => {
    const known = await made(w, maya());
    const condition = { 'if-none-exist': `identifier=${CLINIC_MRN}|L-77` };
    expect((await arrives(w, mayaAgain(), condition)).body.id).toBe(known.id);
    expect((await arrives(w, brother(), condition)).body.id).toBe(known.id);
  });

  test('of a conditional update that would create', async () => {
    const known = await made(w, maya());
    const path = `/Patient?identifier=${CLINIC_MRN}|L-77`;
    const { status, body } = await call(w, 'PUT', path, {
      body: mayaAgain(),
      headers: { prefer: 'placing=match' },
    });
    expect([status, body.id]).toEqual([200, known.id]);
  });

  test('in a transaction: what comes with the person goes into the record on file', async () => {
    const known = await made(w, maya());
    const entry = [
      { fullUrl: 'urn:uuid:8b1c', resource: mayaAgain(), request: { method: 'POST', url: 'Patient' } },
      {
        resource: { ...dose('x'), patient: { reference: 'urn:uuid:8b1c' } },
        request: { method: 'POST', url: 'Immunization' },
      },
    ];
    const { status, body } = await bundle(w, 'transaction', entry, { prefer: 'placing=match' });
    expect(status).toBe(200);
    expect(body.entry?.[0]?.response?.status).toMatch(/^200/);
    expect(await count(`Immunization?patient=${known.id}`)).toBe(1);
  });
});

describe('somebody else', () => {
  test('is new, be it a brother, a twin or a namesake', async () => {
    await made(w, maya());
    expect((await arrives(w, brother())).status).toBe(201);
    const elsewhere = {
      telecom: undefined,
      address: [{ line: ['9 Pine Road'], city: 'Norfolk', postalCode: '23510' }],
      extension: undefined,
      identifier: undefined,
    };
    expect((await arrives(w, maya({ ...elsewhere, birthDate: '1961-11-30' }))).status).toBe(201);
    expect(await count('Patient')).toBe(3);
  });

  test('is whoever may choose says is new; and everybody is without a wish to be matched', async () => {
    await made(w, maya());
    expect((await arrives(w, mayaAgain(), { prefer: 'placing=new' })).status).toBe(201);
    expect((await call(w, 'POST', '/Patient', { body: mayaAgain() })).status).toBe(201);
  });
});

describe('a record that may be somebody’s', () => {
  const likely = ({ body }: { body: Seen }): unknown[] => body['input'] as unknown[];

  test('waits: 202 with a Task that names candidates and scores, and nothing is filed', async () => {
    const known = await made(w, maya());
    const { status, headers } = await arrives(w, unclear());
    expect(status).toBe(202);
    const task = await call(w, 'GET', headers.get('location') ?? '');
    expect(task.body).toMatchObject({
      status: 'requested',
      code: { coding: [{ code: 'match-review' }] },
      reasonCode: { coding: [{ code: 'uncertain' }] },
      restriction: { period: { end: '2026-12-22T12:00:00.000Z' } },
      input: [{ valueReference: { reference: `Patient/${known.id}` } }],
    });
    expect(likely(task)).toHaveLength(1);
    expect(task.text).not.toContain('Esperanza');
    expect(await count('Patient')).toBe(1);
  });

  test('waits once, however often it is sent', async () => {
    await made(w, maya());
    const places = [await arrives(w, unclear()), await arrives(w, unclear())];
    expect(new Set(places.map(({ headers }) => headers.get('location'))).size).toBe(1);
    expect(await count('Task')).toBe(1);
  });

  test('waits with the whole transaction that it is in', async () => {
    const known = await made(w, maya());
    const entry = [
      { fullUrl: 'urn:uuid:8b1c', resource: unclear(), request: { method: 'POST', url: 'Patient' } },
      { resource: dose(known.id), request: { method: 'POST', url: 'Immunization' } },
    ];
    const { status, headers } = await bundle(w, 'transaction', entry, { prefer: 'placing=match' });
    expect([status, headers.get('location')?.includes('/Task/')]).toEqual([202, true]);
    expect(await count('Immunization')).toBe(0);
  });

  test('is kept sealed, with its bytes as they came', async () => {
    await made(w, maya());
    await arrives(w, unclear());
    const [kept] = await w.services.connection.collection('pending').find().toArray();
    expect(JSON.stringify(kept)).not.toContain('Esperanza');
    expect(String(kept?.['sealed'])).toMatch(/^0001\./);
  });
});

test('what is not right is refused before anybody is looked for', async () => {
  expect((await arrives(w, maya({ birthDate: 'yesterday' }))).status).toBe(400);
  expect((await arrives(w, maya({ name: 'Maya' }))).status).toBe(400);
  expect(await count('Patient')).toBe(0);
});

describe('several that come at once', () => {
  test('make one person of one, however they are written', async () => {
    const sent = Array.from({ length: 24 }, (_, n) => arrives(w, n % 2 === 0 ? maya() : mayaAgain()));
    const statuses = (await Promise.all(sent)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 200)).toHaveLength(23);
    expect(await count('Patient')).toBe(1);
  });

  test('in two servers too', async () => {
    const other = await world({ beside: w });
    const sent = Array.from({ length: 16 }, (_, n) => arrives(n % 2 === 0 ? w : other, maya()));
    await Promise.all(sent);
    expect(await count('Patient')).toBe(1);
    await other.end();
  });
});
