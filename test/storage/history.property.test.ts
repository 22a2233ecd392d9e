import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Stored } from '../../src/storage/store.ts';
import { insert, remove, revive, supersede, type Unit } from '../../src/storage/write.ts';
import { grant, NOON, place, stored, type Place } from './place.ts';

let p: Place;
beforeAll(async () => {
  p = await place();
});
afterAll(() => p.end());

type Wish = 'put' | 'delete';

/** What a caller plans on what it finds; it reads the two places one after the other, as interactions do. */
async function plan(id: string, wish: Wish): Promise<{ unit: Unit; version: number } | undefined> {
  const was = await p.store.readWhole(grant, 'update', 'Basic', id);
  const last = was === undefined ? await p.store.lastPast(grant, 'Basic', id) : undefined;
  const version = (was ?? last)?.version ?? 0;
  const next = stored(id, version + 1);
  if (wish === 'delete') return was && { unit: remove('Basic', was, NOON), version: version + 1 };
  if (was) return { unit: supersede('Basic', was, next), version: version + 1 };
  return { unit: last ? revive('Basic', last, next) : insert('Basic', next), version: version + 1 };
}

/** Plans now, and commits when the others have done what they do in between. */
async function write(id: string, wish: Wish, between: () => Promise<void>): Promise<number | undefined> {
  const planned = await plan(id, wish);
  await between();
  if (planned === undefined) return undefined;
  return (await p.store.commit(planned.unit)) === undefined ? planned.version : undefined;
}

let count = 0;
const newId = (): string => `r${(count += 1)}`;

/** The versions of a resource, oldest first, from both places. */
async function versions(id: string): Promise<readonly number[]> {
  const found = await p.store.versions(grant, 'history-instance', 'Basic', { id, limit: 1000 });
  const current = await p.db.collection<Stored>('Basic').findOne({ _id: id });
  const past = await p.db.collection('Basic_history').countDocuments({ id });
  expect(found).toHaveLength(past + (current === null ? 0 : 1));
  return found.map(({ version }) => version).reverse();
}

const wishes = fc.array(fc.constantFrom<Wish>('put', 'delete'), { minLength: 1, maxLength: 12 });

test('whatever callers do to one resource at once, what was acknowledged is in its history, once, without a gap or a fork', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(wishes, { minLength: 2, maxLength: 5 }), async (callers) => {
      const id = newId();
      await p.store.commit(insert('Basic', stored(id)));
      const done = await Promise.all(
        callers.map(async (each) => {
          const versionsDone: number[] = [];
          for (const wish of each) {
            const version = await write(id, wish, () => Promise.resolve());
            if (version !== undefined) versionsDone.push(version);
          }
          return versionsDone;
        }),
      );
      // Ids are made by the server: nobody competes for a resource that never was.
      const acknowledged = [1, ...done.flat()].sort((a, b) => a - b);
      expect(acknowledged).toEqual(acknowledged.map((_, before) => before + 1));
      expect(await versions(id)).toEqual(acknowledged);
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('however late a planned write comes, it counts only if nothing has happened in between', async () => {
  await fc.assert(
    fc.asyncProperty(
      wishes,
      fc.constantFrom<Wish>('put', 'delete'),
      wishes,
      async (before, late, between) => {
        const id = newId();
        const now = (): Promise<void> => Promise.resolve();
        for (const wish of ['put', ...before] as const) await write(id, wish, now);
        const had = (await versions(id)).length;
        let happened = 0;
        const version = await write(id, late, async () => {
          for (const wish of between) if ((await write(id, wish, now)) !== undefined) happened += 1;
        });
        if (version !== undefined) expect(happened).toBe(0);
        const expected = had + happened + (version === undefined ? 0 : 1);
        expect(await versions(id)).toEqual(Array.from({ length: expected }, (_, n) => n + 1));
      },
    ),
    { numRuns: 30 },
  );
}, 60_000);

test('a revival that was planned before another revival and deletion does not fork the history', async () => {
  const id = newId();
  const now = (): Promise<void> => Promise.resolve();
  await write(id, 'put', now);
  await write(id, 'delete', now);
  const version = await write(id, 'put', async () => {
    expect(await write(id, 'put', now)).toBe(3);
    expect(await write(id, 'delete', now)).toBe(4);
  });
  expect(version).toBeUndefined();
  expect(await versions(id)).toEqual([1, 2, 3, 4]);
});
