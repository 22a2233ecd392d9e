/** The nightly forecast makes everybody's current, and rewrites only what says something new. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { planJob } from '../../../src/jobs/plan.ts';
import { workOff } from '../../../src/jobs/runner.ts';
import { currentOf } from '../../../src/operations/forecast/keep-current.ts';
import { forecastPart } from '../../../src/operations/forecast/forecast-part.ts';
import { jobParts, type Part } from '../../../src/storage/job-parts.ts';
import { dose, patient } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
const ids: string[] = [];
beforeAll(async () => {
  w = await world();
  for (let at = 0; at < 12; at += 1) {
    const made = await w.fhir.post('/Patient').send(patient({ birthDate: '2025-01-10' }));
    const { id } = made.body as { id: string };
    await w.fhir.post('/Immunization').send(dose(id, { occurrenceDateTime: '2025-02-01' }));
    ids.push(id);
  }
});
afterAll(() => w.end());

async function night(job: string) {
  const parts = jobParts(w.services.connection);
  const { keeping } = w.services;
  await planJob(parts, job, (after, limit) => keeping.states.patientsAfter(after, limit), {
    now: keeping.now,
    size: 5,
  });
  const worker = { parts, job, name: 'a', now: keeping.now, leaseMs: 60_000, isStopping: () => false };
  await workOff(worker, (part, hold) => forecastPart(keeping, w.rooms.log, part, hold));
  return parts.progress(job);
}
const stale = (): Promise<readonly string[]> =>
  w.services.keeping.states.stale(currentOf(w.services.keeping), 100);

test('The first night computes everybody, the next rewrites only what has changed', async () => {
  expect([...(await stale())].sort()).toEqual([...ids].sort());
  expect(await night('first')).toMatchObject({ size: 12, done: 12, changed: 12, failed: 0, openParts: 0 });
  expect(await stale()).toEqual([]);
  w.clock.set('2026-11-23T12:00:00.000Z');
  expect(await stale()).toHaveLength(12);
  await w.fhir.post('/Immunization').send(dose(ids[3] ?? '', { occurrenceDateTime: '2026-11-22' }));
  expect(await night('second')).toMatchObject({ done: 12, changed: 1 });
  expect(await stale()).toEqual([]);
  const answer = await w.fhir.get(`/ImmunizationRecommendation?patient=${ids[0] ?? ''}`);
  const [entry] = (answer.body as { entry: { resource: { date: string; meta: { versionId: string } } }[] })
    .entry;
  expect(entry?.resource).toMatchObject({ date: '2026-11-22', meta: { versionId: '1' } });
});

test('Doses that arrive while forecasts are computed leave none of them old', async () => {
  const { keeping } = w.services;
  const [id = ''] = ids;
  const days = Array.from({ length: 10 }, (_, at) => `2026-0${(at % 8) + 1}-1${at}`);
  await Promise.all([
    ...days.map((day) =>
      w.fhir
        .post('/Immunization')
        .send(dose(id, { occurrenceDateTime: day }))
        .expect(201),
    ),
    ...days.map(() => w.fhir.get(`/ImmunizationEvaluation?patient=${id}`).expect(200)),
  ]);
  const answer = await w.fhir.get(`/ImmunizationEvaluation?patient=${id}&_count=200`);
  const told = (answer.body as { entry: { resource: { immunizationEvent: { reference: string } } }[] }).entry;
  const doses = new Set(told.map(({ resource }) => resource.immunizationEvent.reference));
  expect(doses.size).toBe(11);
  const known = await keeping.states.of([id]);
  expect(known.marks.size).toBe(0);
});

test('A part whose database goes away is not done, and nobody in it counts as failed', async () => {
  const other = await world({ beside: w });
  w.clock.set('2026-11-24T12:00:00.000Z');
  const part = { after: '', upTo: ids.toSorted().at(-1) ?? '' } as Part;
  const { keeping, connection } = other.services;
  const lost = forecastPart(keeping, other.rooms.log, part, async () => {
    await connection.close();
    return true;
  });
  await expect(lost).rejects.toThrow();
  expect(other.logged).toEqual([]);
  await other.end();
});

test('A correction that changes nothing of a forecast makes no new version of it', async () => {
  const [, id = ''] = ids;
  const path = `/ImmunizationRecommendation?patient=${id}`;
  const versionOf = async () =>
    ((await w.fhir.get(path)).body as { entry: { resource: { meta: { versionId: string } } }[] }).entry[0]
      ?.resource.meta.versionId;
  const before = await versionOf();
  const found = (await w.fhir.get(`/Immunization?patient=${id}`)).body as { entry: { resource: object }[] };
  const [stored] = found.entry as [{ resource: { id: string } }];
  await w.fhir
    .put(`/Immunization/${stored.resource.id}`)
    .send({ ...stored.resource, note: [{ text: 'Seen on paper.' }] })
    .expect(200);
  expect(await stale()).toContain(id);
  expect(await versionOf()).toBe(before);
  expect(await stale()).not.toContain(id);
});
