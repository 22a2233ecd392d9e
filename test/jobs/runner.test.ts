/** A long job survives the end of whoever works on it, and nothing of it is left out. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { planJob } from '../../src/jobs/plan.ts';
import { workOff } from '../../src/jobs/runner.ts';
import { jobParts, type JobParts } from '../../src/storage/job-parts.ts';
import { world, type World } from '../world/world.ts';

let w: World;
let parts: JobParts;
beforeAll(async () => {
  w = await world();
  parts = jobParts(w.services.connection);
});
afterAll(() => w.end());

const IDS = Array.from({ length: 25 }, (_, at) => `p${String(at).padStart(2, '0')}`);
const idsAfter = (after: string, limit: number): Promise<readonly string[]> =>
  Promise.resolve(IDS.filter((id) => id > after).slice(0, limit));
const plan = (job: string): Promise<void> =>
  planJob(parts, job, idsAfter, { now: () => w.clock.now(), size: 10 });
const worker = (job: string, name: string, isStopping = (): boolean => false) => ({
  ...{ parts, job, name, isStopping },
  now: () => w.clock.now(),
  leaseMs: 60_000,
});

test('A job is planned once, in parts that leave nothing out', async () => {
  await plan('once');
  await plan('once');
  expect(await parts.progress('once')).toMatchObject({ size: 25, done: 0, openParts: 3 });
});

test('Several workers share the parts, each done by one of them', async () => {
  await plan('shared');
  const seen: string[] = [];
  const work = async ({ after, upTo }: { after: string; upTo: string }) => {
    seen.push(...IDS.filter((id) => id > after && id <= upTo));
    await Promise.resolve();
    return { changed: 1, failed: 0 };
  };
  await Promise.all(['a', 'b', 'c'].map((name) => workOff(worker('shared', name), work)));
  expect(seen.sort()).toEqual(IDS);
  expect(await parts.progress('shared')).toMatchObject({ done: 25, changed: 3, openParts: 0 });
});

test('A part whose worker went silent is done by another when its lease has ended', async () => {
  await plan('broken');
  const lost = await parts.claim('broken', 'lost', w.clock.now(), new Date(w.clock.now().getTime() + 60_000));
  w.clock.advance(60_001);
  const done: string[] = [];
  await workOff(worker('broken', 'other'), (part) => {
    done.push(part.after);
    return Promise.resolve({ changed: 0, failed: 0 });
  });
  expect(done).toHaveLength(3);
  if (lost === undefined) throw new Error('No part was claimed');
  expect(await parts.renew(lost, w.clock.now())).toBe(false);
});

test('What a stopped worker has not finished is still there', async () => {
  await plan('stopped');
  let count = 0;
  const isStopping = (): boolean => count > 0;
  await workOff(worker('stopped', 'a', isStopping), async (_part, hold) => {
    count += 1;
    return (await hold()) ? { changed: 0, failed: 0 } : undefined;
  });
  expect(await parts.progress('stopped')).toMatchObject({ done: 0, openParts: 3 });
});
