/** Deciding takes the same however many take part: what is known is read by keys alone, and requests of one moment share it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { on, PARTICIPANTS, RELATIONSHIPS } from '../../src/storage/participants.ts';
import { enrol, guarded } from '../auth/bearer.ts';
import { ask } from '../world/asks.ts';
import type { World } from '../world/world.ts';

let w: World;
beforeAll(async () => {
  // A profile of its queries stays in the database.
  w = await guarded({ database: 'new' });
});
afterAll(() => w.end());

interface Plan {
  readonly queryPlanner: { readonly winningPlan: object };
}

async function stagesOf(collection: string, filter: object): Promise<string> {
  const { db } = w.services.connection;
  const plan = (await db?.collection(collection).find(filter).explain('queryPlanner')) as unknown as Plan;
  return JSON.stringify(plan.queryPlanner.winningPlan);
}

test.each([
  [PARTICIPANTS, { _id: { $in: ['client:a', 'account:b', 'organization:c'] } }],
  [RELATIONSHIPS, { holder: { $in: ['organization:a'] }, patient: { $in: ['b'] }, ...on('2026-11-22') }],
  [RELATIONSHIPS, { holder: 'account:a', ...on('2026-11-22') }],
])('%s is read by an index', async (collection, filter) => {
  const stages = await stagesOf(collection, filter);
  expect(stages).toMatch(/IXSCAN|IDHACK|EXPRESS/);
  expect(stages).not.toContain('COLLSCAN');
});

test('requests of the same moment share their questions', async () => {
  const { db } = w.services.connection;
  const people = Array.from({ length: 40 }, (_, n) => `person-${n}`);
  for (const id of people) await enrol(w, { id, what: 'person', role: 'provider', organization: 'clinic' });
  const asks = people.map((user) =>
    ask({ actor: { client: 'tester', user, role: 'provider', purpose: 'TREAT', organization: 'clinic' } }),
  );
  await db?.command({ profile: 2 });
  const known = await Promise.all(asks.map((each) => w.rooms.know(each)));
  await db?.command({ profile: 0 });
  expect(known.map(({ account }) => account?._id)).toEqual(people.map((id) => `account:${id}`));
  const asked = await db
    ?.collection('system.profile')
    .countDocuments({ op: 'query', ns: new RegExp(`\\.${PARTICIPANTS}$`) });
  expect(asked).toBe(1);
});
