import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/core/failure.ts';
import { decodeUtf8, isKeptNumber, numberOf, parseJson, serialize } from '../../src/fhir/json.ts';

const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure && error.kind === 'malformed') return error.message;
    throw error;
  }
  throw new Error('was read');
};

describe('a decimal', () => {
  test.each([
    '1.50',
    '0.0',
    '-0',
    '1e2',
    '1E-7',
    '100000000000000000000.1',
    '0.1000000000000000055511151231257827',
    '1e400',
  ])('%s comes back as it was sent', (digits) => {
    const text = `{"value":${digits}}`;
    expect(serialize(parseJson(text) as object)).toBe(text);
  });

  test('that was kept can be calculated with', () => {
    const { value } = parseJson('{"value":1.50}') as { value: unknown };
    expect([isKeptNumber(value), numberOf(value)]).toEqual([true, 1.5]);
    expect([isKeptNumber(1.5), numberOf(1.5), numberOf('1.5'), numberOf({})]).toEqual([
      false,
      1.5,
      undefined,
      undefined,
    ]);
  });

  test('that JavaScript writes alike is a plain number', () => {
    expect(parseJson('[0.5,12,-3]')).toEqual([0.5, 12, -3]);
  });
});

describe('refused is', () => {
  test.each([
    ['a name twice', '{"a":1,"a":2}', 'line 1, column 8'],
    ['a name twice, once written with escapes', '{"name":1,"n\\u0061me":2}', 'line 1, column 11'],
    ['a name twice deep inside', '{"a":[{"b":{"c":1,\n"d":2,"c":3}}]}', 'line 2, column 7'],
    ['a name that reaches into objects', '{"__proto__":{"admin":true}}', 'line 1, column 2'],
    ['the same with escapes', '{"\\u005f_proto__":1}', 'line 1, column 2'],
    ['a byte-order mark', '\uFEFF{}', 'line 1, column 1'],
    ['a high surrogate alone', '["\\ud83d"]', 'surrogate'],
    ['a low surrogate alone', '["\\ude00"]', 'surrogate'],
    ['two high surrogates', '["\\ud83d\\ud83d"]', 'surrogate'],
    ['half a character written as it is', '["\ud83d"]', 'surrogate'],
    ['nothing', '', 'ends too early'],
    ['half a text', '{"a":[1,2', 'line 1'],
    ['two values', '{} {}', 'line 1, column 4'],
    ['a trailing comma', '[1,]', 'line 1, column 4'],
    ['a name without quotes', '{a:1}', 'line 1, column 2'],
    ['a missing colon', '{"a" 1}', 'line 1, column 6'],
    ['a number that begins with zero', '[01]', 'line 1, column 3'],
    ['a number that ends with its point', '[1.]', 'line 1, column 4'],
    ['an unknown escape', '["\\x"]', 'line 1, column 4'],
    ['a line end in a string', '["a\nb"]', 'line 1, column 4'],
    ['an open string', '["a', 'line 1, column 4'],
    ['an unknown word', '[undefined]', 'line 1, column 2'],
    ['NaN', '[NaN]', 'line 1, column 2'],
  ])('%s', (_what, text, where) => {
    expect(refusal(() => parseJson(text))).toContain(where);
  });

  test('ten thousand levels, at once and without running out of stack', () => {
    expect(refusal(() => parseJson('['.repeat(10_000)))).toContain('column 65');
    expect(refusal(() => parseJson('{"a":'.repeat(10_000)))).toContain('deeper');
  });

  test('a name twice among very many', () => {
    const names = Array.from({ length: 5000 }, (_, at) => `"n${at}":0`);
    expect(parseJson(`{${names.join(',')}}`)).toHaveProperty('n4999', 0);
    expect(refusal(() => parseJson(`{${names.join(',')},"n17":0}`))).toContain('has this property already');
  });

  test('bytes that are not UTF-8', () => {
    expect(refusal(() => decodeUtf8(Buffer.from([0x22, 0xff, 0x22])))).toContain('UTF-8');
    expect(decodeUtf8(Buffer.from('"ä"'))).toBe('"ä"');
  });
});

test('a refusal says where, never what', () => {
  expect(refusal(() => parseJson('{"family":"Secretson" "given"}'))).not.toContain('Secretson');
});

test('as much depth is read as the limit allows', () => {
  expect(parseJson('[[[]]]', { depth: 3 })).toEqual([[[]]]);
  expect(refusal(() => parseJson('[[[]]]', { depth: 2 }))).toContain('column 3');
});

test('names with equal hashes and names with escapes are told apart', () => {
  // Both hash alike: 'Aa' and 'BB' are the textbook pair for multiplication by 31.
  expect(parseJson('{"Aa":1,"BB":2}')).toEqual({ Aa: 1, BB: 2 });
  expect(parseJson('{"\\u0061":1,"b":{"a":2}}')).toEqual({ a: 1, b: { a: 2 } });
});
