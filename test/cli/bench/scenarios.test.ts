import { describe, expect, test } from '@jest/globals';
import { bodiesFrom } from '../../../src/cli/bench/bodies.ts';
import { messagesFrom } from '../../../src/cli/bench/messages.ts';
import { FLOORS, SCENARIOS, type Setting } from '../../../src/cli/bench/scenarios.ts';
import { ER7 } from '../../../src/core/media-types.ts';
import { parseMessage } from '../../../src/hl7v2/message.ts';
import { dice } from '../../../src/sandbox/dice.ts';

const known = {
  patients: ['p1', 'p2'],
  doses: ['d1', 'd2'],
  people: [
    {
      family: "O'Neil Ruiz",
      given: 'Ana',
      birthDate: '2020-01-02',
      gender: 'female' as const,
      line: '7 Elm Street',
      postalCode: '22001',
    },
  ],
};
const setting = (seed: number): Setting => ({
  base: '/fhir/R4',
  known,
  chance: dice(seed),
  bodies: bodiesFrom(seed, 'run'),
  messages: messagesFrom(seed, 'run'),
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

  test.each(scenarios)('%s sends bodies that can be read, no two the same', (_name, scenario) => {
    const aim = scenario.aim(setting(3));
    const shots = Array.from({ length: 200 }, aim).filter(({ body }) => body !== undefined);
    expect(new Set(shots.map(({ body }) => body)).size).toBe(shots.length);
    for (const { body = '', contentType } of shots)
      expect(() => (contentType === ER7 ? parseMessage(body) : (JSON.parse(body) as unknown))).not.toThrow();
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
