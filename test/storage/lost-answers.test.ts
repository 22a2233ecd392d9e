import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { appender } from '../../src/storage/append.ts';
import { insert, supersede } from '../../src/storage/write.ts';
import { failingMongod, type FailingMongod } from './failing-mongod.ts';
import { grant, place, stored, type Place, plainStrands } from './place.ts';

let mongod: FailingMongod;
let p: Place;
let overWire: Place;
beforeAll(async () => {
  mongod = await failingMongod();
  p = await place(mongod.uri);
  overWire = await place(mongod.wire.uri);
});
afterEach(() => mongod.fail('off'));
afterAll(async () => {
  await p.end();
  await overWire.end();
  await mongod.stop();
});

const transient = (...failCommands: string[]): object => ({
  failCommands,
  errorCode: 251,
  errorLabels: ['TransientTransactionError'],
});
const count = ({ db }: Place, of: object): Promise<number> => db.collection('Basic').countDocuments(of);

describe('a commit whose answer is lost', () => {
  test('was done, is found to be done, and is done once', async () => {
    const was = stored('unanswered');
    await overWire.store.commit(insert('Basic', was));
    mongod.wire.lose('commitTransaction', 1);
    expect(await overWire.store.commit(supersede('Basic', was, stored('unanswered', 2)))).toBeUndefined();
    expect((await overWire.store.readWhole(grant, 'read', 'Basic', 'unanswered'))?.version).toBe(2);
    expect(await overWire.db.collection('Basic_history').countDocuments({ id: 'unanswered' })).toBe(1);
  });

  test('is asked for again more than once', async () => {
    mongod.wire.lose('commitTransaction', 3);
    expect(await overWire.store.commit(insert('Basic', stored('long-unanswered')))).toBeUndefined();
    expect(await count(overWire, { _id: 'long-unanswered' })).toBe(1);
  });

  test('again and again is told as uncertain, not as done and not as undone', async () => {
    mongod.wire.lose('commitTransaction', 1000);
    const commit = overWire.store.commit(insert('Basic', stored('never-answered')));
    await expect(commit).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('Idempotency-Key'),
    });
    mongod.wire.lose('', 0);
    expect(await count(overWire, { _id: 'never-answered' })).toBe(1);
    expect(await overWire.store.commit(insert('Basic', stored('answered-again')))).toBeUndefined();
  });

  test('for which MongoDB says that it was done but not yet by a majority is waited for', async () => {
    const concern = { code: 64, errmsg: 'waiting for replication timed out' };
    await mongod.fail({ times: 2 }, { failCommands: ['commitTransaction'], writeConcernError: concern });
    expect(await p.store.commit(insert('Basic', stored('by-majority')))).toBeUndefined();
    expect(await count(p, { _id: 'by-majority' })).toBe(1);
  });

  test('because the connection broke before it was done is done by asking again', async () => {
    await mongod.fail({ times: 1 }, { failCommands: ['commitTransaction'], closeConnection: true });
    expect(await p.store.commit(insert('Basic', stored('broken')))).toBeUndefined();
    expect(await count(p, { _id: 'broken' })).toBe(1);
  });
});

describe('a transaction that MongoDB gives up', () => {
  test.each([['insert'], ['update'], ['commitTransaction']])(
    'at its %s is done from its beginning',
    async (command) => {
      const was = stored(`given-up-${command}`);
      await p.store.commit(insert('Basic', was));
      await mongod.fail({ times: 3 }, transient(command));
      expect(await p.store.commit(supersede('Basic', was, stored(was._id, 2)))).toBeUndefined();
      expect((await p.store.readWhole(grant, 'read', 'Basic', was._id))?.version).toBe(2);
      expect(await p.db.collection('Basic_history').countDocuments({ id: was._id })).toBe(1);
    },
  );

  test('every time is refused as a conflict after a bounded number of tries, and leaves nothing', async () => {
    await mongod.fail('alwaysOn', transient('commitTransaction'));
    await expect(p.store.commit(insert('Basic', stored('hopeless')))).rejects.toMatchObject({
      kind: 'conflict',
    });
    await mongod.fail('off');
    expect(await count(p, { _id: 'hopeless' })).toBe(0);
  });

  test('does not make the others wait that go with it', async () => {
    await mongod.fail({ times: 1 }, transient('insert'));
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => p.store.commit(insert('Basic', stored(`together-${n}`)))),
    );
    expect(answers).toEqual(Array(40).fill(undefined));
    expect(await count(p, { _id: /^together-/ })).toBe(40);
  });
});

