import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compile } from '../../src/search/compile.ts';
import { holds } from '../../src/search/holds.ts';
import { clause, keyed } from './arbitrary.ts';
import { matches } from './reading.ts';

test('a clause is true of a document exactly where its compiled filter matches it', () => {
  fc.assert(
    fc.property(clause, fc.array(keyed, { minLength: 1, maxLength: 8 }), (asked, documents) => {
      const filter = compile(asked);
      for (const document of documents) expect(holds(asked, document)).toBe(matches(document, filter));
    }),
    { numRuns: 2000 },
  );
});

test('no compiled filter has a regular expression or a text that MongoDB would run', () => {
  fc.assert(
    fc.property(clause, (asked) => {
      expect(JSON.stringify(compile(asked))).not.toMatch(/\$(regex|where|function|text)/);
    }),
  );
});
