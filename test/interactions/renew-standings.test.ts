/** A store whose standings follow other rules than the server that starts on it. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { packKey } from '../../src/interactions/pack-key.ts';
import { databaseOf } from '../../src/storage/connect.ts';
import type { StandingDocument } from '../../src/storage/store.ts';
import { STANDINGS } from '../../src/storage/write.ts';
import { asked, consent, create, given, idsOf, provider, self } from '../consent/people.ts';
import { searches } from '../world/asks.ts';
import { organization, patient } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';

interface Written {
  directives: { code: string; sees: string[] }[];
}

/** The sandbox's pack with something else in it. */
function packWith(change: (pack: Written) => object): string {
  const source = join(import.meta.dirname, '..', '..', 'src', 'jurisdictions', 'packs', 'sandbox.json');
  const file = join(mkdtempSync(join(tmpdir(), 'pack-')), 'changed.json');
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(source, 'utf8')) as Written)));
  return file;
}

let w: World;
let a = '';
let plain = '';
let closed = '';
beforeAll(async () => {
  w = await world();
  a = await create(w, organization());
  plain = await create(w, patient());
  closed = await create(w, patient());
  for (const person of [plain, closed]) await create(w, given(person, a));
  await create(w, consent(closed, 'complete-opt-out'), self(closed));
});
afterAll(() => w.end());

const standings = async (): Promise<ReadonlyMap<string, StandingDocument>> => {
  const all = await databaseOf(w.services.connection)
    .collection<StandingDocument>(STANDINGS)
    .find()
    .toArray();
  return new Map(all.map((each) => [each._id, each]));
};
const dosesSeen = async (on: World, person: string): Promise<number> =>
  idsOf(await asked(on, { ...searches('Immunization', ['patient', person]), actor: provider(a) })).length;

describe('a start under other rules', () => {
  test('that come to the same leaves all as it is but for the rules it follows', async () => {
    const before = await standings();
    const next = await world({
      beside: w,
      jurisdiction: packWith((pack) => ({ ...pack, title: 'Renamed' })),
    });
    const after = await standings();
    for (const [id, was] of before) expect(after.get(id)).toEqual({ ...was, pack: packKey(next.rooms.pack) });
    expect(packKey(next.rooms.pack)).not.toBe(packKey(w.rooms.pack));
    await next.end();
  });

  test('that open what was closed changes the records it bears on, before it answers', async () => {
    expect(await dosesSeen(w, closed)).toBe(0);
    const before = await standings();
    const open = packWith((pack) => ({
      ...pack,
      directives: pack.directives.map((each) =>
        each.code === 'complete-opt-out' ? { ...each, sees: [...each.sees, 'provider'] } : each,
      ),
    }));
    const next = await world({ beside: w, jurisdiction: open });
    const after = await standings();
    expect([...after.values()].map(({ pack }) => pack)).toEqual(
      Array.from(after, () => packKey(next.rooms.pack)),
    );
    expect(after.get(closed)?.generation).toBeGreaterThan(before.get(closed)?.generation ?? 0);
    expect(after.get(plain)?.generation).toBe(before.get(plain)?.generation);
    expect(await dosesSeen(next, closed)).toBe(1);
    expect(await dosesSeen(next, plain)).toBe(1);
    await next.end();
  });
});
