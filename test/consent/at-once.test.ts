/** Directives and doses that are written at the same moment, on one server and on two: none slips past the other. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { handle } from '../../src/interactions/handle.ts';
import type { Rooms } from '../../src/interactions/rooms.ts';
import type { Deed } from '../../src/storage/write.ts';
import { creates, reads, searches, updates } from '../world/asks.ts';
import { organization, patient } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';
import {
  asked,
  consent,
  create,
  given,
  idsOf,
  provider,
  publicHealth,
  withdrawal,
  enrolled,
} from './people.ts';

let [w, beside]: World[] = [];
let [a, b] = ['', ''];

beforeAll(async () => {
  w = await world();
  beside = await world({ beside: w });
  await enrolled(w, publicHealth);
  a = await create(w, organization({ name: 'Clinic A' }));
  b = await create(w, organization({ name: 'Clinic B' }));
});
afterAll(async () => {
  await beside?.end();
  await w?.end();
});

const one = (): World => w as World;
const other = (): World => beside as World;

/** The rooms of a server whose commits of some collection wait until something else is done. */
function held(rooms: Rooms, collection: string, until: () => Promise<unknown>): Rooms {
  let isFirst = true;
  const commit: Rooms['store']['commit'] = async (unit, record) => {
    if (isFirst && unit.some((write: Deed) => write.in === collection)) {
      isFirst = false;
      await until();
    }
    return rooms.store.commit(unit, record);
  };
  const own: Rooms = { ...rooms, store: { ...rooms.store, commit }, handle: (ask) => handle(own, ask) };
  return own;
}

const dosesSeen = async (person: string, server: World): Promise<string[]> =>
  idsOf(await asked(server, { ...searches('Immunization', ['patient', person]), actor: provider(b) }));

describe('a dose and a directive', () => {
  test('that was planned before the directive and committed after it is hidden', async () => {
    const person = await create(one(), patient());
    const late = held(one().rooms, 'Immunization', () => create(other(), consent(person, 'limited-opt-out')));
    const { location = '' } = await late.handle(creates(given(person, a), { actor: publicHealth }));
    expect(await dosesSeen(person, other())).toEqual([]);
    const read = { ...reads('Immunization', location.split('/')[1] ?? ''), actor: provider(b) };
    expect((await asked(one(), read)).fault).toMatch(/^not-found/);
  });

  test('that was planned before a dose and committed after it hides the dose', async () => {
    const person = await create(one(), patient());
    const late = held(one().rooms, 'Consent', () => create(other(), given(person, a)));
    await late.handle(creates(consent(person, 'complete-opt-out'), { actor: publicHealth }));
    expect(await dosesSeen(person, one())).toEqual([]);
  });

  test('that was planned before a withdrawal is shown after it', async () => {
    const person = await create(one(), patient());
    const directive = await create(one(), consent(person, 'complete-opt-out'));
    const late = held(one().rooms, 'Immunization', () => create(other(), withdrawal(person, directive)));
    await late.handle(creates(given(person, a), { actor: publicHealth }));
    expect(await dosesSeen(person, other())).toHaveLength(1);
  });

  test('that come from two servers in a heap leave nothing in sight', async () => {
    const person = await create(one(), patient());
    const doses = Array.from({ length: 12 }, (_, at) =>
      create(at % 2 === 0 ? one() : other(), given(person, a)),
    );
    const ids = await Promise.all([...doses, create(other(), consent(person, 'limited-opt-out'))]);
    expect(new Set(ids).size).toBe(13);
    for (const server of [one(), other()]) expect(await dosesSeen(person, server)).toEqual([]);
    expect(
      idsOf(await asked(one(), { ...searches('Immunization', ['patient', person]), actor: publicHealth })),
    ).toHaveLength(12);
  });

  test('two directives at once both count', async () => {
    const person = await create(one(), patient());
    const dose = await create(one(), given(person, a));
    const [limited] = await Promise.all([
      create(one(), consent(person, 'limited-opt-out')),
      create(other(), consent(person, 'complete-opt-out')),
    ]);
    const read = { ...reads('Immunization', dose), actor: provider(a) };
    expect((await asked(one(), read)).fault).toMatch(/^not-found/);
    await create(other(), withdrawal(person, limited));
    expect((await asked(other(), read)).fault).toMatch(/^not-found/);
  });
});

describe('a patient', () => {
  test('that is deleted while a dose comes takes no dose', async () => {
    const person = await create(one(), patient());
    const late = held(one().rooms, 'Immunization', () =>
      asked(other(), { ...reads('Patient', person), interaction: 'delete' }),
    );
    await expect(late.handle(creates(given(person, a), { actor: publicHealth }))).rejects.toThrow(
      /not in the registry/,
    );
  });

  test('whose death is reported while a dose comes is closed with it', async () => {
    const person = await create(one(), patient());
    const late = held(one().rooms, 'Immunization', () =>
      asked(other(), updates(patient({ id: person, deceasedBoolean: true }), { actor: publicHealth })),
    );
    await late.handle(creates(given(person, a), { actor: publicHealth }));
    expect(await dosesSeen(person, other())).toEqual([]);
    await asked(one(), updates(patient({ id: person }), { actor: publicHealth }));
    expect(await dosesSeen(person, other())).toHaveLength(1);
  });
});

describe('a directive on a large record', () => {
  test('hides all of it, past versions and all, and changes neither versions nor times', async () => {
    const person = await create(one(), patient());
    const doses = await Promise.all(Array.from({ length: 60 }, () => create(one(), given(person, a))));
    const before = await one().rooms.handle({
      ...reads('Immunization', doses[0] ?? ''),
      actor: publicHealth,
    });
    one().clock.advance(60_000);
    await create(one(), consent(person, 'complete-opt-out'));
    expect(await dosesSeen(person, one())).toEqual([]);
    const after = await one().rooms.handle({ ...reads('Immunization', doses[0] ?? ''), actor: publicHealth });
    expect(after).toEqual(before);
  });
});
