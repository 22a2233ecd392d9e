/** What the watch over the log flags, and what it does not. */
import { describe, expect, test } from '@jest/globals';
import { flagsOf, personOf, tally, type Access, type Caller, type Facts } from '../../src/audit/misuse.ts';

const NOBODY: Facts = { users: new Map(), patients: new Map(), given: new Set(), today: '2026-11-22' };
const many = (count: number, from = 0): string[] => Array.from({ length: count }, (_, n) => `p${from + n}`);

const nurse = { client: 'app', user: 'nurse', organization: 'clinic', role: 'provider' } as const;
const sees = (patients: readonly string[], more: Partial<Access> = {}): Access => ({
  ...nurse,
  patients,
  isRefused: false,
  ...more,
});

function raised(accesses: readonly Access[], facts: Partial<Facts> = {}): readonly (readonly unknown[])[] {
  const callers = new Map<string, Caller>();
  for (const access of accesses) tally(callers, access);
  const flags = flagsOf(callers.values(), { ...NOBODY, ...facts });
  return flags.map(({ signal, caller, patients, count }) => [
    signal,
    caller.user ?? caller.client,
    patients,
    count,
  ]);
}

describe('many different people', () => {
  test('of one user are flagged, over all that was asked, each person counted once', () => {
    const asked = many(101).map((id) => sees([id]));
    expect(raised(asked)).toEqual([['many-patients', 'nurse', [], 101]]);
    expect(raised([sees(many(60)), sees(many(60))])).toEqual([]);
  });

  test('are many more for software without a user, and for the registry’s own staff', () => {
    const { user: _user, ...software } = sees(many(1000));
    expect(raised([software])).toEqual([]);
    expect(raised([{ ...software, patients: many(5001) }])).toEqual([['many-patients', 'app', [], 5001]]);
    expect(raised([sees(many(1000), { role: 'registry-staff' })])).toEqual([]);
    expect(raised([sees(many(1001), { role: 'registry-staff' })])).toHaveLength(1);
  });

  test('that were refused were not seen', () => {
    expect(raised([sees(many(200), { isRefused: true })])).toEqual([]);
  });
});

test('a burst of refusals is flagged', () => {
  const refusals = (count: number): Access[] => many(count).map(() => sees([], { isRefused: true }));
  expect(raised(refusals(50))).toEqual([]);
  expect(raised(refusals(51))).toEqual([['refused-burst', 'nurse', [], 51]]);
});

describe('somebody near', () => {
  const home = { line: ['12 Oak Street'], postalCode: '60601' };
  const self = personOf({ name: [{ family: 'Marković' }], address: [home] });
  const facts = {
    users: new Map([['nurse', self]]),
    patients: new Map([
      ['child', personOf({ name: [{ family: 'Ilić' }], address: [{ ...home, line: ['12 oak street'] }] })],
      ['cousin', personOf({ name: [{ family: 'MARKOVIC' }] })],
      ['stranger', personOf({ name: [{ family: 'Chen' }], address: [{ ...home, postalCode: '60602' }] })],
    ]),
  };

  test('of the same home or the same name is flagged, each for what it is', () => {
    expect(raised([sees(['child', 'cousin', 'stranger'])], facts)).toEqual([
      ['own-household', 'nurse', ['child'], 1],
      ['same-name', 'nurse', ['cousin'], 1],
    ]);
  });

  test('is nothing where it is not known who the user is, or whose own records it are', () => {
    expect(raised([sees(['child'], { user: 'other' })], facts)).toEqual([]);
    expect(raised([sees(['child'], { role: 'guardian' })], facts)).toEqual([]);
  });
});

describe('an employer', () => {
  const facts = (birthDate: string, given: readonly string[] = []): Partial<Facts> => ({
    patients: new Map(many(30).map((id) => [id, personOf({ birthDate })])),
    given: new Set(given.map((id) => `clinic ${id}`)),
  });

  test('may be who looks at many adults to whom it gave nothing', () => {
    expect(raised([sees(many(30))], facts('1985-06-01'))).toEqual([
      ['possible-employer', 'nurse', many(30), 30],
    ]);
  });

  test('is not who gave them vaccinations, or looks at children and the old', () => {
    expect(raised([sees(many(30))], facts('1985-06-01', many(10)))).toEqual([]);
    expect(raised([sees(many(30))], facts('2020-06-01'))).toEqual([]);
    expect(raised([sees(many(30))], facts('1950-06-01'))).toEqual([]);
  });
});
