/** Whatever is done to the log behind the server's back is found, and named. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { signerOf } from '../../src/audit/checkpoint.ts';
import { idAt, linkerOf, placeOf, type Chained } from '../../src/storage/chain.ts';
import { testLog, type TestLog } from './log.ts';

let log: TestLog;
beforeAll(async () => {
  log = await testLog();
});
afterAll(() => log.end());
beforeEach(() => log.empty());

const DAY = 86_400_000;
const kinds = async (): Promise<readonly string[]> =>
  (await log.findings()).map(({ kind, at }) => `${kind} ${at}`);
const strandIn = (id = ''): string => placeOf(id)?.strand ?? '';

describe('a log that nobody touched', () => {
  test('is whole: with several writers at once, groups, checkpoints, and chains of one process after another', async () => {
    const [one, other] = [log.writer(), log.writer()];
    await Promise.all(Array.from({ length: 60 }, (_, n) => (n % 2 ? one : other).append(log.something(n))));
    await log.checkpoint();
    await Promise.all(Array.from({ length: 20 }, (_, n) => one.append(log.something(n))));
    await Promise.all([one.end(), other.end()]);
    await log.write(5);
    await log.checkpoint();
    expect(await log.findings()).toEqual([]);
    expect(log.reported).toEqual([]);
    // Three chains with a beginning and an end each.
    expect(await log.records()).toHaveLength(60 + 20 + 5 + 6);
  });

  test('of a process that was killed is whole up to its last record, and said to have no end', async () => {
    await log.writer().append(log.something(1));
    const [first] = await log.records();
    expect(await kinds()).toEqual([`broken-off ${strandIn(first?._id)}`]);
    await log.write(2);
    expect(await kinds()).toEqual([`broken-off ${strandIn(first?._id)}`]);
  });

  test('whose group could not be stored whole goes on in a new chain', async () => {
    const writer = log.writer();
    await writer.append(log.something(1));
    const [first] = await log.records();
    const large = log.something(2);
    const failing = (newId: () => string) =>
      large(newId).map((record) => ({ ...record, json: 'x'.repeat(17 * 1024 * 1024) }));
    await expect(writer.append(failing)).rejects.toThrow();
    await writer.append(log.something(3));
    await writer.end();
    const records = await log.records();
    expect(new Set(records.map(({ _id }) => strandIn(_id))).size).toBe(2);
    expect(await kinds()).toEqual([`broken-off ${strandIn(first?._id)}`]);
  });
});

describe('what is found', () => {
  let ids: string[];
  beforeEach(async () => {
    await log.write(6);
    ids = (await log.records()).map(({ _id }) => _id);
  });

  test('a text that was changed, however little', async () => {
    const [record] = (await log.records()).slice(3);
    await log.tamper(ids[3], { json: record?.json.replace('client-2', 'client-9') });
    expect(await kinds()).toEqual([`changed ${ids[3] ?? ''}`]);
  });

  test('a hash that was changed, in it and in what is built on it', async () => {
    await log.tamper(ids[3], { chain: 'x' });
    expect(await kinds()).toEqual([`changed ${ids[3] ?? ''}`, `changed ${ids[4] ?? ''}`]);
  });

  test.each([
    ['patients', []],
    ['tokens', ['action=E']],
    ['sort.date', 0],
    ['custodians', ['other']],
  ])('a record that nobody could find any more by its %s', async (field, value) => {
    await log.tamper(ids[2], { [field]: value });
    expect(await kinds()).toEqual([`hidden ${ids[2] ?? ''}`]);
    // It does not help to say that the keys are of other rules.
    await log.tamper(ids[2], { rules: 'others' });
    expect(await kinds()).toEqual([`hidden ${ids[2] ?? ''}`]);
  });

  test('a record behind a gap that is no record', async () => {
    await log.remove(ids[2]);
    await log.tamper(ids[3], { json: 'nonsense' });
    expect(await kinds()).toEqual([`missing ${strandIn(ids[0])}`, `hidden ${ids[3] ?? ''}`]);
  });

  test('a record that was removed', async () => {
    await log.remove(ids[2], ids[3]);
    const [found, ...more] = await log.findings();
    expect([found?.kind, found?.at, more]).toEqual(['missing', strandIn(ids[0]), []]);
    expect(found?.says).toContain('2 to 3');
  });

  test('the first record of a chain that was removed', async () => {
    await log.remove(ids[0]);
    expect((await log.findings()).map(({ says }) => says)).toEqual([expect.stringContaining('0 to 0')]);
  });

  test('two records that changed places', async () => {
    const [, , two, three] = await log.records();
    await log.tamper(ids[2], { json: three?.json, chain: three?.chain });
    await log.tamper(ids[3], { json: two?.json, chain: two?.chain });
    expect(await kinds()).toEqual(expect.arrayContaining([`moved ${ids[2] ?? ''}`, `moved ${ids[3] ?? ''}`]));
  });

  test('a record that somebody else wrote, in a chain and beside all chains', async () => {
    const [last] = (await log.records()).slice(-1);
    if (last === undefined) throw new Error('The log is empty');
    const forged = linkerOf(Buffer.alloc(32, 6));
    const _id = idAt(strandIn(ids[0]), ids.length);
    const record = { ...last, _id, json: last.json.replace(last._id, _id) };
    const rows = log.db.collection<typeof record>('AuditEvent');
    await rows.insertOne({ ...record, chain: forged(last.chain, record) });
    await rows.insertOne({ ...last, _id: 'somebody' });
    expect(await kinds()).toEqual([`foreign somebody`, `changed ${_id}`]);
  });

  test('a day that was cut off, by the checkpoint that was signed for it', async () => {
    await log.checkpoint();
    await log.remove(...ids.slice(4));
    expect(await kinds()).toEqual([`truncated ${strandIn(ids[0])}`]);
    await log.remove(...ids);
    expect(await kinds()).toEqual([`truncated ${strandIn(ids[0])}`]);
  });

  test('a chain that was written anew by somebody with the key of the chains, by the checkpoint', async () => {
    await log.checkpoint();
    await log.remove(...ids);
    await log.write(6);
    const anew = await log.records();
    // Under the name of the chain that was there.
    const rows = log.db.collection<(typeof anew)[number]>('AuditEvent');
    await log.remove(...anew.map(({ _id }) => _id));
    await rows.insertMany(anew.map((record, n) => ({ ...record, _id: ids[n] ?? '' })));
    expect((await log.findings()).some(({ kind }) => kind === 'rewritten')).toBe(true);
  });

  test('a checkpoint that was changed, forged or removed', async () => {
    await log.checkpoint();
    await log.write(1);
    await log.checkpoint();
    await log.write(1);
    await log.checkpoint();
    await log.checkpoints().updateOne({ _id: 2 as never }, { $set: { 'heads.0.n': 0 } });
    // What follows one that was changed names another fingerprint.
    expect(await kinds()).toEqual(['checkpoint-forged checkpoint 2', 'checkpoint-forged checkpoint 3']);
    await log.checkpoints().deleteOne({ _id: 2 as never });
    expect(await kinds()).toEqual(['checkpoint-missing checkpoint 2']);
    const other = signerOf(generateKeyPairSync('ed25519').privateKey);
    expect((await log.findings(other)).map(({ kind }) => kind)).toContain('checkpoint-forged');
  });

  test('a cut that nobody signed: it opens no gap', async () => {
    await log.checkpoint();
    await log.checkpoints().insertOne({
      _id: 2 as never,
      at: new Date(),
      before: '',
      heads: [],
      cutTo: 1,
      signature: 'x',
    });
    await log.remove(...ids);
    expect(await kinds()).toEqual(['checkpoint-forged checkpoint 2', `truncated ${strandIn(ids[0])}`]);
  });

  test('the daily signing finds it too, and signs nothing behind it', async () => {
    await log.tamper(ids[3], { chain: 'x' });
    const { heads } = await log.checkpoint();
    expect(log.reported).toHaveLength(2);
    expect(heads.map(({ n }) => n)).toEqual([2]);
  });
});

/** Ways to change a record; of another one, where they need one. */
const CHANGES: Readonly<Record<string, (record: Chained, other: Chained, seed: number) => Promise<void>>> = {
  text: ({ _id, json }, _other, seed) => {
    const at = seed % json.length;
    const letter = json[at] === '#' ? '!' : '#';
    return log.tamper(_id, { json: `${json.slice(0, at)}${letter}${json.slice(at + 1)}` });
  },
  hash: ({ _id }, { chain }) => log.tamper(_id, { chain }),
  gone: ({ _id }) => log.remove(_id),
  hidden: ({ _id }) => log.tamper(_id, { patients: ['nobody'] }),
  copied: ({ _id }, { json, chain }) => log.tamper(_id, { json, chain }),
};

