import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FindPast, PastPlace, Version } from '../../src/storage/store.ts';
import { newestFirst } from '../../src/storage/versions.ts';
import { insert, remove, revive, supersede } from '../../src/storage/write.ts';
import { grant, place, stored, type Place } from './place.ts';

let p: Place;
beforeAll(async () => {
  p = await place();
});
afterAll(() => p.end());

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const nameOf = ({ id, version }: Version): string => `${id}/${version}`;

/** A resource whose versions were made at the given seconds; negative: a deletion. */
async function live(id: string, seconds: readonly number[]): Promise<void> {
  for (const [before, second] of seconds.entries()) {
    const version = before + 1;
    const next = stored(id, version, { lastUpdated: at(Math.abs(second)) });
    const was = await p.store.readWhole(grant, 'update', 'Basic', id);
    const last = was === undefined ? await p.store.lastPast(grant, 'Basic', id) : undefined;
    if (second < 0 && was) await p.store.commit(remove('Basic', was, at(-second)));
    else if (was) await p.store.commit(supersede('Basic', was, next));
    else await p.store.commit(last ? revive('Basic', last, next) : insert('Basic', next));
  }
}

/** Every version there is, by paging with pages of the given size. */
async function paged(limit: number, find: Partial<FindPast> = {}): Promise<readonly Version[]> {
  const all: Version[] = [];
  let after: PastPlace | undefined;
  for (;;) {
    const page = await p.store.versions(grant, 'history-type', 'Basic', {
      ...find,
      limit,
      ...(after && { after }),
    });
    all.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < limit) return all;
    after = last;
  }
}

const empty = async (): Promise<void> => {
  await Promise.all(['Basic', 'Basic_history'].map((name) => p.db.collection(name).deleteMany({})));
};

describe('a history', () => {
  beforeAll(async () => {
    await empty();
    await live('a', [1, 2, 2, 5]);
    await live('ab', [2, -2]);
    await live('b', [2, 3, -4, 4, -6, 7]);
    await live('a-1', [2]);
  });

  test('is in one order, newest first; of one instant by id and version from the last', async () => {
    const all = await p.store.versions(grant, 'history-type', 'Basic', { limit: 100 });
    expect(all.map(nameOf)).toEqual([
      ...['b/6', 'b/5', 'a/4', 'b/4', 'b/3', 'b/2'],
      ...['b/1', 'ab/2', 'ab/1', 'a-1/1', 'a/3', 'a/2', 'a/1'],
    ]);
  });

  test.each([1, 2, 3, 5, 12, 13, 14])('is the same in pages of %i, ties included', async (limit) => {
    const all = await p.store.versions(grant, 'history-type', 'Basic', { limit: 100 });
    expect((await paged(limit)).map(nameOf)).toEqual(all.map(nameOf));
  });

  test.each([1, 2, 4])('of one resource has its versions without gaps, in pages of %i too', async (limit) => {
    const versions = await paged(limit, { id: 'b' });
    expect(versions.map(nameOf)).toEqual(['b/6', 'b/5', 'b/4', 'b/3', 'b/2', 'b/1']);
    expect(versions.map(({ deleted }) => deleted)).toEqual([false, true, false, true, false, false]);
    expect(versions.map(({ method }) => method)).toEqual(['PUT', 'DELETE', 'PUT', 'DELETE', 'PUT', 'POST']);
  });

  test('of a resource is not that of another whose id begins alike', async () => {
    expect((await paged(10, { id: 'a' })).map(nameOf)).toEqual(['a/4', 'a/3', 'a/2', 'a/1']);
    expect((await paged(10, { id: 'ab' })).map(nameOf)).toEqual(['ab/2', 'ab/1']);
  });

  test('can begin at an instant, which is included', async () => {
    const found = await paged(2, { since: at(4) });
    expect(found.map(nameOf)).toEqual(['b/6', 'b/5', 'a/4', 'b/4', 'b/3']);
  });

  test('of a stretch of time has what was current in it, and the deletions in it', async () => {
    const during = { lo: at(3).getTime(), hi: at(5).getTime() };
    expect((await paged(2, { during })).map(nameOf)).toEqual(['a/4', 'b/4', 'b/3', 'b/2', 'a-1/1', 'a/3']);
    expect((await paged(1, { during, id: 'b' })).map(nameOf)).toEqual(['b/4', 'b/3', 'b/2']);
  });

  test('shows neither keys nor secrets', async () => {
    for (const version of await paged(100)) {
      const names = Object.keys(version).filter((name) => name !== 'json');
      expect(names.sort()).toEqual([
        'custodians',
        'deleted',
        'id',
        'lastUpdated',
        'method',
        'patients',
        'version',
      ]);
    }
  });
});

describe('a history that is read while it is written', () => {
  test('shows every version that was there when it was asked for, once', async () => {
    await empty();
    await live('hot', [1]);
    const state = { isWriting: true };
    const writer = (async () => {
      for (let version = 2; version <= 120; version += 1) {
        const was = stored('hot', version - 1, { lastUpdated: at(1) });
        await p.store.commit(supersede('Basic', was, stored('hot', version, { lastUpdated: at(1) })));
      }
      state.isWriting = false;
    })();
    let least = 1;
    while (state.isWriting) {
      for (const find of [{ limit: 500 }, { limit: 500, id: 'hot' }]) {
        const versions = (await p.store.versions(grant, 'history-type', 'Basic', find)).map(
          ({ version }) => version,
        );
        expect(versions).toEqual(Array.from({ length: versions.length }, (_, n) => versions.length - n));
        expect(versions.length).toBeGreaterThanOrEqual(least);
        least = versions.length;
      }
    }
    await writer;
  });
});

test('the order of versions is total: whatever they are, they are sorted one way', () => {
  const version = fc.record({
    id: fc.constantFrom('a', 'ab', 'a-1', 'A', '0', 'a.b'),
    version: fc.integer({ min: 1, max: 12 }),
    lastUpdated: fc.integer({ min: 0, max: 3 }).map(at),
  });
  fc.assert(
    fc.property(fc.uniqueArray(version, { selector: (each) => `${each.id} ${each.version}` }), (some) => {
      const whole = some.map((each): Version => ({
        ...each,
        deleted: false,
        method: 'PUT',
        patients: [],
        custodians: [],
      }));
      expect([...whole].reverse().sort(newestFirst)).toEqual([...whole].sort(newestFirst));
    }),
  );
});
