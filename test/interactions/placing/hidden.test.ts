/**
 * A record of somebody whom its sender may not see looks new, and is: a record of its own that only the sender and the
 * registry know, linked inside to the person.
 */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Actor } from '../../../src/core/context.ts';
import { enrol } from '../../auth/bearer.ts';
import { asked, consent, create, given, idsOf, provider, publicHealth } from '../../consent/people.ts';
import { creates, reads, searches } from '../../world/asks.ts';
import { organization as clinic } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';
import { brother, maya, mayaAgain, unclear } from './people.ts';

let w: World;
let [a, b] = ['', ''];
let hidden = '';
beforeAll(async () => {
  w = await world();
  await enrol(w, { id: publicHealth.client, what: 'client', role: publicHealth.role });
  a = await create(w, clinic({ name: 'Clinic A' }));
  b = await create(w, clinic({ name: 'Clinic B' }));
  for (const organization of [a, b]) {
    const { client, role } = provider(organization);
    await enrol(w, { id: client, what: 'client', role, organization });
  }
});
afterAll(() => w.end());
afterEach(async () => {
  const names = ['Patient', 'Task', 'placements', 'reservations', 'Consent', 'Immunization', 'standings'];
  for (const name of names) await w.services.connection.collection(name).deleteMany({});
});

const hide = async (): Promise<void> => {
  hidden = await create(w, maya());
  await create(w, consent(hidden, 'complete-opt-out'));
};
const sends = (resource: object, actor: Actor) =>
  asked(w, creates(resource, { actor, prefer: { placing: 'match' } }));
const idOf = ({ location = '' }: { readonly location?: string }): string => location.split('/')[1] ?? '';

test('it is answered as a new person is, and read back as it was sent', async () => {
  await hide();
  const [same, other] = [await sends(mayaAgain(), provider(a)), await sends(brother(), provider(a))];
  expect([same.status, other.status]).toEqual([201, 201]);
  expect(idOf(same)).not.toBe(hidden);
  const read = await asked(w, { ...reads('Patient', idOf(same)), actor: provider(a) });
  expect(JSON.parse(read.body ?? '{}')).toMatchObject({
    name: [{ family: 'Okonkwo Reyes', given: ['Maya'] }],
  });
  expect(Object.keys(same).sort()).toEqual(Object.keys(other).sort());
});

test('nobody else knows it but the registry, and its doses neither', async () => {
  await hide();
  const id = idOf(await sends(mayaAgain(), provider(a)));
  const doseId = await create(w, given(id, a), provider(a));
  for (const [type, one] of [
    ['Patient', id],
    ['Immunization', doseId],
  ] as const) {
    const seen = async (actor: Actor) => (await asked(w, { ...reads(type, one), actor })).status;
    expect([type, await seen(provider(a)), await seen(publicHealth), await seen(provider(b))]).toEqual([
      type,
      200,
      200,
      0,
    ]);
  }
  const found = await asked(w, { ...searches('Patient', ['family', 'Okonkwo']), actor: provider(b) });
  expect(idsOf(found)).toEqual([]);
  const stored = await w.services.connection
    .collection<{ _id: string; linkedTo: unknown }>('Patient')
    .findOne({ _id: id });
  expect(stored?.linkedTo).toEqual({ person: hidden, submitter: a });
});

test('sent again it is the same record; another sender gets one of its own', async () => {
  await hide();
  const first = await sends(mayaAgain(), provider(a));
  const again = await sends(mayaAgain(), provider(a));
  expect([again.status, idOf(again)]).toEqual([200, idOf(first)]);
  const other = await sends(mayaAgain(), provider(b));
  expect([other.status, [hidden, idOf(first)].includes(idOf(other))]).toEqual([201, false]);
});

test('what is not sure looks new as well, and staff are told', async () => {
  await hide();
  const answer = await sends(unclear(), provider(a));
  expect(answer.status).toBe(201);
  const tasks = await asked(w, {
    ...searches('Task', ['patient', idOf(answer)]),
    actor: publicHealth,
  });
  expect(JSON.parse(tasks.body ?? '{}')).toMatchObject({
    entry: [{ resource: { code: { coding: [{ code: 'possible-duplicate' }] } } }],
  });
  const theirs = await asked(w, { ...searches('Task', ['patient', idOf(answer)]), actor: provider(a) });
  expect(idsOf(theirs)).toEqual([]);
});
