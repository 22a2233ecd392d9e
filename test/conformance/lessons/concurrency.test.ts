/** What other servers learned the hard way: concurrency and integrity. Names of threads are where it was learned. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import { handle } from '../../../src/interactions/handle.ts';
import type { Rooms } from '../../../src/interactions/rooms.ts';
import { turns } from '../../../src/interactions/turns.ts';
import type { Store } from '../../../src/storage/store.ts';
import { transacts, updates } from '../../world/asks.ts';
import { bundle, call, countsOf, made, type Seen } from '../../world/requests.ts';
import { dose, patient, patientWith } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
beforeAll(async () => {
  w = await world({ clock: 'system' });
});
afterAll(() => w.end());

const posts = (resource: object, more: object = {}): object => ({
  resource,
  request: { method: 'POST', url: (resource as Seen).resourceType, ...more },
});
const puts = (resource: Seen, more: object): object => ({
  resource: { ...resource, ...more },
  request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
});

/** Another process on the same database, some methods of whose store do something else. */
const withStore = (more: Partial<Store>): Rooms => ({
  ...w.rooms,
  inTurn: turns(),
  store: { ...w.rooms.store, ...more },
});

test('lesson 1: parallel conditional creates make one (hapi-fhir #3141, #4597; microsoft #1382; medplum #4878)', async () => {
  const headers = { 'if-none-exist': 'identifier=lesson-1' };
  const body = patientWith('lesson-1');
  const replies = await Promise.all(
    Array.from({ length: 100 }, () => call(w, 'POST', '/Patient', { body, headers })),
  );
  expect(replies.filter(({ status }) => status === 201).length).toBe(1);
  expect(new Set(replies.map(({ body: seen }) => seen.id)).size).toBe(1);
});

test('lesson 1: a condition in transactions that run at once makes one', async () => {
  const entry = posts(patientWith('lesson-1b'), { ifNoneExist: 'identifier=lesson-1b' });
  const replies = await Promise.all(Array.from({ length: 20 }, () => bundle(w, 'transaction', [entry])));
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
  const statuses = replies.map(({ body }) => body.entry?.[0]?.response?.status).sort();
  expect(statuses).toEqual([...Array<string>(19).fill('200'), '201']);
  expect((await call(w, 'GET', '/Patient?identifier=lesson-1b')).body.total).toBe(1);
});

test('lesson 2: a reference to what is not there makes no placeholder (hapi-fhir #7114)', async () => {
  const before = await countsOf(w);
  const reply = await call(w, 'POST', '/Immunization', { body: dose('not-there') });
  expect([reply.status, await countsOf(w)]).toEqual([422, before]);
});

describe('an attempt that is made again', () => {
  test('lesson 3: tells what was done, and nothing of the attempt that was not (medplum #9811)', async () => {
    const ana = await made(w, patient());
    let tries = 0;
    const rooms = withStore({
      commit: async (unit) => {
        tries += 1;
        if (tries > 1) return w.rooms.store.commit(unit);
        await call(w, 'PUT', `/Patient/${ana.id}`, { body: { ...ana, gender: 'male' } });
        return { why: 'changed', in: 'Patient', id: ana.id };
      },
    });
    const answer = await handle(rooms, updates({ ...ana, gender: 'female' }));
    expect([tries, answer.version, answer.location]).toEqual([2, 3, `Patient/${ana.id}/_history/3`]);
    const { body } = await call(w, 'GET', `/Patient/${ana.id}`);
    expect([body.meta.versionId, body['gender']]).toEqual(['3', 'female']);
  });

  test('lesson 3: a transaction whose ground has gone fails whole', async () => {
    const ana = await made(w, patient());
    const before = await countsOf(w);
    let tries = 0;
    const rooms = withStore({
      commit: async (unit) => {
        tries += 1;
        if (tries > 1) return w.rooms.store.commit(unit);
        await call(w, 'DELETE', `/Patient/${ana.id}`);
        return { why: 'changed', in: 'Patient', id: ana.id };
      },
    });
    const asked = transacts(posts(patientWith('lesson-3')), posts(dose(ana.id)));
    await expect(handle(rooms, asked)).rejects.toMatchObject({ kind: 'business-rule' });
    const { Immunization } = await countsOf(w);
    expect(Immunization).toBe(before['Immunization']);
    expect((await call(w, 'GET', '/Patient?identifier=lesson-3')).body.total).toBe(0);
  });

  test('lesson 4: gives up after a while, and says that it may be tried again (medplum #7045)', async () => {
    const ana = await made(w, patient());
    const rooms = withStore({ commit: () => Promise.resolve({ why: 'changed', in: 'Patient', id: ana.id }) });
    const fault: unknown = await handle(rooms, updates({ ...ana, gender: 'female' })).catch(
      (error: unknown) => error,
    );
    expect(fault).toBeInstanceOf(Failure);
    expect(fault).toMatchObject({ kind: 'conflict' });
    expect(String(fault)).toContain('again');
  });
});

