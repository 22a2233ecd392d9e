import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { world, type World } from './world/world.ts';
import { call, countsOf } from './world/requests.ts';
import { patientWith } from './world/resources.ts';
let w: World, v: World;
beforeAll(async () => { w = await world(); v = await world({ beside: w }); });
afterAll(async () => { await v.end(); await w.end(); });
test.each([['one', 'a'], ['two', 'b']])('ccreate %s', async (which, id) => {
  const t = Date.now();
  const replies = await Promise.all(Array.from({ length: 2000 }, (_, n) => call(which === 'two' && n % 2 ? v : w, 'POST', '/Patient', { body: patientWith(id), headers: { 'if-none-exist': `identifier=${id}` } })));
  const by: Record<string, number> = {};
  for (const r of replies) by[r.status] = (by[r.status] ?? 0) + 1;
  console.log(which, Date.now() - t, by, await countsOf(w));
});
