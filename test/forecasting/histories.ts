/** Generated patients for the property tests: any age, any vaccines, dates in any order, some observations. */
import fc from 'fast-check';
import { isoDate } from '../../src/forecasting/civil-date.ts';
import type { Dose, ForecastRequest } from '../../src/forecasting/patient.ts';
import { loadSchedule } from '../../src/forecasting/schedule/load-schedule.ts';

export const schedule = loadSchedule();

const TODAY = 20_402; // 2025-11-10

/** Routine vaccines come up more often than the rest, so that series get somewhere. */
const ROUTINE = [
  '08',
  '10',
  '20',
  '21',
  '03',
  '48',
  '49',
  '83',
  '88',
  '94',
  '110',
  '115',
  '116',
  '120',
  '130',
  '133',
  '165',
  '187',
  '203',
  '208',
  '216',
];
const cvx = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...ROUTINE) },
  { weight: 1, arbitrary: fc.constantFrom(...schedule.vaccines.map((one) => one.cvx)) },
);

const observation = fc.record({
  code: fc.constantFrom(...schedule.observations.keys()),
  date: fc.integer({ min: TODAY - 4_000, max: TODAY }).map(isoDate),
});

/** Ages in days; half of the people are children. */
const age = fc.oneof(fc.integer({ min: 0, max: 2_500 }), fc.integer({ min: 0, max: 110 * 365 }));

export const request: fc.Arbitrary<ForecastRequest> = fc
  .tuple(
    age,
    fc.constantFrom('F', 'M', 'U'),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), cvx), { maxLength: 14 }),
    fc.array(observation, { maxLength: 2 }),
  )
  .map(([days, gender, given, observations]) => {
    const doses: Dose[] = given.map(([part, code], at) => ({
      id: `d${at}`,
      date: isoDate(TODAY - days + Math.floor(part * days)),
      cvx: code,
    }));
    return {
      patient: { birthDate: isoDate(TODAY - days), gender },
      doses,
      observations,
      assessmentDate: isoDate(TODAY),
    };
  });
