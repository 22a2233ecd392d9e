/** Of a person whom a write makes there is nothing to look up, and only of such a one. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Answer, Ask } from '../../src/core/context.ts';
import { handle } from '../../src/interactions/handle.ts';
import type { Rooms } from '../../src/interactions/rooms.ts';
import type { Store } from '../../src/storage/store.ts';
import { consent, given } from '../consent/people.ts';
import { ask, creates, transacts, updates } from '../world/asks.ts';
import { patient, patientWith } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';

let w: World;
beforeAll(async () => {
  w = await world({ jurisdiction: 'virginia' });
});
afterAll(() => w.end());

type Told = Pick<Store, 'standings' | 'directivesOf' | 'administeringOf' | 'notes'>;

/** Carries out an ask, and of whom what is on file was looked up meanwhile. */
async function lookingUp(
  asked: Ask,
): Promise<{ readonly answer: Answer; readonly people: ReadonlySet<string> }> {
  const { store } = w.rooms;
  const people = new Set<string>();
  const telling: Told = {
    standings: (ids) => {
      for (const id of ids) people.add(id);
      return store.standings(ids);
    },
    directivesOf: (id) => {
      people.add(id);
      return store.directivesOf(id);
    },
    administeringOf: (id, leftOut) => {
      people.add(id);
      return store.administeringOf(id, leftOut);
    },
    notes: (collection, where, limit) => {
      for (const id of Object.values(where)) people.add(id);
      return store.notes(collection, where, limit);
    },
  };
  const rooms: Rooms = { ...w.rooms, store: { ...store, ...telling } };
  return { answer: await handle(rooms, asked), people };
}

const idOf = ({ location = '' }: Answer): string => location.split('/')[1] ?? '';
const standingOf = async (id: string) => (await w.rooms.store.standings([id])).get(id);

test('A person who is created is looked up nowhere, and has a standing.', async () => {
  const { answer, people } = await lookingUp(creates(patient()));
  expect(answer.status).toBe(201);
  expect([...people]).toEqual([]);
  expect(await standingOf(idOf(answer))).toMatchObject({ generation: 1, touched: 0, administering: [] });
});

test('Nor one who comes with doses and directives, all of which count.', async () => {
  const entry = (resource: object, fullUrl?: string): object => ({
    ...(fullUrl !== undefined && { fullUrl }),
    resource,
    request: { method: 'POST', url: (resource as { resourceType: string }).resourceType },
  });
  const person = 'urn:uuid:0d4a7b1c-6f6e-4a3b-9a52-0c1f5e7d8a90';
  const clinic = 'urn:uuid:5b1f6f0e-23c1-4c69-8f0b-0f3d9c3f2b11';
  const bundle = transacts(
    entry(patient(), person),
    entry({ resourceType: 'Organization', active: true, name: 'Clinic' }, clinic),
    entry({
      ...given('', ''),
      patient: { reference: person },
      performer: [{ actor: { reference: clinic } }],
    }),
    entry({ ...consent('', 'complete-opt-out'), patient: { reference: person } }),
  );
  const { answer, people } = await lookingUp(bundle);
  expect(answer.status).toBe(200);
  expect([...people]).toEqual([]);
  const [id = '', organization = ''] = idsIn(answer);
  const standing = await standingOf(id);
  expect(standing?.administering).toEqual([organization]);
  expect(standing?.restrictions.map(({ cause }) => cause.why)).toContain('directive');
});

/** The ids of what a transaction wrote. */
const idsIn = ({ body = '' }: Answer): string[] =>
  (JSON.parse(body) as { entry: { response: { location: string } }[] }).entry.map(
    ({ response }) => response.location.split('/').at(-3) ?? '',
  );

test('Nor one whom a conditional update makes.', async () => {
  const query = [['identifier', 'http://clinic.example.org/mrn|new']] as const;
  const conditional = ask({ ...creates(patientWith('new')), interaction: 'update', query });
  const { answer, people } = await lookingUp(conditional);
  expect(answer.status).toBe(201);
  expect([...people]).toEqual([]);
});

test('One who is changed is looked up, and one who was deleted and comes back.', async () => {
  const id = idOf((await lookingUp(creates(patient()))).answer);
  const changed = await lookingUp(updates(patient({ id, birthDate: '2015-03-02' })));
  expect([changed.answer.status, ...changed.people]).toEqual([200, id]);
  await lookingUp(ask({ interaction: 'delete', type: 'Patient', id }));
  const back = await lookingUp(updates(patient({ id })));
  expect([back.answer.status, ...back.people]).toEqual([201, id]);
});
