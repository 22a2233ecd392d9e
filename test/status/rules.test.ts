/** The rules of statuses, as packs say them: one provider at a time, several, those that pass by, what a directive keeps back. */
import { describe, expect, test } from '@jest/globals';
import { loadPack } from '../../src/jurisdictions/load.ts';
import type { StatusRules } from '../../src/jurisdictions/pack.ts';
import { homeOf } from '../../src/status/home.ts';
import { nextStatuses, type Happened } from '../../src/status/rules.ts';
import { JURISDICTION, type Status } from '../../src/status/status.ts';

const MANY: StatusRules = loadPack('sandbox').statuses;
const ONE: StatusRules = loadPack('vermont').statuses;
const TODAY = '2026-11-22';

const happened = (more: Partial<Happened>): Happened => ({
  ...{ today: TODAY, home: undefined, doses: [], withoutDoses: [], reports: [], isDeceased: false },
  ...{ passing: new Set<string>(), isRestricted: false },
  ...more,
});
const dose = (organization: string, day: string) => ({ organization, day, dose: `Immunization/${day}` });

/** `holder status since`, after one thing at a time. */
function after(rules: StatusRules, ...steps: readonly Partial<Happened>[]): string[] {
  const all = steps.reduce<readonly Status[]>((was, step) => nextStatuses(rules, was, happened(step)), []);
  return all.slice(1).map(({ with: holder, is, since }) => `${holder} ${is} ${since}`);
}

describe('where a person may have several providers', () => {
  test('each dose makes one more', () => {
    expect(after(MANY, { doses: [dose('a', '2025-01-01')] }, { doses: [dose('b', '2025-02-01')] })).toEqual([
      'a active 2025-01-01',
      'b active 2025-02-01',
    ]);
  });

  test('one that passes by makes none', () => {
    const passing = new Set(['a']);
    expect(after(MANY, { doses: [dose('a', '2025-01-01')], passing })).toEqual([]);
  });
});

describe('where a person has one provider at a time', () => {
  const taken = ['a moved 2025-02-01', 'b active 2025-02-01'];

  test('the last one that gave a dose is it, in whatever order they become known', () => {
    const [first, second] = [{ doses: [dose('a', '2025-01-01')] }, { doses: [dose('b', '2025-02-01')] }];
    expect(after(ONE, first, second)).toEqual(taken);
    expect(after(ONE, second, first).sort()).toEqual(taken);
    expect(after(ONE, { doses: [dose('b', '2025-02-01'), dose('a', '2025-01-01')] })).toEqual(taken);
  });

  test('the former one gets the person back with a later dose', () => {
    const back = [
      { doses: [dose('a', '2025-01-01')] },
      { doses: [dose('b', '2025-02-01')] },
      { doses: [dose('a', '2025-03-01')] },
    ];
    expect(after(ONE, ...back)).toEqual(['a active 2025-03-01', 'b moved 2025-03-01']);
  });

  test('a dose that a directive keeps from others tells them nothing', () => {
    const isRestricted = true;
    expect(
      after(ONE, { doses: [dose('a', '2025-01-01')] }, { doses: [dose('b', '2025-02-01')], isRestricted }),
    ).toEqual(['a active 2025-01-01', 'b active 2025-02-01']);
  });

  test('nor does the status with the jurisdiction tell of it', () => {
    const lost = { with: JURISDICTION, is: 'lost', since: '2025-01-01', why: 'staff', by: 'x' } as const;
    const given = { doses: [dose('b', '2025-02-01')] };
    const [open, restricted] = [given, { ...given, isRestricted: true }].map((step) =>
      nextStatuses(ONE, [lost], happened(step)).find((each) => each.with === JURISDICTION),
    );
    expect([open?.is, restricted?.is]).toEqual(['active', 'lost']);
  });

  test('nobody is taken over by a report', () => {
    const report = { with: 'b', is: 'active', why: 'report', by: 'Organization/b' } as const;
    expect(after(ONE, { doses: [dose('a', '2025-01-01')] }, { reports: [report] })[0]).toBe(
      'a active 2025-01-01',
    );
  });
});

test('what is permanent ends by a report alone, and what was read long ago is no report', () => {
  const report = { with: 'a', is: 'permanent', since: '2025-01-01', why: 'report', by: 'x' } as const;
  const late = { doses: [dose('a', '2026-01-01')] };
  expect(after(MANY, { reports: [report] }, late)).toEqual(['a permanent 2025-01-01']);
  const again = { ...report, is: 'active', since: '2025-06-01' } as const;
  expect(after(MANY, { reports: [report] }, { reports: [again] })).toEqual(['a active 2025-06-01']);
  const stale = { ...report, is: 'lost', since: '2024-01-01' } as const;
  expect(after(MANY, { reports: [again] }, { reports: [stale] })).toEqual(['a active 2025-06-01']);
});

test.each([
  ['in the state', [{ state: 'va' }], 'inside'],
  ['in the state, by its name', [{ state: ' Virginia', country: 'US' }], 'inside'],
  ['in another', [{ state: 'ID' }], 'outside'],
  ['in both', [{ state: 'ID' }, { state: 'VA' }], 'inside'],
  ['abroad', [{ country: 'CA', state: 'VA' }], 'outside'],
  ['in another only formerly', [{ state: 'ID', use: 'old' }], undefined],
  ['in another until last year', [{ state: 'ID', period: { end: '2025-12-31' } }], undefined],
  ['nowhere in particular', [{ city: 'Springfield' }], undefined],
] as const)('somebody with an address %s', (_what, address, where) => {
  expect(homeOf({ resourceType: 'Patient', address: [...address] }, ['VA', 'Virginia'], TODAY)).toBe(where);
});
