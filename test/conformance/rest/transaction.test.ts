/** FHIR R4 REST, rules 94, 95, 98 to 100 and 103: transactions (https://hl7.org/fhir/R4/http.html#trules). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, idsIn, made, type Seen } from '../../world/requests.ts';
import { dose, organization, patient, patientWith } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';
import { asks, failsAt, idOf, patches, posts, puts, statuses, transact } from './transactions.ts';

let w: World;
let ana: Seen;
beforeAll(async () => {
  w = await world();
  ana = await made(w, patientWith('ana'));
});
afterAll(() => w.end());

const found = async (url: string): Promise<string[]> => idsIn((await call(w, 'GET', url)).body);

describe('order and atomicity', () => {
  test('rule 94: deletes, creates, updates, then reads, whatever their order; answers in the order of the request', async () => {
    const old = await made(w, patientWith('order-old'));
    const changed = await made(w, patientWith('order-changed'));
    const reply = await transact(
      w,
      asks('GET', 'Patient?identifier=order-new,order-old,order-changed'),
      asks('GET', `Patient/${changed.id}`),
      puts(changed, { gender: 'female' }),
      posts(patientWith('order-new')),
      asks('DELETE', `Patient/${old.id}`),
    );
    expect(statuses(reply)).toEqual(['200', '200', '200', '201', '204']);
    const search = reply.body.entry?.[0]?.resource;
    expect(search && idsIn(search).sort()).toEqual([changed.id, idOf(reply, 3)].sort());
    expect(reply.body.entry?.[1]?.resource?.['gender']).toBe('female');
  });

  test('rule 94: a deleted resource no longer meets a condition of the same transaction', async () => {
    const old = await made(w, patientWith('order-again'));
    const reply = await transact(
      w,
      posts(patientWith('order-again'), { ifNoneExist: 'identifier=order-again' }),
      asks('DELETE', `Patient/${old.id}`),
    );
    expect(statuses(reply)).toEqual(['201', '204']);
    expect(await found('/Patient?identifier=order-again')).toEqual([idOf(reply, 0)]);
  });

  test('rule 94: a record may be deleted together with its patient', async () => {
    const cy = await made(w, patient());
    const given = await made(w, dose(cy.id));
    const reply = await transact(
      w,
      asks('DELETE', `Patient/${cy.id}`),
      asks('DELETE', `Immunization/${given.id}`),
    );
    expect(statuses(reply)).toEqual(['204', '204']);
  });

  test.each<readonly [string, number, number, () => object]>([
    ['an invalid resource', 1, 422, () => posts(patient({ gender: 'lady' }))],
    ['an unknown property', 1, 400, () => posts(patient({ shoeSize: 1 }))],
    [
      'a stale ifMatch',
      1,
      412,
      () => ({ resource: ana, request: { method: 'PUT', url: `Patient/${ana.id}`, ifMatch: 'W/"9"' } }),
    ],
    ['a patch that does not fit', 1, 422, () => patches(`Patient/${ana.id}`, [{ op: 'remove', path: '/x' }])],
    ['an update of what is not there', 1, 400, () => puts({ ...ana, id: 'never' })],
    ['a dose of nobody', 1, 422, () => posts(dose('nobody'))],
    ['a type that is not served', 1, 404, () => asks('GET', 'Nothing/1')],
    ['an interaction that is not offered', 1, 400, () => asks('DELETE', 'AuditEvent/1')],
    ['a read of what is not there', 1, 404, () => asks('GET', 'Patient/nobody')],
    ['a search that cannot be understood', 1, 400, () => asks('GET', 'Patient?nonsense=1')],
    ['a history that cannot be understood', 1, 400, () => asks('GET', `Patient/${ana.id}/_history?_since=x`)],
    ['a version that is not there', 1, 404, () => asks('GET', `Patient/${ana.id}/_history/99`)],
    ['an operation that is not there', 1, 404, () => asks('GET', `Patient/${ana.id}/$nothing`)],
  ])('rule 95: %s fails the whole transaction and leaves no trace', async (_what, at, status, entry) => {
    await failsAt(w, { at, status }, posts(patientWith('atomic')), entry(), posts(organization()));
    expect(await found('/Patient?identifier=atomic')).toEqual([]);
  });

  test('rule 95: a read of what the same transaction deletes fails it', async () => {
    const gone = await made(w, patient());
    await failsAt(
      w,
      { at: 0, status: 410 },
      asks('GET', `Patient/${gone.id}`),
      asks('DELETE', `Patient/${gone.id}`),
    );
    expect((await call(w, 'GET', `/Patient/${gone.id}`)).status).toBe(200);
  });

  test('rule 95: a transaction without entries is no fault', async () => {
    const reply = await transact(w);
    expect([reply.status, reply.body.type, 'entry' in reply.body]).toEqual([
      200,
      'transaction-response',
      false,
    ]);
  });
});

describe('conditions and identities', () => {
  test('rule 98: ifNoneExist, ifMatch and ifNoneMatch behave like the headers', async () => {
    const bo = await made(w, patientWith('bo'));
    const reply = await transact(
      w,
      posts(patientWith('bo'), { ifNoneExist: 'identifier=bo' }),
      posts(patientWith('new-98'), { ifNoneExist: 'Patient?identifier=new-98' }),
      { request: { method: 'GET', url: `Patient/${bo.id}`, ifNoneMatch: 'W/"1"' } },
    );
    expect(statuses(reply)).toEqual(['200', '201', '304']);
    expect(idOf(reply, 0)).toBe(bo.id);
    const matched = { ...bo, gender: 'male' };
    const put = (conditions: object): object => ({
      resource: matched,
      request: { method: 'PUT', url: `Patient/${bo.id}`, ...conditions },
    });
    await failsAt(w, { at: 0, status: 412 }, put({ ifMatch: 'W/"3"' }));
    await failsAt(w, { at: 0, status: 412 }, put({ ifNoneMatch: '*' }));
    expect(statuses(await transact(w, put({ ifMatch: 'W/"1"' })))).toEqual(['200']);
  });

  test('rule 98: what is not right is refused where its condition names what is there, alone of its type or not', async () => {
    await made(w, patientWith('wrong-98'));
    const wrong = posts(patientWith('wrong-98', { gender: 'purple' }), {
      ifNoneExist: 'identifier=wrong-98',
    });
    await failsAt(w, { at: 0, status: 422 }, wrong);
    await failsAt(w, { at: 0, status: 422 }, wrong, posts(patientWith('another-98')));
    await failsAt(w, { at: 0, status: 422 }, wrong, posts(organization()));
  });

  test('rule 98: conditional updates, patches and deletes by query', async () => {
    await made(w, patientWith('q1'));
    await made(w, patientWith('q2'));
    await made(w, patientWith('q3'));
    const reply = await transact(
      w,
      {
        resource: patientWith('q1', { gender: 'female' }),
        request: { method: 'PUT', url: 'Patient?identifier=q1' },
      },
      patches('Patient?identifier=q2', [{ op: 'add', path: '/gender', value: 'other' }]),
      asks('DELETE', 'Patient?identifier=q3'),
      { resource: patientWith('q4'), request: { method: 'PUT', url: 'Patient?identifier=q4' } },
    );
    expect(statuses(reply)).toEqual(['200', '200', '204', '201']);
    const { body } = await call(w, 'GET', '/Patient?identifier=q1,q2,q3,q4');
    const genders = body.entry?.map(({ resource }) => resource?.['gender']);
    expect(genders?.sort()).toEqual(['female', 'other', 'unknown']);
  });

  test('rule 99: one resource written twice fails the transaction, also where nothing would change', async () => {
    const cy = await made(w, patientWith('cy'));
    const [same, changed] = [puts(cy), puts(cy, { gender: 'male' })];
    const byQuery = {
      resource: patientWith('cy', { gender: 'other' }),
      request: { method: 'PUT', url: 'Patient?identifier=cy' },
    };
    await failsAt(w, { at: 1, status: 400 }, same, changed);
    await failsAt(w, { status: 400 }, changed, asks('DELETE', `Patient/${cy.id}`));
    await failsAt(w, { status: 400 }, changed, byQuery);
    await failsAt(
      w,
      { status: 400 },
      asks('DELETE', `Patient/${cy.id}`),
      asks('DELETE', 'Patient?identifier=cy'),
    );
    await failsAt(w, { status: 400 }, asks('DELETE', 'Patient/never'), asks('DELETE', 'Patient/never'));
  });

  test('rule 99: a condition that names what another entry creates fails, whichever comes first', async () => {
    const create = posts(patientWith('n99'));
    const conditional = posts(patientWith('n99'), { ifNoneExist: 'identifier=n99' });
    const update = {
      resource: patientWith('n99'),
      request: { method: 'PUT', url: 'Patient?identifier=n99' },
    };
    await failsAt(w, { status: 400 }, create, conditional);
    await failsAt(w, { status: 400 }, conditional, create);
    await failsAt(w, { status: 400 }, conditional, conditional);
    await failsAt(w, { status: 400 }, update, create);
    const twice = { fullUrl: 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a', ...create };
    await failsAt(w, { status: 422 }, twice, { ...twice, ...posts(organization()) });
  });

  test('rule 99: a patient cannot be deleted under a dose that arrives', async () => {
    const di = await made(w, patient());
    await failsAt(w, { at: 0, status: 409 }, asks('DELETE', `Patient/${di.id}`), posts(dose(di.id)));
  });

  test('rule 100: every write is answered with status, location, etag and time', async () => {
    const reply = await transact(w, posts(patient()), puts(ana, { gender: 'other' }));
    for (const { response, resource } of reply.body.entry ?? []) {
      expect(response?.status).toMatch(/^20[01]$/);
      expect(response?.location).toMatch(new RegExp(`^${w.url}/Patient/[^/]+/_history/\\d+$`));
      expect(response).toMatchObject({ lastModified: '2026-11-22T12:00:00.000Z' });
      expect(response?.etag).toMatch(/^W\/"\d+"$/);
      expect(resource).toBeUndefined();
    }
  });

  test('rule 103: a Bundle cannot hold another one', async () => {
    await failsAt(w, { at: 1, status: 400 }, posts(patient()), {
      resource: { resourceType: 'Bundle', type: 'batch' },
      request: { method: 'POST', url: '' },
    });
  });

  test('rule 95: a large transaction that fails at its end leaves nothing', async () => {
    const many = Array.from({ length: 200 }, (_, n) => posts(patientWith(`large-${n}`)));
    await failsAt(w, { at: 200, status: 422 }, ...many, posts(dose('nobody')));
  });
});
