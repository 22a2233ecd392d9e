/** Work that is due now and then is done by one process, again when it is due again, and by another where one died. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startPeriodic, type PeriodicJob } from '../../src/jobs/periodic.ts';
import { leasesOf } from '../../src/storage/leases.ts';
import { bare, type Place } from '../storage/place.ts';
import { clockAt } from '../world/world.ts';

let p: Place;
const clock = clockAt('2026-11-22T12:00:00.000Z');
let done: string[] = [];
const logged: unknown[] = [];
beforeAll(async () => {
  p = await bare();
});
afterAll(() => p.end());
beforeEach(() => {
  done = [];
  logged.length = 0;
});

const HOUR = 3_600_000;
const log = {
  info: () => undefined,
  warn: () => undefined,
  error: (facts: unknown) => void logged.push(facts),
};
const job = (name: string, work: () => Promise<void>): PeriodicJob => ({
  ...{ name, work },
  everyMs: 24 * HOUR,
  leaseMs: HOUR,
});
const process = (...jobs: PeriodicJob[]) =>
  startPeriodic({ leases: leasesOf(p.connection), jobs, now: clock.now, log });
const notes = (name: string) => job(name, () => Promise.resolve(void done.push(name)));

test('of several processes one does it, and none again before it is due', async () => {
  const all = Array.from({ length: 5 }, () => process(notes('daily')));
  await Promise.all(all.map(({ runDue }) => runDue()));
  await Promise.all(all.map(({ runDue }) => runDue()));
  expect(done).toEqual(['daily']);
  clock.advance(24 * HOUR);
  await Promise.all(all.map(({ runDue }) => runDue()));
  expect(done).toEqual(['daily', 'daily']);
  await Promise.all(all.map(({ stop }) => stop()));
});

test('what failed is told, keeps no other from being done, and is tried again when its lease is over', async () => {
  let fails = true;
  const failing = job('failing', () => {
    if (fails) return Promise.reject(new Error('it failed'));
    return Promise.resolve(void done.push('failing'));
  });
  const one = process(failing, notes('other'));
  await one.runDue();
  expect([done, logged.length]).toEqual([['other'], 1]);
  fails = false;
  await one.runDue();
  expect(done).toEqual(['other']);
  clock.advance(HOUR);
  await one.runDue();
  expect(done).toEqual(['other', 'failing']);
  await one.stop();
});

test('who stops waits for what is under way', async () => {
  const begun = Promise.withResolvers<undefined>();
  const release = Promise.withResolvers<undefined>();
  const one = process(
    job('long', async () => {
      begun.resolve(undefined);
      await release.promise;
      done.push('long');
    }),
  );
  const running = one.runDue();
  await begun.promise;
  const stopped = one.stop().then(() => done.push('stopped'));
  release.resolve(undefined);
  await Promise.all([running, stopped]);
  expect(done).toEqual(['long', 'stopped']);
});
