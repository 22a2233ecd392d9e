import { describe, expect, test } from '@jest/globals';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { joinReads } from '../../src/storage/joined-reads.ts';

interface Row {
  readonly _id: string;
}

/** A reader on rows that are there unless their id begins with `no`, and the groups that it asked for. */
function reader(): { read: (id: string) => Promise<Row | undefined>; groups: (readonly string[])[] } {
  const groups: (readonly string[])[] = [];
  const read = joinReads(async (ids) => {
    groups.push(ids);
    await sleep(1);
    if (ids.includes('bad')) throw new Error('no such collection');
    return ids
      .filter((id) => !id.startsWith('no'))
      .map((_id) => ({ _id }))
      .reverse();
  });
  return { read, groups };
}

describe('reads by id', () => {
  test('that are asked within one turn share a query, and each gets its own document', async () => {
    const { read, groups } = reader();
    const found = await Promise.all(['a', 'b', 'none', 'c'].map(read));
    expect(found).toEqual([{ _id: 'a' }, { _id: 'b' }, undefined, { _id: 'c' }]);
    expect(groups).toEqual([['a', 'b', 'none', 'c']]);
  });

  test('of one id by many ask for it once', async () => {
    const { read, groups } = reader();
    expect(await Promise.all(['a', 'a', 'a'].map(read))).toEqual(Array(3).fill({ _id: 'a' }));
    expect(groups).toEqual([['a']]);
  });

  test('that are asked after a query has gone are asked for anew', async () => {
    const { read, groups } = reader();
    const first = read('a');
    while (groups.length === 0) await nextTurn();
    await Promise.all([first, read('a')]);
    expect(groups).toEqual([['a'], ['a']]);
  });

  test('of very many go in several queries, none of them empty', async () => {
    const { read, groups } = reader();
    const ids = Array.from({ length: 512 }, (_, n) => `id-${n}`);
    expect(await Promise.all(ids.map(read))).toEqual(ids.map((_id) => ({ _id })));
    await nextTurn();
    await nextTurn();
    expect(groups.map((group) => group.length)).toEqual([256, 256]);
  });

  test('fail together where their query fails, and the next are asked for', async () => {
    const { read } = reader();
    const settled = await Promise.allSettled(['a', 'bad'].map(read));
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await read('a')).toEqual({ _id: 'a' });
  });

  test('fail where the query cannot even be sent', async () => {
    const read = joinReads<Row>(() => {
      throw new Error('the connection was closed');
    });
    await expect(read('a')).rejects.toThrow('closed');
  });
});
