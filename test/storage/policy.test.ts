import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decide, type Grant, type Limits } from '../../src/policy/decide.ts';
import { nothingKnown } from '../../src/policy/known.ts';
import { insert, remove, supersede } from '../../src/storage/write.ts';
import { ASK, grant, NOON, place, stored, type Place } from './place.ts';

let p: Place;
beforeAll(async () => {
  p = await place();
  const was = stored('seen', 1, { patients: ['ana'] });
  await p.store.commit(insert('Basic', was));
  await p.store.commit(supersede('Basic', was, stored('seen', 2, { patients: ['ana'] })));
  await p.store.commit(insert('Basic', stored('gone', 1, { patients: ['ana'] })));
  await p.store.commit(remove('Basic', stored('gone', 1, { patients: ['ana'] }), NOON));
});
afterAll(() => p.end());

const leave = (...filter: Limits['filter']): Grant =>
  decide([() => ({ filter })], ASK, nothingKnown('2026-11-22'));
const REFUSING: Readonly<Record<string, Grant>> = {
  'that shows nothing': leave({ op: 'none' }),
  'for another patient': leave({ op: 'in', field: 'patients', keys: ['ben'] }),
  'for another id': leave({ op: 'in', field: '_id', keys: ['other'] }),
  'by a key that it does not have': leave({ op: 'in', field: 'tokens', keys: ['status=final'] }),
  'for anybody but its patient': leave({ op: 'not', of: { op: 'in', field: 'patients', keys: ['ana'] } }),
  'for no id': leave({ op: 'in', field: '_id', keys: [] }),
};
const ADMITTING: Readonly<Record<string, Grant>> = {
  'that shows everything': grant,
  'by a key that it must not have': leave({ op: 'not-in', field: 'tokens', keys: ['status=final'] }),
  'for the patient': leave({ op: 'in', field: 'patients', keys: ['ana'] }),
};

/** How much each way of reading shows. */
async function shown(leaveOf: Grant): Promise<Readonly<Record<string, number>>> {
  const { store } = p;
  const one = (found: unknown): number => (found === undefined ? 0 : 1);
  return {
    read: one(await store.read(leaveOf, 'read', 'Basic', 'seen')),
    readMany: (await store.readMany(leaveOf, 'Basic', ['seen'])).length,
    readWhole: one(await store.readWhole(leaveOf, 'update', 'Basic', 'seen')),
    readPast: one(await store.readPast(leaveOf, 'Basic', 'seen', 1)),
    lastPast: one(await store.lastPast(leaveOf, 'Basic', 'gone')),
    find: (
      await store.find(leaveOf, 'Basic', {
        where: [],
        order: [{ field: '_id', descending: false }],
        limit: 9,
      })
    ).length,
    count: (await store.count(leaveOf, 'Basic', [], 9)).count,
    versions: (await store.versions(leaveOf, 'history-type', 'Basic', { limit: 9 })).length,
  };
}

describe('no way of reading shows more than the leave', () => {
  test.each(Object.entries(REFUSING))('%s', async (_name, leaveOf) => {
    const nothing = {
      read: 0,
      readMany: 0,
      readWhole: 0,
      readPast: 0,
      lastPast: 0,
      find: 0,
      count: 0,
      versions: 0,
    };
    expect(await shown(leaveOf)).toEqual(nothing);
  });

  test.each(Object.entries(ADMITTING))('or less: %s', async (_name, leaveOf) => {
    const all = {
      read: 1,
      readMany: 1,
      readWhole: 1,
      readPast: 1,
      lastPast: 1,
      find: 1,
      count: 1,
      versions: 4,
    };
    expect(await shown(leaveOf)).toEqual(all);
  });
});