test('any one change to any one record is found', async () => {
  const { append, end } = log.writer();
  await Promise.all(Array.from({ length: 12 }, (_, n) => append(log.something(n))));
  await end();
  const records = await log.records();
  const rows = log.db.collection<Chained>('AuditEvent');
  const any = fc.record({
    at: fc.nat(records.length - 1),
    change: fc.constantFrom(...Object.keys(CHANGES)),
    seed: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(any, async ({ at, change, seed }) => {
      const record = records[at] as Chained;
      const other = records[(at + 1 + (seed % (records.length - 1))) % records.length] as Chained;
      await CHANGES[change]?.(record, other, seed);
      const found = (await log.findings()).filter(({ kind }) => kind !== 'broken-off');
      await rows.replaceOne({ _id: record._id }, record, { upsert: true });
      // The end of a chain that no checkpoint has seen yet is the one thing that can go unseen.
      const isUnseen = change === 'gone' && at === records.length - 1;
      expect(found.length > 0).toBe(!isUnseen);
    }),
    { numRuns: 60, seed: 20261122 },
  );
  expect(await log.findings()).toEqual([]);
});

describe('a cut', () => {
  test('removes what was signed for before the day, is signed itself, and leaves a log that is whole', async () => {
    const writer = log.writer();
    await writer.append(log.something(1));
    await log.write(3);
    await log.checkpoint();
    log.clock.advance(10 * DAY);
    await writer.append(log.something(2));
    await log.write(2);
    await log.checkpoint();
    expect(await log.cut('2026-11-22T12:00:00.000Z')).toBeUndefined();
    const before = (await log.records()).length;
    const done = await log.cut('2026-11-25T00:00:00.000Z');
    expect([done?.to, done?.removed]).toEqual([1, 7]);
    expect(await log.records()).toHaveLength(before - 7);
    await writer.append(log.something(3));
    await writer.end();
    await log.checkpoint();
    expect(await log.findings()).toEqual([]);
    expect((await log.cut('2026-11-25T00:00:00.000Z'))?.removed).toBe(0);
    expect(await log.checkpoints().countDocuments()).toBe(4);
  });

  test('does not hide what is removed behind it', async () => {
    await log.write(3);
    await log.checkpoint();
    log.clock.advance(10 * DAY);
    await log.write(3);
    await log.checkpoint();
    await log.cut('2026-11-25T00:00:00.000Z');
    const left = await log.records();
    await log.remove(left[1]?._id);
    expect(await kinds()).toEqual([`missing ${strandIn(left[0]?._id)}`]);
    await log.remove(...left.map(({ _id }) => _id));
    expect(await kinds()).toEqual([`truncated ${strandIn(left[0]?._id)}`]);
  });
});
