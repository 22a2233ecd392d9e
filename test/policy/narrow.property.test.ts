/** Narrowing scopes never widens them, whatever is asked for. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { askedFor, narrow, wordsOf } from '../../src/auth/server/narrow.ts';
import { ceilingOf, purposeOf, ROLES, roleOf } from '../../src/policy/roles.ts';
import { opens, scopeOf, scopesOf, scopeText, type Permission, type Scope } from '../../src/core/scopes.ts';

const level = fc.constantFrom('patient', 'user', 'system');
const TYPES = ['Patient', 'Immunization', 'Observation', 'Consent'];
const type = fc.constantFrom('*', ...TYPES);
const letters = fc.constantFrom('c', 'r', 's', 'rs', 'cud', 'cruds', 'crus', 'us', 'read', 'write', '*');
const constraint = fc.constantFrom(
  '',
  '',
  '?status=completed',
  '?status=a&code=http://x|y',
  '?code=%26%2B%25',
);
const word = fc
  .tuple(level, type, letters, constraint)
  .map(([a, b, c, d]) => `${a}/${b}.${c}${b === '*' || /read|write|\*/.test(c) ? '' : d}`);
const words = fc.array(word, { minLength: 1, maxLength: 8 }).map((list) => list.join(' '));

/** All that some scopes open, as a list of points. */
const points = (claim: string): Set<string> =>
  new Set(
    scopesOf(claim).flatMap((scope) =>
      [...TYPES, 'Other'].flatMap((each) =>
        Array.from('cruds')
          .filter((letter) => opens(scope, each, letter as Permission))
          .map((letter) => `${scope.level} ${each} ${letter}`),
      ),
    ),
  );

const narrowed = (asked: string, ceiling: string): string => {
  const read = askedFor(asked);
  return 'fault' in read ? '' : wordsOf(narrow(read.words, ceiling)).join(' ');
};

describe('scopes that are granted', () => {
  test('open nothing that was not asked for, and nothing above the ceiling', () => {
    fc.assert(
      fc.property(words, words, (asked, ceiling) => {
        const open = points(narrowed(asked, ceiling));
        expect(open.isSubsetOf(points(asked))).toBe(true);
        expect(open.isSubsetOf(points(ceiling))).toBe(true);
      }),
    );
  });

  test('have every constraint of what they come from', () => {
    fc.assert(
      fc.property(word, word, (asked, ceiling) => {
        const given: readonly Scope[] = scopesOf(narrowed(asked, ceiling));
        const wanted = [asked, ceiling].flatMap((each) => scopeOf(each)?.query ?? []);
        for (const { query } of given) expect(query).toEqual(expect.arrayContaining([...wanted]));
      }),
    );
  });

  test('are those asked for where the ceiling has them all', () => {
    fc.assert(
      fc.property(word, (asked) => {
        const [found] = scopesOf(asked);
        expect(points(narrowed(asked, 'patient/*.cruds user/*.cruds system/*.cruds'))).toEqual(points(asked));
        expect(found && scopeOf(scopeText(found))).toEqual(found);
      }),
    );
  });
});

describe('a scope is none', () => {
  test.each([
    'patient/Patient.sr',
    'patient/Patient.rr',
    'patient/Patient.',
    'patient/patient.r',
    'patient/Patient.rs?status:not=x',
    'patient/Patient.rs?patient.name=x',
    'patient/Patient.rs?_id=x',
    'patient/Patient.rs?status=',
    'patient/Patient.read?status=x',
    'patient/*.rs?status=x',
    'patient%2FPatient.rs',
    'group/Patient.rs',
    'PATIENT/Patient.rs',
  ])('%s', (text) => {
    expect(scopeOf(text)).toBeUndefined();
  });
});

describe('a role', () => {
  test.each(Object.keys(ROLES))('%s has scopes that can be read, for types that there are', (name) => {
    const role = roleOf(name);
    if (role === undefined) throw new Error('no such role');
    for (const each of ceilingOf(role).split(' '))
      expect([each, scopeOf(each)]).toEqual([each, expect.anything()]);
  });

  test('has its own purpose, others only by name, and none that it may not have', () => {
    for (const role of Object.values(ROLES)) {
      expect(purposeOf(role, undefined)).toBe(role.purposes[0]);
      expect(purposeOf(role, 'EMPLOYER')).toBeUndefined();
      expect(purposeOf(role, `${role.purposes[0]} PUBHLTH`)).toBeUndefined();
    }
  });

  test('that there is not is none, whatever it is called', () => {
    for (const name of ['constructor', '__proto__', '', undefined, {}]) expect(roleOf(name)).toBeUndefined();
  });
});
