import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../src/core/failure.ts';
import { parseJson, serialize } from '../../src/fhir/json.ts';

const isPlain = (value: unknown): boolean => !JSON.stringify(value).includes('"__proto__"');
const values = fc.jsonValue({ maxDepth: 8, noUnicodeString: false }).filter(isPlain);

const decimals = fc.stringMatching(/^-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?$/);

const attempt = (read: () => unknown): { value: unknown } | 'refused' => {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Failure && error.kind === 'malformed'))
      return 'refused';
    throw error;
  }
};

test('every digit of every decimal survives', () => {
  fc.assert(
    fc.property(fc.array(decimals), (all) => {
      const text = `{"values":[${all.join(',')}]}`;
      expect(serialize(parseJson(text) as object)).toBe(text);
    }),
  );
});

test('whatever JSON.stringify writes is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(values, (value) => {
      const text = JSON.stringify(value);
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('whatever JSON.parse refuses is refused', () => {
  const noise = fc.array(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '"',
      '1',
      '-',
      '0',
      '.5',
      'e',
      'true',
      'null',
      ' ',
      '\\',
      '\n',
      '\u0001',
      'x',
    ),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(noise, (pieces) => {
      const text = pieces.join('');
      const ours = attempt(() => parseJson(text));
      const theirs = attempt(() => JSON.parse(text) as unknown);
      if (theirs === 'refused') expect(ours).toBe('refused');
    }),
    { numRuns: 3000 },
  );
});

test('text that was damaged in one place is refused, or read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(values, fc.nat(), fc.string({ maxLength: 2 }), (value, seed, damage) => {
      const text = JSON.stringify(value);
      const at = seed % (text.length + 1);
      const damaged = text.slice(0, at) + damage + text.slice(at + 1);
      const ours = attempt(() => JSON.parse(serialize([parseJson(damaged)])) as unknown);
      const theirs = attempt(() => [JSON.parse(damaged) as unknown]);
      if (ours !== 'refused') expect(ours).toEqual(theirs);
    }),
  );
});
