/** Of a dose that is hidden nothing tells: not a Task about it, not the mark of another report, not which report is found. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Actor } from '../../../src/core/context.ts';
import { reviewPairs } from '../../../src/operations/doses/review-pairs.ts';
import { enrol } from '../../auth/bearer.ts';
import { asked, consent, create, given, idsOf, provider, publicHealth } from '../../consent/people.ts';
import { searches } from '../../world/asks.ts';
import { organization, patient } from '../../world/resources.ts';
import { call } from '../../world/requests.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
let [a, b] = ['', ''];
beforeAll(async () => {
  w = await world();
  await enrol(w, { id: publicHealth.client, what: 'client', role: publicHealth.role });
  a = await create(w, organization({ name: 'Clinic A' }));
  b = await create(w, organization({ name: 'Clinic B' }));
  for (const each of [a, b]) {
    const { client, role } = provider(each);
    await enrol(w, { id: client, what: 'client', role, organization: each });
  }
});
afterAll(() => w.end());

const hepB = { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '08' }] };
const by = (org: string, day: string, more: object = {}) =>
  create(w, {
    ...given(child, org),
    vaccineCode: hepB,
    occurrenceDateTime: day,
    lotNumber: undefined,
    ...more,
  });
const sees = async (type: string, actor: Actor, ...query: (readonly [string, string])[]) =>
  idsOf(await asked(w, { ...searches(type, ['patient', child], ...query), actor }));
const marks = async (actor: Actor): Promise<boolean> =>
  ((await asked(w, { ...searches('Immunization', ['patient', child]), actor })).body ?? '').includes(
    'dose-report',
  );

let child = '';
beforeEach(async () => {
  child = await create(w, patient({ birthDate: '2026-01-10' }));
});

test('a Task about two doses is seen by staff and by a sender who sees both, whoever wrote it last', async () => {
  const doses = [await by(a, '2026-01-10'), await by(b, '2026-01-13')];
  await reviewPairs(w.rooms, w.services.keeping.grant);
  const [task = '', ...more] = await sees('Task', publicHealth);
  const senders = [...(await sees('Task', provider(a))), ...(await sees('Task', provider(b)))];
  expect([more, senders]).toEqual([[], [task]]);
  await create(w, consent(child, 'limited-opt-out'));
  const { body } = await call(w, 'GET', `/Task/${task}`);
  for (const priority of ['asap', 'routine']) {
    expect(await sees('Immunization', provider(a))).toEqual([doses[0]]);
    expect(await sees('Task', publicHealth)).toEqual([task]);
    expect([await sees('Task', provider(a)), await sees('Task', provider(b))]).toEqual([[], []]);
    await call(w, 'PUT', `/Task/${task}`, { body: { ...body, priority } });
  }
});

test('a dose whose better report is hidden is the dose, and nothing marks it', async () => {
  const better = await by(a, '2026-01-10', { lotNumber: 'HB77', site: { text: 'left thigh' } });
  const other = await by(b, '2026-01-10', { lotNumber: 'HB77' });
  const once = ['primary', 'true'] as const;
  expect([await sees('Immunization', provider(b), once), await marks(provider(b))]).toEqual([[better], true]);
  await create(w, consent(child, 'limited-opt-out'));
  expect([await sees('Immunization', provider(b), once), await marks(provider(b))]).toEqual([[other], false]);
  expect(await sees('Immunization', provider(b), ['primary', 'false'])).toEqual([]);
  expect([await sees('Immunization', publicHealth, once), await marks(publicHealth)]).toEqual([
    [better],
    true,
  ]);
});
