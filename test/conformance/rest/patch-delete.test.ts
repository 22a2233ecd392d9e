/** FHIR R4 REST, rules 42 to 48: patch and delete (https://hl7.org/fhir/R4/http.html#patch, #delete). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { catalog } from '../../../src/catalog/index.ts';
import { call, countsOf, made, type Reply, type Seen } from '../../world/requests.ts';
import { dose, patient } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

const patch = ({ id }: Seen, operations: unknown, headers: Readonly<Record<string, string>> = {}) =>
  call(w, 'PATCH', `/Patient/${id}`, {
    body: JSON.stringify(operations),
    headers: { 'content-type': 'application/json-patch+json', ...headers },
  });
const read = ({ id }: Seen): Promise<Reply> => call(w, 'GET', `/Patient/${id}`);

describe('patch', () => {
  test('rule 42: a JSON Patch is applied and answers the new version', async () => {
    const ana = await made(w, patient());
    const reply = await patch(ana, [
      { op: 'test', path: '/birthDate', value: '2015-03-01' },
      { op: 'add', path: '/gender', value: 'female' },
      { op: 'add', path: '/name/0/given/-', value: 'Marija' },
    ]);
    expect([reply.status, reply.headers.get('etag'), reply.body['gender']]).toEqual([200, 'W/"2"', 'female']);
    expect((await read(ana)).body).toEqual(reply.body);
  });

  test.each([
    ['a test that fails', [{ op: 'test', path: '/birthDate', value: '2020-01-01' }]],
    ['a path that leads nowhere', [{ op: 'replace', path: '/name/7/family', value: 'X' }]],
    [
      'a later operation that fails',
      [
        { op: 'add', path: '/gender', value: 'female' },
        { op: 'remove', path: '/nothing' },
      ],
    ],
    ['the id', [{ op: 'replace', path: '/id', value: 'other' }]],
    ['the type', [{ op: 'replace', path: '/resourceType', value: 'Group' }]],
    ['the version', [{ op: 'replace', path: '/meta/versionId', value: '7' }]],
    ['an operation that is none', [{ op: 'shake', path: '/gender' }]],
    ['a pointer that is none', [{ op: 'add', path: 'gender', value: 'female' }]],
    ['the prototype', [{ op: 'add', path: '/__proto__/x', value: 1 }]],
  ])('rule 42: %s changes nothing', async (_what, operations) => {
    const ana = await made(w, patient());
    const reply = await patch(ana, operations);
    expect([400, 409, 422]).toContain(reply.status);
    expect(reply.body.resourceType).toBe('OperationOutcome');
    expect((await read(ana)).body).toEqual(ana);
  });

  test('rule 43: the result is checked like an update', async () => {
    const ana = await made(w, patient());
    expect((await patch(ana, [{ op: 'add', path: '/gender', value: 'lady' }])).status).toBe(422);
    expect((await patch(ana, [{ op: 'add', path: '/shoeSize', value: 42 }])).status).toBe(400);
    expect((await patch(ana, [{ op: 'remove', path: '/birthDate' }])).status).toBe(422);
    expect((await read(ana)).body).toEqual(ana);
  });

  test.each(['application/json', 'text/json', 'application/merge-patch+json', 'application/xml-patch+xml'])(
    'rule 43: a patch of type %s is 415',
    async (type) => {
      const ana = await made(w, patient());
      expect((await patch(ana, [], { 'content-type': type })).status).toBe(415);
    },
  );

  test('rule 44: a FHIRPath Patch is a Parameters resource in FHIR JSON', async () => {
    const ana = await made(w, patient());
    const operation = (type: string, path: string, name: string, value: object): object => ({
      name: 'operation',
      part: [
        { name: 'type', valueCode: type },
        { name: 'path', valueString: path },
        ...(name === '' ? [] : [{ name: 'name', valueString: name }]),
        { name: 'value', ...value },
      ],
    });
    const parameter = [
      operation('add', 'Patient', 'active', { valueBoolean: true }),
      operation('replace', 'Patient.name[0].family', '', { valueString: 'Kovač' }),
    ];
    const body = { resourceType: 'Parameters', parameter };
    const reply = await call(w, 'PATCH', `/Patient/${ana.id}`, { body });
    expect([reply.status, reply.body['active'], reply.body['name']]).toEqual([
      200,
      true,
      [{ family: 'Kovač', given: ['Ana'] }],
    ]);
    expect((await call(w, 'PATCH', `/Patient/${ana.id}`, { body: patient() })).status).toBe(400);
  });

  test('rule 42: a patch of what is not there is 404, of what was deleted 410', async () => {
    const ana = await made(w, patient());
    await call(w, 'DELETE', `/Patient/${ana.id}`);
    expect((await patch(ana, [])).status).toBe(410);
    expect((await patch({ ...ana, id: 'never' }, [])).status).toBe(404);
  });
});

describe('delete', () => {
  test('rule 45: a delete is 204 without a body; a second one the same, without a new version', async () => {
    const ana = await made(w, patient());
    const replies = [];
    for (let n = 0; n < 3; n += 1) replies.push(await call(w, 'DELETE', `/Patient/${ana.id}`));
    expect(replies.map(({ status, text }) => [status, text])).toEqual(Array(3).fill([204, '']));
    expect(replies[0]?.headers.get('etag')).toBe('W/"2"');
    expect((await call(w, 'GET', `/Patient/${ana.id}/_history`)).body.total).toBe(2);
    expect((await call(w, 'DELETE', '/Patient/never-was')).status).toBe(204);
  });

  test('rule 46: a patient whose record holds a dose is not deleted: 409', async () => {
    const ana = await made(w, patient());
    const first = await made(w, dose(ana.id));
    const before = await countsOf(w);
    const reply = await call(w, 'DELETE', `/Patient/${ana.id}`);
    expect([reply.status, reply.body.issue?.[0]?.code]).toEqual([409, 'conflict']);
    expect(await countsOf(w)).toEqual(before);
    await call(w, 'DELETE', `/Immunization/${first.id}`);
    expect((await call(w, 'DELETE', `/Patient/${ana.id}`)).status).toBe(204);
  });

  test('rule 46: where deletes are never allowed they are 405 with Allow', async () => {
    const closed = [...catalog.values()].filter(({ interactions }) => !interactions.includes('delete'));
    expect(closed.length).toBeGreaterThan(0);
    for (const { type } of closed) {
      const { status, headers } = await call(w, 'DELETE', `/${type}/x`);
      expect([type, status]).toEqual([type, 405]);
      expect(headers.get('allow')?.split(', ')).not.toContain('DELETE');
    }
  });

  test('rule 47: after a delete: read 410, not found by search or include, history still there', async () => {
    const ana = await made(w, patient());
    const org = await made(w, { resourceType: 'Organization', name: 'Gone Clinic' });
    const given = await made(
      w,
      dose(ana.id, { performer: [{ actor: { reference: `Organization/${org.id}` } }] }),
    );
    await call(w, 'DELETE', `/Organization/${org.id}`);
    expect((await call(w, 'GET', `/Organization/${org.id}`)).status).toBe(410);
    expect((await call(w, 'GET', `/Organization?_id=${org.id}`)).body.total).toBe(0);
    const { body } = await call(w, 'GET', `/Immunization?patient=${ana.id}&_include=Immunization:performer`);
    expect(body.entry?.map(({ resource }) => resource?.id)).toEqual([given.id]);
    expect((await call(w, 'GET', `/Organization/${org.id}/_history`)).body.total).toBe(2);
  });
});

describe('what is not offered', () => {
  test.each([
    ['GET', ''],
    ['PUT', ''],
    ['PATCH', '/metadata'],
    ['DELETE', '/Patient/1/_history'],
    ['POST', '/Patient/1'],
    ['PUT', '/AuditEvent/1'],
    ['POST', '/AuditEvent'],
    ['DELETE', '/Patient/1/_history/1'],
    ['PUT', '/Patient/_search'],
  ])('rule 48: %s %s is 404 or 405 with an outcome', async (method, url) => {
    const { status, headers, body } = await call(w, method, url);
    expect([400, 404, 405]).toContain(status);
    expect(body.resourceType).toBe('OperationOutcome');
    if (status === 405) expect(headers.get('allow')?.split(', ')).not.toContain(method);
  });

  test('rule 48: Allow names what the path and the type really offer', async () => {
    const allowed = async (method: string, url: string): Promise<string | null> =>
      (await call(w, method, url)).headers.get('allow');
    expect(await allowed('POST', '/AuditEvent')).toBe('GET, HEAD');
    expect(await allowed('DELETE', '/AuditEvent/1')).toBe('GET, HEAD');
    expect(await allowed('POST', '/Patient/1')).toBe('GET, HEAD, PUT, PATCH, DELETE');
    expect(await allowed('DELETE', '/Patient/1/_history')).toBe('GET, HEAD');
    expect(await allowed('GET', '')).toBe('POST');
    expect(await allowed('PUT', '/metadata')).toBe('GET, HEAD');
  });
});
