/** What the watch over the log finds becomes one Task a day, in nobody's record. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LOG } from '../../src/audit/ledger.ts';
import { watch } from '../../src/audit/watch.ts';
import { raiseTask } from '../../src/interactions/raise-task.ts';
import { accountsOf } from '../../src/storage/accounts.ts';
import { databaseOf } from '../../src/storage/connect.ts';
import { recentOf } from '../../src/storage/recent.ts';
import { ask } from '../world/asks.ts';
import { call, made } from '../world/requests.ts';
import { patient } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

const look = (): Promise<void> =>
  watch({
    recent: recentOf(w.services.connection, LOG),
    now: w.rooms.now,
    raise: (flag) => raiseTask(w.rooms, flag),
  });

const address = [{ line: ['12 Oak Street'], postalCode: '60601' }];

test('a user who looks at the own family is flagged once, without the family being told', async () => {
  const child = await made(w, patient({ name: [{ family: 'Ilić' }], address }));
  const stranger = await made(w, patient({ name: [{ family: 'Chen' }] }));
  const nurse = await made(w, { resourceType: 'Practitioner', name: [{ family: 'Marković' }], address });
  await accountsOf(w.services.connection).put({
    ...{ _id: 'nurse', name: 'A nurse', role: 'provider', password: '' },
    person: `Practitioner/${nurse.id}`,
  });
  const actor = { client: 'app', user: 'nurse', role: 'provider', purpose: 'TREAT' };
  for (const { id } of [child, stranger]) {
    await w.rooms.record(ask({ interaction: 'read', type: 'Patient', id, actor }), (entry) => {
      entry.concerns([id]);
      return Promise.resolve({ status: 200 });
    });
  }
  await look();
  await look();
  const { body } = await call(w, 'GET', '/Task');
  const tasks = (body.entry ?? []).map(({ resource }) => resource);
  expect(tasks).toHaveLength(1);
  expect(JSON.stringify(tasks)).toContain('own-household');
  expect(JSON.stringify(tasks)).toContain(child.id);
  expect(JSON.stringify(tasks)).not.toContain(stranger.id);
  expect((await call(w, 'GET', `/Patient/${child.id}/Task`)).body.entry ?? []).toEqual([]);
  const flags = { tokens: 'subtype=flag' };
  expect(await databaseOf(w.services.connection).collection(LOG).countDocuments(flags)).toBe(1);
  w.clock.advance(2 * 3_600_000);
  await look();
  expect((await call(w, 'GET', '/Task')).body.entry).toHaveLength(1);
});
