/** How far scopes reach: what is brought along, followed, counted or written never lies beyond them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { forPatient, guarded, withScope } from '../auth/bearer.ts';
import { idsIn, type Seen } from '../world/requests.ts';
import { dose, organization, patient } from '../world/resources.ts';
import type { World } from '../world/world.ts';

let w: World;
let clinic: Seen;
let ana: Seen;
let bo: Seen;
let anaDose: Seen;
let boDose: Seen;

beforeAll(async () => {
  w = await guarded();
  clinic = await made('Organization', organization());
  const managed = { managingOrganization: { reference: `Organization/${clinic.id}` } };
  ana = await made('Patient', patient(managed));
  bo = await made('Patient', patient({ ...managed, name: [{ family: 'Bošković', given: ['Bo'] }] }));
  anaDose = await made('Immunization', dose(ana.id));
  boDose = await made('Immunization', dose(bo.id, { status: 'not-done' }));
});
afterAll(() => w.end());

async function made(type: string, body: object): Promise<Seen> {
  const reply = await withScope(w, 'system/*.cruds')('POST', `/${type}`, { body });
  if (reply.status !== 201) throw new Error(reply.text);
  return reply.body;
}

describe('types that are not granted', () => {
  test('are not brought along by an include', async () => {
    const send = withScope(w, 'system/Immunization.rs');
    const { status, body } = await send(
      'GET',
      `/Immunization?_id=${anaDose.id}&_include=Immunization:patient`,
    );
    expect(status).toBe(200);
    expect(idsIn(body)).toEqual([anaDose.id]);
    const patients = await withScope(w, 'system/Patient.rs')(
      'GET',
      `/Patient?_id=${ana.id}&_revinclude=Immunization:patient`,
    );
    expect(idsIn(patients.body)).toEqual([ana.id]);
  });

  test('are brought along once they are granted', async () => {
    const send = withScope(w, 'system/Immunization.rs system/Patient.r');
    const { body } = await send('GET', `/Immunization?_id=${anaDose.id}&_include=Immunization:patient`);
    expect(idsIn(body)).toEqual([anaDose.id, ana.id]);
  });

  test('are not asked of by a chain or _has', async () => {
    const chain = await withScope(w, 'system/Immunization.rs')(
      'GET',
      '/Immunization?patient.family=markovic',
    );
    expect(chain.status).toBe(403);
    const has = await withScope(w, 'system/Patient.rs')(
      'GET',
      `/Patient?family=markovic&_has:Immunization:patient:status=completed`,
    );
    expect(has.status).toBe(403);
  });

  test('are left out of a whole record', async () => {
    const path = `/Patient/${ana.id}/$everything`;
    const all = await withScope(w, 'system/*.rs')('GET', path);
    expect(idsIn(all.body)).toEqual(expect.arrayContaining([ana.id, anaDose.id, clinic.id]));
    const some = await withScope(w, 'system/Patient.rs')('GET', path);
    expect(idsIn(some.body)).toEqual([ana.id]);
    expect((await withScope(w, 'system/Immunization.rs')('GET', path)).status).toBe(403);
  });

  test('are left out of the history of the system', async () => {
    const { status, body } = await withScope(w, 'system/Organization.rs')('GET', '/_history');
    expect(status).toBe(200);
    expect(new Set(body.entry?.map(({ resource }) => resource?.resourceType))).toEqual(
      new Set(['Organization']),
    );
    expect((await withScope(w, 'openid')('GET', '/_history')).body.entry).toBeUndefined();
  });

  test('have no meta to ask for', async () => {
    const path = `/Immunization/${anaDose.id}/$meta`;
    expect((await withScope(w, 'system/Patient.cruds')('GET', path)).status).toBe(403);
    expect((await withScope(w, 'system/Immunization.r')('GET', path)).status).toBe(200);
  });
});

describe('a patient’s token', () => {
  const send = (scope = 'patient/*.cruds') => forPatient(w, ana.id, scope);

  test('shows that patient’s record and nobody else’s', async () => {
    expect((await send()('GET', `/Patient/${ana.id}`)).status).toBe(200);
    expect((await send()('GET', `/Immunization/${anaDose.id}`)).status).toBe(200);
    const other = await send()('GET', `/Immunization/${boDose.id}`);
    const none = await send()('GET', '/Immunization/none');
    expect([other.status, other.text]).toEqual([none.status, none.text]);
    expect(other.status).toBe(404);
  });

  test.each([
    ['/Patient', () => [ana.id]],
    ['/Immunization', () => [anaDose.id]],
    ['/Immunization?patient.family=boskovic', () => []],
    ['/Patient?_has:Immunization:patient:status=not-done', () => []],
    ['/Organization?_revinclude=Patient:organization', () => [clinic.id, ana.id]],
  ])('finds by %s only what is in it', async (path, ids) => {
    const { status, body } = await send()('GET', path);
    expect(status).toBe(200);
    expect(body.entry === undefined ? [] : idsIn(body)).toEqual(ids());
  });

  test('counts only what is in it', async () => {
    expect((await send()('GET', '/Immunization?_summary=count')).body.total).toBe(1);
    expect((await send()('GET', '/Immunization?_total=accurate')).body.total).toBe(1);
    expect((await send()('GET', `/Patient/${bo.id}/Immunization`)).body.entry).toBeUndefined();
    expect((await send()('GET', `/Patient/${bo.id}/$everything`)).status).toBe(404);
  });

  test('shows versions of that record only', async () => {
    const history = await send()('GET', '/Immunization/_history');
    expect(idsIn(history.body)).toEqual([anaDose.id]);
    expect((await send()('GET', `/Immunization/${boDose.id}/_history`)).status).toBe(404);
    expect((await send()('GET', `/Immunization/${boDose.id}/_history/1`)).status).toBe(404);
    const system = await send()('GET', '/_history');
    expect(system.text).not.toContain(bo.id);
  });

  test('writes into that record only, whether the other person exists or not', async () => {
    expect((await send()('POST', '/Immunization', { body: dose(ana.id) })).status).toBe(201);
    const other = await send()('POST', '/Immunization', { body: dose(bo.id) });
    const none = await send()('POST', '/Immunization', { body: dose('none') });
    expect(other.status).toBe(403);
    expect([other.status, other.text]).toEqual([none.status, none.text]);
  });

  test('moves nothing out of that record', async () => {
    const mine = await made('Immunization', dose(ana.id));
    const moved = dose(bo.id, { id: mine.id });
    expect((await send()('PUT', `/Immunization/${mine.id}`, { body: moved })).status).toBe(403);
    const body = JSON.stringify([{ op: 'replace', path: '/patient/reference', value: `Patient/${bo.id}` }]);
    const headers = { 'content-type': 'application/json-patch+json' };
    expect((await send()('PATCH', `/Immunization/${mine.id}`, { body, headers })).status).toBe(403);
    const entry = [{ request: { method: 'PUT', url: `Immunization/${mine.id}` }, resource: moved }];
    const transaction = await send()('POST', '', {
      body: { resourceType: 'Bundle', type: 'transaction', entry },
    });
    expect(transaction.status).toBe(403);
  });

  test('changes nothing of another’s record, and is not told that it is there', async () => {
    const body = dose(bo.id, { id: boDose.id });
    const put = await send()('PUT', `/Immunization/${boDose.id}`, { body });
    const none = await send()('PUT', '/Immunization/none', { body: dose(bo.id, { id: 'none' }) });
    expect([put.status, put.text]).toEqual([none.status, none.text]);
    expect((await send()('DELETE', `/Immunization/${boDose.id}`)).status).toBe(204);
    expect((await withScope(w, 'system/*.r')('GET', `/Immunization/${boDose.id}`)).status).toBe(200);
  });

  test('places what is about a record in it, and nowhere else', async () => {
    const about = (id: string): object => ({
      resourceType: 'Provenance',
      target: [{ reference: `Immunization/${id}` }],
      recorded: '2026-11-22T12:00:00Z',
      agent: [{ who: { reference: `Organization/${clinic.id}` } }],
    });
    expect((await send()('POST', '/Provenance', { body: about(anaDose.id) })).status).toBe(201);
    expect((await send()('POST', '/Provenance', { body: about(boDose.id) })).status).toBe(403);
  });

  test('makes no patient and no organisation', async () => {
    expect((await send()('POST', '/Patient', { body: patient() })).status).toBe(403);
    expect((await send()('POST', '/Organization', { body: organization() })).status).toBe(403);
  });

  test('does not show a list that others are on', async () => {
    const group = await made('Group', {
      ...{ resourceType: 'Group', type: 'person', actual: true },
      member: [ana, bo].map(({ id }) => ({ entity: { reference: `Patient/${id}` } })),
    });
    expect((await send()('GET', `/Group/${group.id}`)).status).toBe(404);
    expect((await send()('GET', '/Group')).body.entry).toBeUndefined();
  });
});

describe('a scope with a constraint', () => {
  const send = (scope: string) => withScope(w, scope);
  const completed = 'system/Immunization.cruds?status=completed';

  test('shows and finds only what meets it', async () => {
    expect((await send(completed)('GET', `/Immunization/${anaDose.id}`)).status).toBe(200);
    expect((await send(completed)('GET', `/Immunization/${boDose.id}`)).status).toBe(404);
    const { body } = await send(completed)('GET', '/Immunization');
    expect(idsIn(body)).not.toContain(boDose.id);
  });

  test('joins with others of its type', async () => {
    const both = `${completed} system/Immunization.r?status=not-done`;
    expect((await send(both)('GET', `/Immunization/${boDose.id}`)).status).toBe(200);
    expect(idsIn((await send(both)('GET', '/Immunization')).body)).not.toContain(boDose.id);
  });

  test('is met by what is written under it', async () => {
    const post = (body: object) => send(completed)('POST', '/Immunization', { body });
    expect((await post(dose(ana.id))).status).toBe(201);
    expect((await post(dose(ana.id, { status: 'not-done' }))).status).toBe(403);
  });

  test.each(['status=completed&nonsense=1', 'date=ne2020', 'patient.family=x'])(
    'that this server cannot read or serve opens nothing: %s',
    async (constraint) => {
      const { status, body } = await send(`system/Immunization.rs?${constraint}`)('GET', '/Immunization');
      expect([status === 403 || body.entry === undefined]).toEqual([true]);
    },
  );

  test('with a modifier is no scope', async () => {
    const scope = 'system/Immunization.rs?status:not=completed';
    expect((await send(scope)('GET', '/Immunization')).status).toBe(403);
  });
});

describe('writing without reading', () => {
  test('patches without an answer that shows the rest, and without tests', async () => {
    const mine = await made('Immunization', dose(ana.id, { lotNumber: 'SECRET' }));
    const headers = { 'content-type': 'application/json-patch+json' };
    const patch = (operations: readonly object[]) =>
      withScope(w, 'system/Immunization.u')('PATCH', `/Immunization/${mine.id}`, {
        body: JSON.stringify(operations),
        headers,
      });
    const done = await patch([{ op: 'replace', path: '/status', value: 'not-done' }]);
    expect([done.status, done.text]).toEqual([200, '']);
    expect((await patch([{ op: 'test', path: '/lotNumber', value: 'SECRET' }])).status).toBe(403);
  });

  test('reports a dose of a patient whom it may not look at', async () => {
    const send = withScope(w, 'system/Immunization.c');
    expect((await send('POST', '/Immunization', { body: dose(ana.id) })).status).toBe(201);
    expect((await send('POST', '/Immunization', { body: dose('none') })).status).toBe(422);
  });

  test('keeps the answers of one user’s repeated requests from another of the same app', async () => {
    const headers = { 'idempotency-key': 'same' };
    const post = (id: string) =>
      forPatient(w, id, 'patient/*.cruds')('POST', '/Immunization', { body: dose(id), headers });
    const [first, second] = [await post(ana.id), await post(bo.id)];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.headers.get('idempotency-replayed')).toBeNull();
  });
});
