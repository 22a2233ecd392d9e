/** Deleting a patient in the very moment a dose is posted: one of the two is refused, and no dose is left without its patient. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Ask } from '../../src/core/context.ts';
import { handle } from '../../src/interactions/handle.ts';
import type { Rooms } from '../../src/interactions/rooms.ts';
import type { Store } from '../../src/storage/store.ts';
import { ask, creates } from '../world/asks.ts';
import { call, made } from '../world/requests.ts';
import { dose, patient } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

const deletes = (id: string): Ask => ask({ interaction: 'delete', type: 'Patient', id });

/** The rooms of the world, but something else happens the first time that a method of the store is called. */
function interrupted(method: 'commit' | 'standings', by: () => Promise<unknown>): Rooms {
  const { store } = w.rooms;
  let isDone = false;
  const first = async (): Promise<void> => {
    if (isDone) return;
    isDone = true;
    await by();
  };
  const changed: Pick<Store, 'commit' | 'standings'> = {
    commit: async (...given) => {
      if (method === 'commit') await first();
      return store.commit(...given);
    },
    standings: async (...given) => {
      if (method === 'standings') await first();
      return store.standings(...given);
    },
  };
  return { ...w.rooms, store: { ...store, ...changed } };
}

const stands = async (type: string, id: string): Promise<number> =>
  (await call(w, 'GET', `/${type}/${id}`)).status;

test.each(['standings', 'commit'] as const)(
  'a dose that comes before the deletion’s %s keeps the patient',
  async (method) => {
    const ana = await made(w, patient());
    let posted = '';
    const rooms = interrupted(method, async () => {
      posted = (await made(w, dose(ana.id))).id;
    });
    await expect(handle(rooms, deletes(ana.id))).rejects.toThrow(/still holds Immunization/);
    expect([await stands('Patient', ana.id), await stands('Immunization', posted)]).toEqual([200, 200]);
  },
);

test.each(['standings', 'commit'] as const)(
  'a deletion that comes before the dose’s %s leaves no dose',
  async (method) => {
    const ana = await made(w, patient());
    const rooms = interrupted(method, () => handle(w.rooms, deletes(ana.id)));
    await expect(handle(rooms, creates(dose(ana.id)))).rejects.toThrow(/not in the registry/);
    expect(await stands('Patient', ana.id)).toBe(410);
    const { body } = await call(w, 'GET', `/Immunization?patient=Patient/${ana.id}`);
    expect(body.entry ?? []).toEqual([]);
  },
);

test('of many that come at once, never is a dose left whose patient is gone', async () => {
  for (let round = 0; round < 5; round += 1) {
    const ana = await made(w, patient());
    const doses = Array.from({ length: 4 }, (_, n) =>
      handle(w.rooms, creates(dose(ana.id, { lotNumber: `L${n}` }))).then(
        () => true,
        () => false,
      ),
    );
    const gone = handle(w.rooms, deletes(ana.id)).then(
      () => true,
      () => false,
    );
    const stored = (await Promise.all(doses)).filter(Boolean).length;
    expect([await gone, stored > 0]).not.toEqual([true, true]);
  }
});
