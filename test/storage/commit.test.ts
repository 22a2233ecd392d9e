import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { committer, type Commit } from '../../src/storage/commit.ts';
import { insert, remove, supersede, type Clash, type Unit } from '../../src/storage/write.ts';
import { grant, NOON, sentBy, stored, watchedPlace, type Place } from './place.ts';

let p: Place;
beforeAll(async () => {
  p = await watchedPlace();
});
afterAll(() => p.end());

const isThere = async (id: string): Promise<boolean> =>
  (await p.db.collection<{ _id: string }>('Basic').findOne({ _id: id })) !== null;

describe('units that are committed at the same moment', () => {
  test('share transactions: a hundred need far fewer than a hundred', async () => {
    const transactions = await sentBy(p, 'commitTransaction', () =>
      Promise.all(
        Array.from({ length: 100 }, (_, n) => p.store.commit(insert('Basic', stored(`shared-${n}`)))),
      ),
    );
    expect(transactions).toBeLessThan(20);
    expect(await isThere('shared-0')).toBe(true);
    expect(await isThere('shared-99')).toBe(true);
  });

  test('are each answered for themselves: one whose id is taken takes no other with it', async () => {
    await p.store.commit(insert('Basic', stored('taken')));
    const answers = await Promise.all([
      p.store.commit(insert('Basic', stored('beside-1'))),
      p.store.commit(insert('Basic', stored('taken'))),
      p.store.commit(insert('Basic', stored('beside-2'))),
    ]);
    expect(answers).toEqual([undefined, { why: 'taken', in: 'Basic', id: 'taken' }, undefined]);
    expect(await isThere('beside-1')).toBe(true);
    expect(await isThere('beside-2')).toBe(true);
  });

  test('one planned on a version that is gone is told that it changed, and takes no other with it', async () => {
    const was = stored('stale');
    await p.store.commit(insert('Basic', was));
    await p.store.commit(supersede('Basic', was, stored('stale', 2)));
    const late: Unit = [
      { do: 'replace', in: 'Basic', match: { _id: 'stale', version: 1 }, doc: stored('stale', 2) },
    ];
    const answers = await Promise.all([
      ...Array.from({ length: 20 }, (_, n) => p.store.commit(insert('Basic', stored(`fresh-${n}`)))),
      p.store.commit(late),
    ]);
    expect(answers.at(-1)).toEqual({ why: 'changed', in: 'Basic', id: 'stale' });
    expect(answers.slice(0, -1)).toEqual(Array(20).fill(undefined));
    expect((await p.store.readWhole(grant, 'read', 'Basic', 'stale'))?.version).toBe(2);
  });

  test('one that MongoDB cannot take at all fails alone', async () => {
    const tooLarge = { ...stored('too-large'), json: 'x'.repeat(17 * 1024 * 1024) };
    const [first, failed, last] = await Promise.allSettled([
      p.store.commit(insert('Basic', stored('small-1'))),
      p.store.commit(insert('Basic', tooLarge)),
      p.store.commit(insert('Basic', stored('small-2'))),
    ]);
    expect(first).toEqual({ status: 'fulfilled', value: undefined });
    expect(failed.status).toBe('rejected');
    expect(last).toEqual({ status: 'fulfilled', value: undefined });
    expect(await isThere('too-large')).toBe(false);
  });

  test('one that clashes in its second write leaves nothing of its first', async () => {
    await p.store.commit(insert('Basic', stored('second')));
    const unit = [...insert('Basic', stored('first')), ...insert('Basic', stored('second'))];
    expect(await p.store.commit(unit)).toEqual({ why: 'taken', in: 'Basic', id: 'second' });
    expect(await isThere('first')).toBe(false);
  });

  test('of many that write the same document, one is done and the others are told at once', async () => {
    let answers: readonly (Clash | undefined)[] = [];
    const transactions = await sentBy(p, 'commitTransaction', async () => {
      answers = await Promise.all(
        Array.from({ length: 500 }, () => p.store.commit(insert('Basic', stored('wanted')))),
      );
    });
    expect(answers.filter((clash) => clash === undefined)).toHaveLength(1);
    expect(answers.filter((clash) => clash?.why === 'taken')).toHaveLength(499);
    expect(transactions).toBe(1);
  });

  test('are never done before those that they would undo: an update and a deletion of one version do not both count', async () => {
    const was = stored('contested');
    await p.store.commit(insert('Basic', was));
    const answers = await Promise.all([
      p.store.commit(supersede('Basic', was, stored('contested', 2))),
      p.store.commit(remove('Basic', was, NOON)),
    ]);
    expect(answers.filter((clash) => clash === undefined)).toHaveLength(1);
    const past = await p.db.collection('Basic_history').countDocuments({ id: 'contested' });
    expect(past).toBe((await isThere('contested')) ? 1 : 2);
  });
});

describe('two servers on one database', () => {
  test('that write one document at the same moment never both count', async () => {
    const other = committer(p.connection);
    for (let round = 0; round < 20; round += 1) {
      const id = `both-${round}`;
      const answers = await Promise.all([
        p.store.commit(insert('Basic', stored(id))),
        other(insert('Basic', stored(id))),
      ]);
      expect(answers.filter((clash) => clash === undefined)).toHaveLength(1);
    }
  });

  test('that keep updating one document count every update once', async () => {
    const other = committer(p.connection);
    await p.store.commit(insert('Basic', stored('counted')));
    const mine: Commit = (unit) => p.store.commit(unit);
    const update = async (commit: Commit): Promise<boolean> => {
      const was = await p.store.readWhole(grant, 'update', 'Basic', 'counted');
      return (
        was !== undefined &&
        (await commit(supersede('Basic', was, stored('counted', was.version + 1)))) === undefined
      );
    };
    const done: boolean[] = [];
    for (let round = 0; round < 25; round += 1) {
      done.push(...(await Promise.all([update(mine), update(other), update(other)])));
    }
    const counted = done.filter((each) => each).length;
    expect((await p.store.readWhole(grant, 'update', 'Basic', 'counted'))?.version).toBe(counted + 1);
    expect(await p.db.collection('Basic_history').countDocuments({ id: 'counted' })).toBe(counted);
  });

  test('a document that a long transaction holds is waited for, and the others go on meanwhile', async () => {
    const was = stored('held');
    await p.store.commit(insert('Basic', was));
    const session = p.connection.getClient().startSession();
    session.startTransaction();
    await p.db
      .collection<{ _id: string }>('Basic')
      .updateOne({ _id: 'held' }, { $set: { held: true } }, { session });
    const held = p.store.commit(supersede('Basic', was, stored('held', 2)));
    const others = await Promise.all(
      Array.from({ length: 30 }, (_, n) => p.store.commit(insert('Basic', stored(`meanwhile-${n}`)))),
    );
    expect(others).toEqual(Array(30).fill(undefined));
    await session.abortTransaction();
    await session.endSession();
    expect(await held).toBeUndefined();
  });

  test('where others hold a document for ever, the write is refused as a conflict and may be sent again', async () => {
    const was = stored('kept');
    await p.store.commit(insert('Basic', was));
    const session = p.connection.getClient().startSession();
    session.startTransaction();
    await p.db
      .collection<{ _id: string }>('Basic')
      .updateOne({ _id: 'kept' }, { $set: { kept: true } }, { session });
    await expect(p.store.commit(supersede('Basic', was, stored('kept', 2)))).rejects.toMatchObject({
      kind: 'conflict',
    });
    await session.abortTransaction();
    await session.endSession();
    expect(await p.store.commit(supersede('Basic', was, stored('kept', 2)))).toBeUndefined();
  });
});
