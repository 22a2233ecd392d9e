/** That who is looked for by name and birth date is found among the few born on that day, however common the name is. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { patient } from '../../../src/catalog/resources/patient.ts';
import { keysOf } from '../../../src/search/index-of.ts';
import { world, type World } from '../../world/world.ts';
import { ask } from '../asking.ts';
import { planOf } from './plans.ts';

const BEARERS = 400;
const DAY_MS = 86_400_000;
const bornOn = (n: number): string =>
  new Date(Date.parse('2020-01-01') + n * DAY_MS).toISOString().slice(0, 10);

let w: World;
beforeAll(async () => {
  w = await world();
  const people = Array.from({ length: BEARERS }, (_, n) => {
    const id = `p${n}`;
    const name = [{ family: 'Smith', given: [`Given${n % 7}`] }];
    const resource = { resourceType: 'Patient', id, name, birthDate: bornOn(n), gender: 'female' };
    return { _id: id, version: 1, json: JSON.stringify(resource), ...keysOf(patient, resource) };
  });
  await w.services.connection.collection<(typeof people)[0]>('Patient').insertMany(people);
});
afterAll(() => w.end());

test.each([
  `family=smith&birthdate=${bornOn(200)}`,
  `family:exact=Smith&birthdate=${bornOn(200)}`,
  `family=smith&given=given4&birthdate=${bornOn(200)}`,
  `family=smith&birthdate=${bornOn(200)}&gender=female`,
  `name=smith&birthdate=${bornOn(200)}`,
  `phonetic=smith&birthdate=${bornOn(200)}`,
])('%s does not look through all who are called so', async (query) => {
  const plan = await planOf(w, ask('Patient', query));
  expect(plan.stages).not.toContain('COLLSCAN');
  expect(plan.examined).toBeLessThan(20);
});
