/** That knowing who asks reads by indexes, however many take part: what MongoDB itself notes of the queries. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Ask } from '../../src/core/context.ts';
import { databaseOf } from '../../src/storage/connect.ts';
import { revocationsOf } from '../../src/storage/revocations.ts';
import { world, type World } from '../world/world.ts';

const READ = ['participants', 'relationships', 'emergencies', 'revocations'];

let w: World;
beforeAll(async () => {
  w = await world({ database: 'new' });
});
afterAll(() => w.end());

interface Noted {
  readonly ns: string;
  readonly planSummary: string;
}

test('no decision looks through all participants, relationships, openings or revocations', async () => {
  const db = databaseOf(w.services.connection);
  const ask: Ask = {
    ...{ interaction: 'read', type: 'Patient', id: 'x', requestId: 'x', door: 'http' },
    actor: { client: 'c', user: 'u', organization: 'o', role: 'provider', purpose: 'ETREAT' },
    ...{ query: [], queryInUrl: true, conditions: {}, prefer: {} },
  };
  await db.command({ profile: 2 });
  await w.rooms.know(ask);
  await w.rooms.know({ ...ask, actor: { client: 'c', user: 'g', role: 'guardian', purpose: 'FAMRQT' } });
  await revocationsOf(w.services.connection, w.clock.now).hasAny(['jti:1', 'client:c', 'account:u']);
  await db.command({ profile: 0 });
  const noted = await db.collection<Noted>('system.profile').find({ op: 'query' }).toArray();
  const asked = noted.filter(({ ns }) => READ.some((name) => ns.endsWith(`.${name}`)));
  expect(new Set(asked.map(({ ns }) => ns.split('.').at(-1)))).toEqual(new Set(READ));
  for (const { ns, planSummary } of asked)
    expect([ns, planSummary]).toEqual([ns, expect.stringMatching(/^(IXSCAN|IDHACK)/)]);
});
