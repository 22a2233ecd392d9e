/** FHIR R4 REST, rules 37 to 40: conditional writes (https://hl7.org/fhir/R4/http.html#ccreate, #cond-update, #cdelete). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, countsOf, made, type Reply } from '../../world/requests.ts';
import { MRN, patient, patientWith } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
  await made(w, patientWith('twin', { gender: 'female' }));
  await made(w, patientWith('twin', { gender: 'male' }));
});
afterAll(() => w.end());

const create = (condition: string, body: object): Promise<Reply> =>
  call(w, 'POST', '/Patient', { body, headers: { 'if-none-exist': condition } });
const codeOf = ({ body }: Reply): string | undefined => body.issue?.[0]?.code;

describe('conditional create', () => {
  test('rule 37: none 201, one 200 with its Location and ETag and nothing stored', async () => {
    const first = await create(`identifier=${MRN}|c1`, patientWith('c1'));
    expect(first.status).toBe(201);
    const before = await countsOf(w);
    const again = await create(`identifier=${MRN}|c1`, patientWith('c1', { gender: 'female' }));
    expect([again.status, again.headers.get('etag')]).toEqual([200, 'W/"1"']);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(again.body).toEqual(first.body);
    expect(await countsOf(w)).toEqual(before);
  });

  test('rule 37: several matches are 412', async () => {
    const reply = await create('identifier=twin', patientWith('twin'));
    expect([reply.status, codeOf(reply)]).toEqual([412, 'multiple-matches']);
  });

  test.each(['Patient?identifier=c3', '?identifier=c3', 'http://elsewhere/Patient?identifier=c3'])(
    'rule 37: of "%s" only the query counts',
    async (condition) => {
      await create('identifier=c3', patientWith('c3'));
      expect((await create(condition, patientWith('c3'))).status).toBe(200);
    },
  );

  test('rule 37: what was deleted or no longer matches gives way to a new one', async () => {
    const first = await create('identifier=c4', patientWith('c4'));
    await call(w, 'DELETE', `/Patient/${first.body.id}`);
    const second = await create('identifier=c4', patientWith('c4'));
    expect(second.status).toBe(201);
    await call(w, 'PUT', `/Patient/${second.body.id}`, {
      body: { ...patientWith('c4b'), id: second.body.id },
    });
    expect((await create('identifier=c4', patientWith('c4'))).status).toBe(201);
  });
});

describe('conditions that say too little', () => {
  const CONDITIONS: readonly (readonly [string, number])[] = [
    ['nonsense=1', 400],
    ['identifier=c1&nonsense=1', 400],
    ['identifier:foo=c1', 400],
    ['birthdate=abc', 400],
    ['_count=1', 400],
    ['identifier=', 412],
    ['', 412],
  ];

  test.each(CONDITIONS)('rule 38: If-None-Exist: "%s" is refused with %i', async (condition, status) => {
    const before = await countsOf(w);
    expect((await create(condition, patientWith('c9'))).status).toBe(status);
    expect(await countsOf(w)).toEqual(before);
  });

  test.each(CONDITIONS)(
    'rule 38: PUT, PATCH and DELETE ?%s are refused with %i',
    async (condition, status) => {
      const before = await countsOf(w);
      const url = `/Patient?${condition}`;
      const patch = { 'content-type': 'application/json-patch+json' };
      const replies = [
        await call(w, 'PUT', url, { body: patient() }),
        await call(w, 'PATCH', url, { body: '[]', headers: patch }),
        await call(w, 'DELETE', url),
      ];
      expect(replies.map((reply) => reply.status)).toEqual([status, status, status]);
      expect(await countsOf(w)).toEqual(before);
    },
  );

  test('rule 38: lenient handling does not widen a condition', async () => {
    const headers = { prefer: 'handling=lenient' };
    const { status } = await call(w, 'DELETE', '/Patient?nonsense=1', { headers });
    expect(status).toBe(400);
  });
});

describe('conditional update', () => {
  const update = (value: string, more: object = {}, headers: Readonly<Record<string, string>> = {}) =>
    call(w, 'PUT', `/Patient?identifier=${value}`, { body: patientWith(value, more), headers });

  test('rule 39: no match and no id creates', async () => {
    const reply = await update('u1');
    expect([reply.status, reply.headers.get('location')]).toEqual([
      201,
      `${w.url}/Patient/${reply.body.id}/_history/1`,
    ]);
  });

  test('rule 39: no match and an id nobody has is 405, as updateCreate is not declared', async () => {
    const reply = await update('u2', { id: 'mine' });
    expect([reply.status, reply.headers.has('allow')]).toEqual([405, true]);
  });

  test('rule 39: no match and the id of another resource is 409', async () => {
    const other = await made(w, patientWith('u3-other'));
    const reply = await update('u3', { id: other.id });
    expect([reply.status, codeOf(reply)]).toEqual([409, 'conflict']);
  });

  test('rule 39: one match is updated, with its own id in the body or none', async () => {
    const first = await update('u4');
    const second = await update('u4', { gender: 'female' });
    expect([second.status, second.body.id, second.body.meta.versionId]).toEqual([200, first.body.id, '2']);
    const third = await update('u4', { gender: 'male', id: first.body.id });
    expect([third.status, third.headers.get('etag')]).toEqual([200, 'W/"3"']);
    expect((await update('u4', { gender: 'other' }, { 'if-match': 'W/"1"' })).status).toBe(412);
  });

  test('rule 39: one match and another id in the body is 400; several matches are 412', async () => {
    await update('u5');
    expect((await update('u5', { id: 'other' })).status).toBe(400);
    expect((await update('twin')).status).toBe(412);
  });

  test('rule 39: PATCH by condition: one match is patched, none is 404, several are 412', async () => {
    const headers = { 'content-type': 'application/json-patch+json' };
    const body = JSON.stringify([{ op: 'add', path: '/gender', value: 'female' }]);
    await update('u6');
    const replies = await Promise.all(
      ['u6', 'nobody', 'twin'].map((value) =>
        call(w, 'PATCH', `/Patient?identifier=${value}`, { body, headers }),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual([200, 404, 412]);
    expect(replies[0]?.body['gender']).toBe('female');
  });
});

describe('conditional delete', () => {
  test('rule 40: one match is deleted; none is 204 as after any delete; several are 412', async () => {
    const one = await made(w, patientWith('d1'));
    const replies = [];
    for (const value of ['d1', 'd1', 'twin']) {
      replies.push(await call(w, 'DELETE', `/Patient?identifier=${value}`));
    }
    expect(replies.map(({ status }) => status)).toEqual([204, 204, 412]);
    expect((await call(w, 'GET', `/Patient/${one.id}`)).status).toBe(410);
    expect((await call(w, 'GET', '/Patient?identifier=twin')).body.total).toBe(2);
  });
});
