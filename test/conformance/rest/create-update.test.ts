/** FHIR R4 REST, rules 22 to 36: create and update (https://hl7.org/fhir/R4/http.html#create, #update). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bundle, call, countsOf, made, type Seen } from '../../world/requests.ts';
import { dose, organization, patient } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

const put = (seen: Seen, more: object = {}, headers: Readonly<Record<string, string>> = {}) =>
  call(w, 'PUT', `/${seen.resourceType}/${seen.id}`, { body: { ...seen, ...more }, headers });

describe('create', () => {
  test('rule 22: a create is 201 with the absolute URL of the version as its Location', async () => {
    const { status, headers, body } = await call(w, 'POST', '/Patient', { body: patient() });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`${w.url}/Patient/${body.id}/_history/1`);
    expect(headers.get('etag')).toBe('W/"1"');
    expect(headers.get('last-modified')).not.toBeNull();
    expect((await call(w, 'GET', headers.get('location') ?? '')).body).toEqual(body);
  });

  test('rule 23: a create ignores the id in the body', async () => {
    const chosen = await made(w, patient({ id: 'chosen-by-client' }));
    expect(chosen.id).not.toBe('chosen-by-client');
    expect((await call(w, 'GET', '/Patient/chosen-by-client')).status).toBe(404);
  });

  test('rule 24: version and time are the server’s; profile, tag, security and source are kept', async () => {
    const meta = {
      versionId: '99',
      lastUpdated: '1999-01-01T00:00:00Z',
      source: 'urn:uuid:7f2b3b5e-6f5d-4b8e-9a51-3a1a8d4d5a11',
      profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient'],
      security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }],
      tag: [{ system: 'http://example.org/tags', code: 'kept' }],
    };
    const { versionId: _v, lastUpdated: _l, ...kept } = meta;
    const created = await made(w, patient({ meta }));
    expect(created.meta).toEqual({ versionId: '1', lastUpdated: '2026-11-22T12:00:00.000Z', ...kept });
    const updated = await put(created, { gender: 'female', meta });
    expect(updated.body.meta).toEqual({ ...created.meta, versionId: '2' });
  });

  test('rule 25: a body of another type than the URL is 400 and not stored', async () => {
    const before = await countsOf(w);
    const posted = await call(w, 'POST', '/Patient', { body: organization() });
    expect([posted.status, posted.body.issue?.[0]?.code]).toEqual([400, 'structure']);
    expect((await call(w, 'PUT', '/Patient/x', { body: { ...organization(), id: 'x' } })).status).toBe(400);
    expect(await countsOf(w)).toEqual(before);
  });

  test.each([
    ['text that is no JSON', '{"resourceType":', 400],
    ['JSON that is no resource', '{"name":"x"}', 400],
    ['a list', '[]', 400],
    ['nothing', '', 400],
    ['a property that R4 does not have', JSON.stringify(patient({ shoeSize: 42 })), 400],
    ['a wrong JSON type', JSON.stringify(patient({ active: 'yes' })), 400],
    ['a code that is not in its set', JSON.stringify(patient({ gender: 'lady' })), 422],
    ['a patient without a name', JSON.stringify(patient({ name: undefined })), 422],
  ])('rule 26: %s is refused: %s → %i', async (_what, body, status) => {
    const before = await countsOf(w);
    const reply = await call(w, 'POST', '/Patient', { body });
    expect([reply.status, reply.body.resourceType]).toEqual([status, 'OperationOutcome']);
    expect(await countsOf(w)).toEqual(before);
  });
});

describe('update', () => {
  test('rule 27: a stale If-Match is answered 412 on update, patch and delete', async () => {
    const ana = await made(w, patient());
    await put(ana, { gender: 'female' });
    const headers = { 'if-match': 'W/"1"' };
    const patch = { ...headers, 'content-type': 'application/json-patch+json' };
    const replies = await Promise.all([
      put(ana, { gender: 'male' }, headers),
      call(w, 'PATCH', `/Patient/${ana.id}`, { body: '[]', headers: patch }),
      call(w, 'DELETE', `/Patient/${ana.id}`, { headers }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([412, 412, 412]);
    expect(replies.map(({ body }) => body.issue?.[0]?.code)).toEqual(['conflict', 'conflict', 'conflict']);
    expect((await call(w, 'GET', `/Patient/${ana.id}`)).body['gender']).toBe('female');
  });

  test('rule 28: our decision: If-Match is never demanded', async () => {
    const ana = await made(w, patient());
    expect((await put(ana, { gender: 'female' })).status).toBe(200);
  });

  test.each(['W/"1"', '"1"', '1', '*', 'W/"7", W/"1"'])(
    'rule 29: If-Match: %s names version 1',
    async (tag) => {
      const ana = await made(w, patient());
      expect((await put(ana, { gender: 'female' }, { 'if-match': tag })).status).toBe(200);
    },
  );

  test.each(['W/"2"', '""', 'abc', 'W/"11"'])('rule 29: If-Match: %s does not', async (tag) => {
    const ana = await made(w, patient());
    expect((await put(ana, { gender: 'female' }, { 'if-match': tag })).status).toBe(412);
  });

  test('rule 29: If-None-Match on a write fails where it names what is there (RFC 9110, 13.1.2)', async () => {
    const ana = await made(w, patient());
    expect((await put(ana, { gender: 'female' }, { 'if-none-match': '*' })).status).toBe(412);
    expect((await put(ana, { gender: 'female' }, { 'if-none-match': 'W/"9"' })).status).toBe(200);
  });

  test('rule 29: a delete with If-Match of what never was fails; sent again after it was done, it does not', async () => {
    const headers = { 'if-match': 'W/"1"' };
    expect((await call(w, 'DELETE', '/Patient/never', { headers })).status).toBe(412);
    const ana = await made(w, patient());
    const replies = [];
    for (let n = 0; n < 2; n += 1) replies.push(await call(w, 'DELETE', `/Patient/${ana.id}`, { headers }));
    expect(replies.map(({ status }) => status)).toEqual([204, 204]);
  });

  test.each([
    ['without an id', { id: undefined }],
    ['with another id', { id: 'other' }],
    ['with an id that is no text', { id: 7 }],
  ])('rule 30: an update %s in its body is 400', async (_which, more) => {
    const ana = await made(w, patient());
    const { status } = await call(w, 'PUT', `/Patient/${ana.id}`, { body: { ...ana, ...more } });
    expect(status).toBe(400);
    expect((await call(w, 'GET', `/Patient/${ana.id}`)).body.meta.versionId).toBe('1');
  });

  test('rule 31: our decision: updateCreate is not declared, so an unknown id is 405 with Allow', async () => {
    const { status, headers } = await call(w, 'PUT', '/Patient/mine', { body: patient({ id: 'mine' }) });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, PATCH, DELETE']);
    expect((await call(w, 'GET', '/Patient/mine')).status).toBe(404);
  });

  test('rule 32: an update is 200 with a new ETag and Location; of a deleted id 201', async () => {
    const ana = await made(w, patient());
    const updated = await put(ana, { gender: 'female' });
    expect([updated.status, updated.headers.get('etag')]).toEqual([200, 'W/"2"']);
    expect(updated.headers.get('location')).toBe(`${w.url}/Patient/${ana.id}/_history/2`);
    await call(w, 'DELETE', `/Patient/${ana.id}`);
    const revived = await put(ana, { gender: 'other' });
    expect([revived.status, revived.headers.get('etag')]).toEqual([201, 'W/"4"']);
    expect((await call(w, 'GET', `/Patient/${ana.id}`)).body['gender']).toBe('other');
    const { body } = await call(w, 'GET', `/Patient/${ana.id}/_history`);
    expect(body.entry?.map(({ request }) => request?.method)).toEqual(['PUT', 'DELETE', 'PUT', 'POST']);
  });

  test('rule 33: identical content keeps the version, its ETag and its time', async () => {
    const ana = await made(w, patient());
    w.clock.advance(1000);
    const again = await put(ana);
    expect([again.status, again.headers.get('etag')]).toEqual([200, 'W/"1"']);
    expect(again.body).toEqual(ana);
    const patch = { 'content-type': 'application/json-patch+json' };
    const same = JSON.stringify([{ op: 'replace', path: '/birthDate', value: '2015-03-01' }]);
    await call(w, 'PATCH', `/Patient/${ana.id}`, { body: same, headers: patch });
    expect((await call(w, 'GET', `/Patient/${ana.id}/_history`)).body.total).toBe(1);
  });

  test('rule 34: forty writers at once leave forty versions without holes', async () => {
    const ana = await made(w, patient());
    const writes = Array.from({ length: 40 }, (_, n) =>
      put(ana, { name: [{ family: 'Marković', given: [`Ana ${n}`] }] }),
    );
    const replies = await Promise.all(writes);
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    const { body } = await call(w, 'GET', `/Patient/${ana.id}/_history?_count=100`);
    const versions = body.entry?.map(({ resource }) => Number(resource?.meta.versionId));
    expect(versions).toEqual(Array.from({ length: 41 }, (_, n) => 41 - n));
    const names = new Set(body.entry?.map(({ resource }) => JSON.stringify(resource?.['name'])));
    expect(names.size).toBe(41);
  });

  test('rule 34: of twenty writers that know the version one wins', async () => {
    const ana = await made(w, patient());
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        put(ana, { name: [{ family: 'M', given: [`Ana ${n}`] }] }, { 'if-match': 'W/"1"' }),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(412)]);
  });

  test('a write by id has no parameters', async () => {
    const ana = await made(w, patient());
    const url = `/Patient/${ana.id}`;
    expect((await call(w, 'DELETE', `${url}?_cascade=delete`)).status).toBe(400);
    expect((await call(w, 'PUT', `${url}?name=x`, { body: ana })).status).toBe(400);
    expect((await call(w, 'POST', '/Patient?identifier=1', { body: patient() })).status).toBe(400);
    expect((await call(w, 'PUT', `${url}?_format=json&_pretty=true`, { body: ana })).status).toBe(200);
  });
});

describe('Prefer', () => {
  const WISHES = ['minimal', 'representation', 'OperationOutcome'] as const;
  const SEEN = { minimal: undefined, representation: 'Patient', OperationOutcome: 'OperationOutcome' };

  test.each(WISHES)('rule 35: return=%s holds for create, update and patch', async (wish) => {
    const headers = { prefer: `return=${wish}` };
    const created = await call(w, 'POST', '/Patient', { body: patient(), headers });
    expect(created.status).toBe(201);
    const [, id = ''] = /Patient\/([^/]+)/.exec(created.headers.get('location') ?? '') ?? [];
    const body = { ...patient({ gender: 'female' }), id };
    const updated = await call(w, 'PUT', `/Patient/${id}`, { body, headers });
    const patched = await call(w, 'PATCH', `/Patient/${id}`, {
      body: JSON.stringify([{ op: 'replace', path: '/gender', value: 'male' }]),
      headers: { ...headers, 'content-type': 'application/json-patch+json' },
    });
    for (const reply of [created, updated, patched]) {
      expect(reply.body.resourceType).toBe(SEEN[wish]);
      expect([reply.text === '', reply.headers.has('etag')]).toEqual([wish === 'minimal', true]);
    }
  });

  test.each(WISHES)('rule 35: return=%s holds for the entries of a transaction and a batch', async (wish) => {
    for (const type of ['transaction', 'batch']) {
      const request = { method: 'POST', url: 'Patient' };
      const { body } = await bundle(w, type, [{ resource: patient(), request }], {
        prefer: `return=${wish}`,
      });
      const [entry] = body.entry ?? [];
      expect(entry?.resource?.resourceType).toBe(wish === 'representation' ? 'Patient' : undefined);
      expect(entry?.response?.outcome?.resourceType).toBe(
        wish === 'OperationOutcome' ? 'OperationOutcome' : undefined,
      );
    }
  });

  test('rule 35: a delete that is asked for an outcome is 200 with one', async () => {
    const ana = await made(w, patient());
    const headers = { prefer: 'return=OperationOutcome' };
    const { status, body } = await call(w, 'DELETE', `/Patient/${ana.id}`, { headers });
    expect([status, body.issue?.[0]?.severity]).toEqual([200, 'information']);
  });

  test('rule 36: what comes back is what was stored, and not what was sent', async () => {
    const ana = await made(w, patient());
    const sent = dose(ana.id, { patient: { reference: `${w.url}/Patient/${ana.id}` } });
    const created = await made(w, sent);
    expect(created['patient']).toEqual({ reference: `Patient/${ana.id}` });
    expect((await call(w, 'GET', `/Immunization/${created.id}`)).body).toEqual(created);
  });
});
