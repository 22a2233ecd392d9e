import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle } from '@medplum/fhirtypes';
import { bodiesFrom } from '../../../src/cli/bench/bodies.ts';
import { fill } from '../../../src/cli/bench/fill.ts';
import type { Known } from '../../../src/cli/bench/scenarios.ts';
import { databaseOf } from '../../../src/storage/connect.ts';
import { MARKS } from '../../../src/storage/forecast-state.ts';
import { STANDINGS } from '../../../src/storage/write.ts';
import { world, type World } from '../../world/world.ts';

const SEED = 4;
const RUN = 'run';
/** The same seed makes the same person. */
const bodies = () => bodiesFrom(SEED, RUN);

let sent: World;
let filled: World;
let ids: readonly string[];
let known: Known;
beforeAll(async () => {
  [sent, filled] = await Promise.all([world(), world()]);
  const answer = await sent.fhir
    .post('/')
    .set('Content-Type', 'application/fhir+json')
    .send(bodies().transaction().json)
    .expect(200);
  ids = ((answer.body as Bundle).entry ?? []).map(
    ({ response }) => response?.location?.split('/').at(-3) ?? '',
  );
  const given = ids.values();
  const rooms = { ...filled.rooms, newId: () => given.next().value ?? filled.rooms.newId() };
  known = await fill(rooms, 1, bodies());
});
afterAll(() => Promise.all([sent.end(), filled.end()]));

describe('A person of the benchmark who is stored straight', () => {
  test.each(['Patient', 'Immunization', STANDINGS, MARKS])(
    'is in %s what a transaction of the same would have left',
    async (name) => {
      const [ofTransaction, straight] = await Promise.all(
        [sent, filled].map(async ({ services }) => {
          const collection = databaseOf(services.connection).collection<{ _id: string }>(name);
          // A mark is nobody's but the forecast's: its id says nothing.
          return collection
            .find({}, name === MARKS ? { projection: { _id: 0 } } : {})
            .sort({ _id: 1 })
            .toArray();
        }),
      );
      expect(ofTransaction?.length).toBeGreaterThan(0);
      expect(straight).toEqual(ofTransaction);
    },
  );

  test('answers a read, a search of doses and one by name and birth date alike', async () => {
    const { family, birthDate } = bodies().transaction().who;
    const [patient = '', dose = ''] = ids;
    const paths = [
      `/Immunization/${dose}`,
      `/Immunization?patient=${patient}`,
      `/Patient?family=${family}&birthdate=${birthDate}`,
    ];
    for (const path of paths) {
      const [ofTransaction, straight] = await Promise.all(
        [sent, filled].map(async ({ fhir, url }) =>
          (await fhir.get(path).expect(200)).text.replaceAll(url, ''),
        ),
      );
      expect(withoutIds(straight)).toEqual(withoutIds(ofTransaction));
      expect(straight).toContain(patient);
    }
  });

  test('is told to who asks for it', () => {
    expect(known.patients).toEqual(ids.slice(0, 1));
    expect(ids.slice(1)).toEqual(expect.arrayContaining([...known.doses]));
    expect(known.people).toEqual([bodies().transaction().who]);
  });
});

/** A Bundle has an id of its own. */
const withoutIds = (text: string | undefined): unknown => {
  const { id, ...rest } = JSON.parse(text ?? '{}') as { id: string; resourceType: string };
  return rest.resourceType === 'Bundle' ? rest : { id, ...rest };
};