/** What was refused as a conflict was not done. */
function isConflict(error: unknown): true {
  expect(error).toMatchObject({ kind: 'conflict' });
  return true;
}

describe('among faults of every kind', () => {
  test('an update is told as done exactly when it was, and histories have neither gaps nor forks', async () => {
    const ids = ['a', 'b', 'c'];
    await Promise.all(ids.map((id) => p.store.commit(insert('Basic', stored(id)))));
    await mongod.fail({ activationProbability: 0.1 }, transient('insert', 'update', 'commitTransaction'));
    const done = new Map(ids.map((id) => [id, 0]));
    const writer = async (n: number): Promise<void> => {
      for (let round = 0; round < 25; round += 1) {
        const id = ids[(n + round) % ids.length] ?? '';
        const was = await p.store.readWhole(grant, 'update', 'Basic', id);
        if (was === undefined) throw new Error('lost');
        const next = supersede('Basic', was, stored(id, was.version + 1));
        const clash = await p.store.commit(next).catch(isConflict);
        if (clash === undefined) done.set(id, (done.get(id) ?? 0) + 1);
      }
    };
    await Promise.all([0, 1, 2, 3, 4, 5].map(writer));
    await mongod.fail('off');
    for (const id of ids) {
      const current = await p.store.readWhole(grant, 'read', 'Basic', id);
      const past = await p.store.versions(grant, 'history-instance', 'Basic', { id, limit: 1000 });
      expect(current?.version).toBe((done.get(id) ?? 0) + 1);
      expect(past.map(({ version }) => version)).toEqual(
        Array.from({ length: current?.version ?? 0 }, (_, n) => (current?.version ?? 0) - n),
      );
    }
  });

  test('what is told of them names no document and no value', async () => {
    const personal = stored('personal-id', 1, { json: '{"family":"Markovic"}' });
    await mongod.fail('alwaysOn', { failCommands: ['insert'], errorCode: 8 });
    const error: unknown = await p.store.commit(insert('Basic', personal)).catch((each: unknown) => each);
    await mongod.fail('off');
    expect(error).toBeInstanceOf(Error);
    expect(`${String(error)} ${(error as Error).stack ?? ''}`).not.toMatch(/Markovic|personal-id/);
  });
});

describe('while the database is away', () => {
  test('what waits for a moment only is done when it is back', async () => {
    const units = Array.from({ length: 30 }, (_, n) => insert('Basic', stored(`soon-${n}`)));
    const commits = units.map((unit) => overWire.store.commit(unit));
    mongod.wire.cut();
    setTimeout(() => {
      mongod.wire.mend();
    }, 1000);
    expect(await Promise.all(commits)).toEqual(Array(30).fill(undefined));
    expect(await count(overWire, { _id: /^soon-/ })).toBe(30);
  });

  test('everything else is refused in the end, and the server goes on when it is back', async () => {
    mongod.wire.cut();
    const asked = [
      ...Array.from({ length: 200 }, (_, n) => overWire.store.commit(insert('Basic', stored(`away-${n}`)))),
      overWire.store.read(grant, 'read', 'Basic', 'soon-1'),
      appender(overWire.connection, 'AuditEvent', plainStrands()).append(() => [stored('away')]),
    ];
    const names = asked.map((each) =>
      each.then(
        () => 'answered',
        (error: unknown) => (error as Error).name,
      ),
    );
    const found = new Set(await Promise.all(names));
    expect([...found].filter((name) => !/^Mongo(ServerSelection|Network)Error$/.test(name))).toEqual([]);
    mongod.wire.mend();
    expect(await overWire.store.commit(insert('Basic', stored('back')))).toBeUndefined();
    expect(await overWire.store.read(grant, 'read', 'Basic', 'soon-1')).toMatchObject({ _id: 'soon-1' });
  }, 120_000);
});
