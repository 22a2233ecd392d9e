/** A pair of reports that may be one dose waits for a person: one Task a pair, closed by a word or when nothing is left to say. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { reviewPairs } from '../../../src/operations/doses/review-pairs.ts';
import { escalate } from '../../../src/operations/settle/escalate.ts';
import { call, made, type Seen } from '../../world/requests.ts';
import { dose, patient } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

let child: Seen;
let one: Seen;
let other: Seen;
const cvx = (code: string) => ({ coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code }] });
/** Two weeks apart, and one of each source: neither one dose for sure, nor two. */
beforeEach(async () => {
  child = await made(w, patient({ birthDate: '2026-01-10' }));
  const birth = { vaccineCode: cvx('08'), lotNumber: undefined, performer: undefined };
  one = await made(w, dose(child.id, { ...birth, occurrenceDateTime: '2026-01-10', primarySource: true }));
  other = await made(
    w,
    dose(child.id, {
      ...birth,
      occurrenceDateTime: '2026-01-24',
      primarySource: false,
      reportOrigin: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/immunization-origin', code: 'recall' }],
      },
    }),
  );
  await review();
});

const review = (): Promise<void> => reviewPairs(w.rooms, w.services.keeping.grant);
const tasks = async (): Promise<readonly Seen[]> => {
  const { body } = await call(w, 'GET', `/Task?patient=${child.id}`);
  return (body.entry ?? []).flatMap(({ resource }) => resource ?? []);
};
const states = async (): Promise<readonly unknown[]> => (await tasks()).map(({ status }) => status);
const settle = (outcome: string) =>
  call(w, 'POST', `/Patient/${child.id}/$settle-doses`, {
    body: {
      resourceType: 'Parameters',
      parameter: [
        { name: 'outcome', valueCode: outcome },
        ...[one, other].map(({ id }) => ({
          name: 'immunization',
          valueReference: { reference: `Immunization/${id}` },
        })),
      ],
    },
  });

test('names both reports, and until when it is to be settled', async () => {
  const [task, ...more] = await tasks();
  expect(more).toEqual([]);
  expect(task).toMatchObject({
    status: 'requested',
    priority: 'routine',
    code: { coding: [{ code: 'dose-review' }] },
    for: { reference: `Patient/${child.id}` },
  });
  const named = [task?.['focus'], (task?.['input'] as { valueReference: object }[])[0]?.valueReference];
  expect(named).toEqual(
    expect.arrayContaining([one, other].map(({ id }) => ({ reference: `Immunization/${id}` }))),
  );
  const { end } = (task?.['restriction'] as { period: { end: string } }).period;
  expect(Date.parse(end) - Date.parse(task?.['authoredOn'] as string)).toBe(30 * 86_400_000);
});

test('is one, however often the reports are looked through', async () => {
  const before = await tasks();
  await review();
  await Promise.all([review(), review()]);
  expect(await tasks()).toEqual(before);
});

describe('is closed', () => {
  test.each(['same', 'different'])(
    'by the word that they are %s, and opened when it is taken back',
    async (word) => {
      expect((await settle(word)).status).toBe(200);
      expect(await states()).toEqual(['completed']);
      await review();
      expect(await states()).toEqual(['completed']);
      await settle('undecided');
      expect(await states()).toEqual(['requested']);
    },
  );

  test('when a report is corrected so that nothing is uncertain', async () => {
    const body = { ...other, occurrenceDateTime: '2026-03-24' };
    expect((await call(w, 'PUT', `/Immunization/${other.id}`, { body })).status).toBe(200);
    await review();
    expect(await states()).toEqual(['completed']);
  });

  test('when a report is deleted', async () => {
    await call(w, 'DELETE', `/Immunization/${other.id}`);
    await review();
    expect(await states()).toEqual(['completed']);
  });
});

test('stays as staff have set it aside', async () => {
  const [task] = await tasks();
  await call(w, 'PUT', `/Task/${task?.id ?? ''}`, { body: { ...task, status: 'rejected' } });
  await call(w, 'PUT', `/Immunization/${other.id}`, { body: { ...other, lotNumber: 'Z9' } });
  await review();
  expect(await states()).toEqual(['rejected']);
});

test('that is not settled in time becomes urgent, and staff are told once', async () => {
  const told: string[] = [];
  const staff = () => {
    told.push('asked');
    return Promise.resolve(['account:ada']);
  };
  const run = (): Promise<void> => escalate(w.rooms, w.services.keeping.grant, staff);
  await run();
  expect(told).toEqual([]);
  w.clock.advance(31 * 86_400_000);
  await run();
  await run();
  const [task] = await tasks();
  expect([task?.['priority'], task?.['status'], told]).toEqual(['urgent', 'requested', ['asked']]);
  const notices = await w.rooms.store.notes('notices', { to: 'account:ada' }, 10);
  expect(notices).toHaveLength(1);
  expect(JSON.stringify(notices)).not.toContain(child.id);
});
