import { describe, expect, test } from '@jest/globals';
import { bodiesFrom } from '../../../src/cli/bench/bodies.ts';
import { FLOORS, SCENARIOS, type Setting } from '../../../src/cli/bench/scenarios.ts';
import { dice } from '../../../src/sandbox/dice.ts';

const known = {
  patients: ['p1', 'p2'],
  doses: ['d1', 'd2'],
  people: [{ family: "O'Neil Ruiz", birthDate: '2020-01-02' }],
};
const setting = (seed: number): Setting => ({
  base: '/fhir/R4',
  known,
  chance: dice(seed),
  bodies: bodiesFrom(seed, 'run'),
});
const scenarios = Object.entries({ ...SCENARIOS, ...FLOORS });

describe('The scenarios of the benchmark', () => {
  test.each(scenarios)('%s asks the same for the same seed', (_name, scenario) => {
    const shots = (seed: number): unknown => {
      const aim = scenario.aim(setting(seed));
      return Array.from({ length: 50 }, () => aim());
    };
    expect(shots(7)).toEqual(shots(7));
  });

  test.each(scenarios)('%s sends bodies that are JSON, no two the same', (_name, scenario) => {
    const aim = scenario.aim(setting(3));
    const bodies = Array.from({ length: 200 }, () => aim().body).filter((body) => body !== undefined);
    expect(new Set(bodies).size).toBe(bodies.length);
    for (const body of bodies) expect(() => JSON.parse(body) as unknown).not.toThrow();
  });

  test('the mixed one has some of each', () => {
    const aim = SCENARIOS['mixed']?.aim(setting(5));
    const kinds = new Set(
      Array.from({ length: 1000 }, () => aim?.()).map(
        (shot) => `${shot?.method} ${shot?.path.replace(/[=/][pd]\d|\?.*/g, '')}`,
      ),
    );
    expect([...kinds].sort()).toEqual([
      'GET /fhir/R4/Immunization',
      'GET /fhir/R4/Patient',
      'POST /fhir/R4',
      'POST /fhir/R4/Immunization',
    ]);
  });

  test('names go into a query escaped', () => {
    expect(SCENARIOS['people']?.aim(setting(1))().path).toBe(
      "/fhir/R4/Patient?family=O'Neil%20Ruiz&birthdate=2020-01-02",
    );
  });

  test('a transaction is one patient and ten doses that refer to it', () => {
    const bundle = JSON.parse(bodiesFrom(1, 'run').transaction().json) as {
      entry: { fullUrl: string; resource: { resourceType: string; patient?: { reference: string } } }[];
    };
    const [patient, ...doses] = bundle.entry;
    expect(patient?.resource.resourceType).toBe('Patient');
    expect(doses.map(({ resource }) => resource.patient?.reference)).toEqual(
      Array.from({ length: 10 }, () => patient?.fullUrl),
    );
  });
});
