/** FHIR R4 REST, rule 41: equal conditional creates at the same moment (https://hl7.org/fhir/R4/http.html#ccreate). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Ask } from '../../../src/core/context.ts';
import { creates } from '../../world/asks.ts';
import { call } from '../../world/requests.ts';
import { patientWith } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

const MANY = 2000;
let w: World;
let beside: World;
beforeAll(async () => {
  w = await world({ clock: 'system' });
  beside = await world({ beside: w, clock: 'system' });
});
afterAll(async () => {
  await beside.end();
  await w.end();
});

const creating = (value: string): Ask =>
  creates(patientWith(value), { conditions: { ifNoneExist: [['identifier', value]] } });

/** Asks of many at once, through each server in its turn, and what came of it. */
async function atOnce(value: string, servers: readonly World[]): Promise<Readonly<Record<string, number>>> {
  const asked = Array.from({ length: MANY }, (_, n) =>
    servers[n % servers.length]!.rooms.handle(creating(value)),
  );
  const answers = await Promise.all(asked);
  expect(new Set(answers.map(({ location }) => location)).size).toBe(1);
  const statuses = Map.groupBy(answers, ({ status }) => status);
  return Object.fromEntries([...statuses].map(([status, some]) => [status, some.length]));
}

const ONE_MADE = { 200: MANY - 1, 201: 1 };

test('rule 41: two thousand equal conditional creates in one process make one resource', async () => {
  expect(await atOnce('parallel-1', [w])).toEqual(ONE_MADE);
  expect((await call(w, 'GET', '/Patient?identifier=parallel-1')).body.total).toBe(1);
}, 120_000);

test('rule 41: two thousand through two servers on one database make one resource', async () => {
  expect(await atOnce('parallel-2', [w, beside])).toEqual(ONE_MADE);
  expect((await call(beside, 'GET', '/Patient?identifier=parallel-2')).body.total).toBe(1);
}, 120_000);

test('rule 41: equal conditional updates of what is not there make one resource', async () => {
  const put = (n: number) =>
    call(n % 2 === 0 ? w : beside, 'PUT', '/Patient?identifier=parallel-3', {
      body: patientWith('parallel-3'),
    });
  const replies = await Promise.all(Array.from({ length: 60 }, (_, n) => put(n)));
  const created = replies.filter(({ status }) => status === 201);
  expect([created.length, new Set(replies.map(({ body }) => body.id)).size]).toEqual([1, 1]);
});

test('rule 34: writers on two servers leave versions without holes', async () => {
  const { body: made } = await call(w, 'POST', '/Patient', { body: patientWith('parallel-4') });
  const put = (n: number) =>
    call(n % 2 === 0 ? w : beside, 'PUT', `/Patient/${made.id}`, {
      body: { ...made, name: [{ family: 'M', given: [`Ana ${n}`] }] },
    });
  const replies = await Promise.all(Array.from({ length: 30 }, (_, n) => put(n)));
  const done = replies.filter(({ status }) => status === 200).length;
  expect(done).toBe(30);
  const { body } = await call(w, 'GET', `/Patient/${made.id}/_history?_count=100`);
  const versions = body.entry?.map(({ resource }) => Number(resource?.meta.versionId));
  expect(versions).toEqual(Array.from({ length: done + 1 }, (_, n) => done + 1 - n));
});
