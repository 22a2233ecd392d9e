/** Rules can only narrow: whatever one more of them says, nothing is shown that was not shown before. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide, Denied, type Grant, type Leaves, type Rule } from '../../src/policy/decide.ts';
import { nothingKnown } from '../../src/policy/known.ts';
import type { Clause } from '../../src/search/clause.ts';
import type { Keyed } from '../../src/search/keys.ts';
import { reads } from '../world/asks.ts';

const patient = fc.constantFrom('ana', 'bo', 'cem');
const clause: fc.Arbitrary<Clause> = fc.oneof(
  fc.array(patient, { maxLength: 3 }).map((keys): Clause => ({ op: 'in', field: 'patients', keys })),
  fc.array(patient, { maxLength: 3 }).map((keys): Clause => ({ op: 'not-in', field: 'patients', keys })),
  fc.boolean().map((exists): Clause => ({ op: 'exists', field: 'patients.1', exists })),
  fc.constant<Clause>({ op: 'none' }),
);
const leaves: fc.Arbitrary<ReturnType<Rule>> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ deny: 'beyond_role' } as const) },
  {
    weight: 6,
    arbitrary: fc.record<Leaves>(
      {
        filter: fc.array(clause, { maxLength: 2 }),
        hides: fc.array(fc.constantFrom('name', 'birthDate', 'address.line'), { maxLength: 2 }),
        obligations: fc.array(fc.constant({ must: 'identify', most: 10 } as const), { maxLength: 1 }),
      },
      { requiredKeys: [] },
    ),
  },
);
const INTERACTIONS = ['read', 'search-type', 'create', 'update'] as const;
/** A rule that says of each interaction what it says. */
const rule: fc.Arbitrary<Rule> = fc
  .array(leaves, { minLength: INTERACTIONS.length, maxLength: INTERACTIONS.length })
  .map(
    (said): Rule =>
      ({ interaction }) =>
        said[INTERACTIONS.findIndex((each) => each === interaction)] ?? {},
  );
const document: fc.Arbitrary<Keyed> = fc.uniqueArray(patient).map((patients) => ({
  _id: 'x',
  lastUpdated: new Date(0),
  tokens: [],
  index: {},
  sort: {},
  patients,
  custodians: [],
}));

function decided(rules: readonly Rule[]): Grant | undefined {
  try {
    return decide([() => ({}), ...rules], reads('Patient', 'x'), nothingKnown('2026-11-22'));
  } catch (error) {
    if (error instanceof Denied) return undefined;
    throw error;
  }
}

describe('one more rule', () => {
  test('opens nothing, shows no document and no element more, and lifts no obligation', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 3 }), rule, fc.nat(3), document, (rules, more, at, shown) => {
        const before = decided(rules);
        const after = decided(rules.toSpliced(at, 0, more));
        if (before === undefined) expect(after).toBeUndefined();
        if (before === undefined || after === undefined) return;
        for (const interaction of INTERACTIONS) {
          if (!after.may(interaction, 'Patient')) continue;
          expect(before.may(interaction, 'Patient')).toBe(true);
          if (after.admits(interaction, 'Patient', shown)) {
            expect(before.admits(interaction, 'Patient', shown)).toBe(true);
          }
          const [less, all] = [before.for(interaction, 'Patient'), after.for(interaction, 'Patient')];
          expect(new Set(all.mask.hides).isSupersetOf(new Set(less.mask.hides))).toBe(true);
          expect(all.obligations.length).toBeGreaterThanOrEqual(less.obligations.length);
        }
      }),
    );
  });
});