test('lesson 5: a transaction is never done as a batch (medplum #1369, #3399)', async () => {
  const before = await countsOf(w);
  const { status } = await bundle(w, 'transaction', [
    posts(patientWith('lesson-5')),
    posts(dose('not-there')),
  ]);
  expect([status, await countsOf(w)]).toEqual([422, before]);
});

test('lesson 7: a conditional reference finds what the same Bundle creates (microsoft #1175, blaze #433)', async () => {
  const reply = await bundle(w, 'transaction', [
    posts(dose('', { patient: { reference: 'Patient?identifier=lesson-7' } })),
    posts(patientWith('lesson-7'), { ifNoneExist: 'identifier=lesson-7' }),
  ]);
  expect(reply.status).toBe(200);
  const { body } = await call(w, 'GET', '/Immunization?patient.identifier=lesson-7');
  expect(body.total).toBe(1);
});

test('lesson 8: a fault names the entry that it is in, and where (microsoft #896)', async () => {
  const { body } = await bundle(w, 'transaction', [
    posts(patient()),
    posts(patient({ name: [{ family: 'M' }, { given: [7] }] })),
  ]);
  expect(body.issue?.[0]?.expression).toEqual(['Bundle.entry[1].resource.name[1].given[0]']);
});

test('lesson 9: a Bundle beyond the limits is 413 with an outcome (medplum #3222, LinuxForHealth #4184)', async () => {
  const entry = Array.from({ length: 501 }, () => posts(patient()));
  const { status, body } = await bundle(w, 'transaction', entry);
  expect([status, body.issue?.[0]?.code]).toEqual([413, 'too-long']);
});

test('lesson 10: transactions at once on the same resources leave them in step (microsoft #5706, #5592)', async () => {
  const [a, b] = [await made(w, patient()), await made(w, patient())];
  const both = (n: number): object[] => [a, b].map((each) => puts(each, { name: [{ family: `Name ${n}` }] }));
  const replies = await Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      bundle(w, 'transaction', n % 2 === 0 ? both(n) : both(n).toReversed()),
    ),
  );
  for (const { status } of replies) expect([200, 409]).toContain(status);
  const done = replies.filter(({ status }) => status === 200).length;
  const [first, second] = await Promise.all([a, b].map((each) => call(w, 'GET', `/Patient/${each.id}`)));
  expect(first?.body['name']).toEqual(second?.body['name']);
  expect([first?.body.meta.versionId, second?.body.meta.versionId]).toEqual([
    String(done + 1),
    String(done + 1),
  ]);
  expect(done).toBeGreaterThan(0);
});

test('lesson 11: while a large transaction is worked on, others are answered (icanbwell #2251)', async () => {
  const ana = await made(w, patient());
  const entry = Array.from({ length: 500 }, (_, n) => posts(dose(ana.id, { lotNumber: `L${n}` })));
  const work = { isDone: false };
  const large = bundle(w, 'transaction', entry).finally(() => {
    work.isDone = true;
  });
  let answered = 0;
  for (; !work.isDone; answered += 1) await call(w, 'GET', `/Patient/${ana.id}`);
  expect((await large).status).toBe(200);
  // One was answered before the transaction was, however fast the machine is.
  expect(answered).toBeGreaterThan(1);
});
