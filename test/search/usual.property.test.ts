import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Clause } from '../../src/search/clause.ts';
import { holds } from '../../src/search/holds.ts';
import type { Keyed } from '../../src/search/keys.ts';
import { besideIndex } from '../../src/search/usual.ts';

const KEYS = ['a=1', 'a=2', 'a=3', 'a=s|', 'a=s|1', 'b=1'];
const key = fc.constantFrom(...KEYS);
const keys = fc.uniqueArray(key, { maxLength: 4 });
const { clause } = fc.letrec<{ clause: Clause }>((tie) => ({
  clause: fc.oneof(
    { maxDepth: 3 },
    keys.map((some): Clause => ({ op: 'in', field: 'tokens', keys: some })),
    keys.map((some): Clause => ({ op: 'not-in', field: 'tokens', keys: some })),
    fc
      .constantFrom('a=', 'a=s', 'b=')
      .map((each): Clause => ({ op: 'prefix', field: 'tokens', prefixes: [each] })),
    fc.constant<Clause>({ op: 'in', field: 'patients', keys: ['p'] }),
    tie('clause').map((of): Clause => ({ op: 'not', of })),
    fc.array(tie('clause'), { minLength: 1, maxLength: 3 }).map((of): Clause => ({ op: 'and', of })),
    fc.array(tie('clause'), { minLength: 1, maxLength: 3 }).map((of): Clause => ({ op: 'or', of })),
  ),
}));

const documentWith = (tokens: readonly string[], beside: readonly string[] = []): Keyed => ({
  ...{ _id: '1', lastUpdated: new Date(0), index: {}, sort: {}, patients: ['p'], custodians: [] },
  tokens,
  ...(beside.length > 0 && { beside }),
});

test('a clause means the same where the keys of usual values are kept beside the index', () => {
  fc.assert(
    fc.property(clause, keys, keys, (asked, stored, some) => {
      const usual = new Set(some);
      const [indexed, beside] = [false, true].map((is) => stored.filter((each) => usual.has(each) === is));
      expect(holds(besideIndex(asked, usual), documentWith(indexed ?? [], beside))).toBe(
        holds(asked, documentWith(stored)),
      );
    }),
  );
});
