import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { appender, type Appender } from '../../src/storage/append.ts';
import { plainStrands, sentBy, stored, watchedPlace, type Place } from './place.ts';

let p: Place;
let append: Appender['append'];
beforeAll(async () => {
  p = await watchedPlace();
  ({ append } = appender(p.connection, 'AuditEvent', plainStrands()));
});
afterAll(() => p.end());

const count = (of: object): Promise<number> => p.db.collection('AuditEvent').countDocuments(of);

test('records that are appended at the same moment share one write, and all are there when it is done', async () => {
  const inserts = await sentBy(p, 'insert', () =>
    Promise.all(
      Array.from({ length: 100 }, (_, n) => append(() => [stored(`one-${n}`), stored(`two-${n}`)])),
    ),
  );
  expect(inserts).toBe(1);
  expect(await count({ _id: /^(one|two)-/ })).toBe(200);
});

test('what arrives while a group is under way is written after it', async () => {
  const first = append(() => [stored('first')]);
  await new Promise((done) => setImmediate(done));
  await Promise.all([first, append(() => [stored('later')])]);
  expect(await count({ _id: { $in: ['first', 'later'] } })).toBe(2);
});

test('a group waits for the records of those who are under way, and goes when it has them', async () => {
  const patient = appender(p.connection, 'AuditEvent', plainStrands(), 600_000);
  const inserts = await sentBy(p, 'insert', async () => {
    const first = patient.append(
      () => [stored('waits')],
      () => 2,
    );
    for (let turns = 0; turns < 5; turns += 1) await new Promise((done) => setImmediate(done));
    await Promise.all([
      first,
      patient.append(
        () => [stored('waited-for')],
        () => 2,
      ),
    ]);
  });
  expect(inserts).toBe(1);
  expect(await count({ _id: { $in: ['waits', 'waited-for'] } })).toBe(2);
});

test('a group goes without those who do not come', async () => {
  await append(
    () => [stored('alone')],
    () => 2,
  );
  expect(await count({ _id: 'alone' })).toBe(1);
});

test('a failure reaches everybody who waits for the group, and the next group is written', async () => {
  const tooLarge = stored('large', 1, { json: 'x'.repeat(17 * 1024 * 1024) });
  const settled = await Promise.allSettled([append(() => [stored('beside')]), append(() => [tooLarge])]);
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await append(() => [stored('next')]);
  expect(await count({ _id: 'next' })).toBe(1);
});
