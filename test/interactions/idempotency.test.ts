/** Idempotency-Key: a write that is sent again with the same key is not done again. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { handle } from '../../src/interactions/handle.ts';
import { creates } from '../world/asks.ts';
import { bundle, call, countsOf, made, type Reply, type Seen } from '../world/requests.ts';
import { dose, patient, patientWith } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

const REPLAYED = 'idempotency-replayed';
const post = (key: string, body: object, more: Readonly<Record<string, string>> = {}): Promise<Reply> =>
  call(w, 'POST', '/Patient', { body, headers: { 'idempotency-key': key, ...more } });

/** A version without what stands beside the current one only: statuses are told as they are now. */
const asReported = ({ extension: _extension, ...rest }: Partial<Seen> = {}): object => rest;

describe('a create', () => {
  test('that is sent again is answered as the first time, and says so', async () => {
    const first = await post('create-1', patient());
    const before = await countsOf(w);
    const again = await post('create-1', patient());
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    for (const name of ['location', 'etag', 'last-modified']) {
      expect(again.headers.get(name)).toBe(first.headers.get(name));
    }
    expect([first.headers.get(REPLAYED), again.headers.get(REPLAYED)]).toEqual([null, 'true']);
    expect(await countsOf(w)).toEqual(before);
  });

  test('with the same key and another body is 422', async () => {
    await post('create-2', patient());
    const other = await post('create-2', patient({ gender: 'female' }));
    expect([other.status, other.body.issue?.[0]?.code]).toEqual([422, 'duplicate']);
    const condition = await post('create-2', patient(), { 'if-none-exist': 'identifier=x' });
    expect(condition.status).toBe(422);
  });

  test('that is sent twenty times at once makes one', async () => {
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => post('create-3', patientWith('twenty'))),
    );
    expect(new Set(replies.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
    expect(replies.filter(({ headers }) => headers.get(REPLAYED) === null).length).toBe(1);
    expect((await call(w, 'GET', '/Patient?identifier=twenty')).body.total).toBe(1);
  });

  test('that failed may be sent again, corrected or not', async () => {
    expect((await post('create-4', patient({ gender: 'lady' }))).status).toBe(422);
    expect((await post('create-4', patient())).status).toBe(201);
  });

  test('shows, sent again, the version that it made, though others followed', async () => {
    const first = await post('create-5', patient());
    const { body } = first;
    await call(w, 'PUT', `/Patient/${body.id}`, { body: { ...body, gender: 'male' } });
    const again = await post('create-5', patient());
    expect([asReported(again.body), again.headers.get('etag')]).toEqual([asReported(body), 'W/"1"']);
  });

  test('is answered again as the caller prefers', async () => {
    await post('create-6', patient());
    const minimal = await post('create-6', patient(), { prefer: 'return=minimal' });
    expect([minimal.status, minimal.text]).toEqual([201, '']);
    const outcome = await post('create-6', patient(), { prefer: 'return=OperationOutcome' });
    expect(outcome.body.resourceType).toBe('OperationOutcome');
  });

  test('with the key of another client is another create', async () => {
    const asked = creates(patient(), { idempotencyKey: 'shared' });
    const other = { ...asked, actor: { ...asked.actor, client: 'other' } };
    const answers = [
      await handle(w.rooms, asked),
      await handle(w.rooms, other),
      await handle(w.rooms, asked),
    ];
    expect(answers.map(({ headers }) => headers?.['Idempotency-Replayed'])).toEqual([
      undefined,
      undefined,
      'true',
    ]);
    expect(new Set(answers.map(({ location }) => location)).size).toBe(2);
  });

  test('on another path is another create', async () => {
    const ana = await post('create-7', patient());
    const headers = { 'idempotency-key': 'create-7' };
    const given = await call(w, 'POST', '/Immunization', { body: dose(ana.body.id), headers });
    expect([given.status, given.headers.get(REPLAYED)]).toEqual([201, null]);
  });
});

describe('other writes', () => {
  test('an update, a patch, a delete and one that changes nothing are done once', async () => {
    const ana = await made(w, patient());
    const url = `/Patient/${ana.id}`;
    const patch = { 'content-type': 'application/json-patch+json' };
    const operations = JSON.stringify([{ op: 'add', path: '/name/0/given/-', value: 'Marija' }]);
    const writes: readonly (readonly [string, object])[] = [
      ['PUT', { body: { ...ana, gender: 'female' }, headers: { 'idempotency-key': 'u' } }],
      ['PATCH', { body: operations, headers: { 'idempotency-key': 'p', ...patch } }],
      ['PUT', { body: { ...ana, gender: 'other' }, headers: { 'idempotency-key': 'n' } }],
      ['DELETE', { headers: { 'idempotency-key': 'd' } }],
    ];
    for (const [method, sent] of writes) {
      const first = await call(w, method, url, sent);
      const again = await call(w, method, url, sent);
      expect([method, again.status, again.text]).toEqual([method, first.status, first.text]);
      expect(again.headers.get(REPLAYED)).toBe('true');
    }
    expect((await call(w, 'GET', `${url}/_history`)).body.total).toBe(5);
  });

  test('a write that changed nothing keeps its key too', async () => {
    const ana = await made(w, patient());
    const headers = { 'idempotency-key': 'nothing' };
    const put = (more: object): Promise<Reply> =>
      call(w, 'PUT', `/Patient/${ana.id}`, { body: { ...ana, ...more }, headers });
    expect((await put({})).headers.get('etag')).toBe('W/"1"');
    expect((await put({ gender: 'male' })).status).toBe(422);
  });

  test('a transaction is done once, and each entry of a batch', async () => {
    for (const type of ['transaction', 'batch']) {
      const entry = ['1', '2'].map((n) => ({
        resource: patientWith(`${type}-${n}`),
        request: { method: 'POST', url: 'Patient' },
      }));
      const headers = { 'idempotency-key': `bundle-${type}` };
      const first = await bundle(w, type, entry, headers);
      const before = await countsOf(w);
      const again = await bundle(w, type, entry, headers);
      expect([again.status, again.body.entry]).toEqual([200, first.body.entry]);
      expect(await countsOf(w)).toEqual(before);
    }
  });

  test('a transaction that is sent again reads what is there now', async () => {
    const entry = [
      { resource: patientWith('reread'), request: { method: 'POST', url: 'Patient' } },
      { request: { method: 'GET', url: 'Patient?identifier=reread' } },
    ];
    const headers = { 'idempotency-key': 'reread', prefer: 'return=representation' };
    const resourcesOf = ({ body }: Reply): (Seen | undefined)[] =>
      (body.entry ?? []).map(({ resource }) => resource);
    const [first] = resourcesOf(await bundle(w, 'transaction', entry, headers));
    await call(w, 'DELETE', `/Patient/${first?.id ?? ''}`);
    const again = await bundle(w, 'transaction', entry, headers);
    expect(resourcesOf(again)).toEqual([asReported(first), expect.objectContaining({ total: 0 })]);
    expect(again.headers.get(REPLAYED)).toBe('true');
  });
});
