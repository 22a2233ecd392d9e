import { describe, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { Failure } from '../../../src/core/failure.ts';
import { applyJsonPatch } from '../../../src/fhir/patch/json-patch.ts';

const patched = (document: unknown, operations: readonly unknown[]): unknown =>
  applyJsonPatch(document as Resource, operations);

function refusal(document: unknown, operations: readonly unknown[]): Failure {
  try {
    patched(document, operations);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('The patch was taken.');
}

const dose = {
  resourceType: 'Immunization',
  id: 'd1',
  meta: { versionId: '3', lastUpdated: '2026-01-01T00:00:00Z', tag: [{ code: 'a' }] },
  status: 'completed',
  note: [{ text: 'one' }],
};

describe('The examples of RFC 6902, appendix A', () => {
  const examples: readonly [
    name: string,
    document: unknown,
    operations: readonly unknown[],
    result: unknown,
  ][] = [
    [
      'A.1 adds a member',
      { foo: 'bar' },
      [{ op: 'add', path: '/baz', value: 'qux' }],
      { baz: 'qux', foo: 'bar' },
    ],
    [
      'A.2 adds an item',
      { foo: ['bar', 'baz'] },
      [{ op: 'add', path: '/foo/1', value: 'qux' }],
      { foo: ['bar', 'qux', 'baz'] },
    ],
    ['A.3 removes a member', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
    [
      'A.4 removes an item',
      { foo: ['bar', 'qux', 'baz'] },
      [{ op: 'remove', path: '/foo/1' }],
      { foo: ['bar', 'baz'] },
    ],
    [
      'A.5 replaces a value',
      { baz: 'qux', foo: 'bar' },
      [{ op: 'replace', path: '/baz', value: 'boo' }],
      { baz: 'boo', foo: 'bar' },
    ],
    [
      'A.6 moves a value',
      { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
      [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
      { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
    ],
    [
      'A.7 moves an item',
      { foo: ['all', 'grass', 'cows', 'eat'] },
      [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
      { foo: ['all', 'cows', 'eat', 'grass'] },
    ],
    [
      'A.8 tests values',
      { baz: 'qux', foo: ['a', 2, 'c'] },
      [
        { op: 'test', path: '/baz', value: 'qux' },
        { op: 'test', path: '/foo/1', value: 2 },
      ],
      { baz: 'qux', foo: ['a', 2, 'c'] },
    ],
    [
      'A.10 adds a nested object',
      { foo: 'bar' },
      [{ op: 'add', path: '/child', value: { grandchild: 'x' } }],
      { foo: 'bar', child: { grandchild: 'x' } },
    ],
    [
      'A.11 ignores unknown members',
      { foo: 'bar' },
      [{ op: 'add', path: '/baz', value: 'qux', xyz: 123 }],
      { foo: 'bar', baz: 'qux' },
    ],
    [
      'A.14 reads ~01 as ~1',
      { '/': 9, '~1': 10 },
      [{ op: 'test', path: '/~01', value: 10 }],
      { '/': 9, '~1': 10 },
    ],
    [
      'A.16 adds an array as an item',
      { foo: ['bar'] },
      [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }],
      { foo: ['bar', ['abc', 'def']] },
    ],
  ];

  test.each(examples)('%s', (_name, document, operations, result) => {
    expect(patched(document, operations)).toEqual(result);
  });

  test('A.9 fails where a test fails', () => {
    expect(refusal({ baz: 'qux' }, [{ op: 'test', path: '/baz', value: 'bar' }]).kind).toBe('invalid');
  });

  test('A.12 fails where the parent is missing', () => {
    expect(refusal({ foo: 'bar' }, [{ op: 'add', path: '/baz/bat', value: 'qux' }]).kind).toBe('invalid');
  });

  test('A.15 tells a number from its text', () => {
    expect(refusal({ '~1': 10 }, [{ op: 'test', path: '/~01', value: '10' }]).kind).toBe('invalid');
  });
});

describe('What the server does with a JSON Patch', () => {
  test('the order of members stays where a value is replaced', () => {
    const after = patched(dose, [{ op: 'replace', path: '/status', value: 'not-done' }]);
    expect(Object.keys(after as object)).toEqual(Object.keys(dose));
  });

  test('a move is a removal and then an addition, each judged on what is there then', () => {
    const after = patched({ a: [{ b: 1 }, {}, { c: 3 }] }, [{ op: 'move', from: '/a/0', path: '/a/1/d' }]);
    expect(after).toEqual({ a: [{ c: 3, d: { b: 1 } }] });
  });

  test('an element that loses its last part is left out', () => {
    expect(patched(dose, [{ op: 'remove', path: '/note/0/text' }])).not.toHaveProperty('note');
  });

  test('an empty array may be added and filled in the same patch', () => {
    const operations = [
      { op: 'add', path: '/programEligibility', value: [] },
      { op: 'add', path: '/programEligibility/-', value: { text: 'x' } },
    ];
    expect(patched(dose, operations)).toHaveProperty('programEligibility', [{ text: 'x' }]);
  });

  test('emptied extensions of a repeating primitive leave their place', () => {
    const name = { given: ['A', 'B'], _given: [{ id: 'a' }, { id: 'b' }] };
    const after = patched({ name: [name] }, [{ op: 'remove', path: '/name/0/_given/0/id' }]);
    expect(after).toEqual({ name: [{ given: ['A', 'B'], _given: [null, { id: 'b' }] }] });
  });

  test('the whole resource can be replaced where its identity stays', () => {
    const value = { ...dose, status: 'not-done' };
    expect(patched(dose, [{ op: 'replace', path: '', value }])).toEqual(value);
  });

  test('tags beside the version can be patched', () => {
    expect(patched(dose, [{ op: 'remove', path: '/meta/tag' }])).toHaveProperty('meta.versionId', '3');
  });
});

describe('A JSON Patch that cannot be done is invalid, and says nothing of the resource', () => {
  const refused: readonly [name: string, operation: unknown][] = [
    ['a pointer without its slash', { op: 'remove', path: 'status' }],
    ['a pointer with a bad escape', { op: 'remove', path: '/sta~2tus' }],
    ['removing what is not there', { op: 'remove', path: '/lotNumber' }],
    ['removing the length of an array', { op: 'remove', path: '/note/length' }],
    ['removing the place after the last', { op: 'remove', path: '/note/-' }],
    ['replacing a named place of an array', { op: 'replace', path: '/note/first', value: 1 }],
    ['adding beyond the end', { op: 'add', path: '/note/2', value: 1 }],
    ['adding at a place with a leading zero', { op: 'add', path: '/note/00', value: 1 }],
    ['adding below a text', { op: 'add', path: '/status/x', value: 1 }],
    ['moving an element into itself', { op: 'move', from: '/meta', path: '/meta/tag/0' }],
    ['copying what is not there', { op: 'copy', from: '/lotNumber', path: '/x' }],
    ['testing what is not there', { op: 'test', path: '/lotNumber', value: null }],
    ['reaching for a prototype', { op: 'add', path: '/__proto__/admin', value: true }],
    ['reaching for a constructor', { op: 'add', path: '/constructor/prototype/admin', value: true }],
    [
      'bringing a prototype',
      { op: 'add', path: '/x', value: JSON.parse('{"__proto__":{"admin":true}}') as unknown },
    ],
    ['changing the type', { op: 'replace', path: '/resourceType', value: 'Patient' }],
    ['changing the id', { op: 'replace', path: '/id', value: 'd2' }],
    ['removing the id', { op: 'remove', path: '/id' }],
    ['changing the version', { op: 'replace', path: '/meta/versionId', value: '4' }],
    ['changing the time of the last change', { op: 'remove', path: '/meta/lastUpdated' }],
    ['replacing the whole meta', { op: 'replace', path: '/meta', value: { tag: [{ code: 'b' }] } }],
    ['removing the whole resource', { op: 'remove', path: '' }],
  ];

  test.each(refused)('%s', (_name, operation) => {
    const failure = refusal(dose, [operation]);
    expect(failure.kind).toBe('invalid');
    expect(failure.message).not.toContain('completed');
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });
});

describe('A body that is no JSON Patch is malformed', () => {
  const malformed: readonly [name: string, operation: unknown][] = [
    ['null for an operation', null],
    ['an operation without op', { path: '/status' }],
    ['an operation of an unknown op', { op: 'merge', path: '/status' }],
    ['an inherited name for op', { op: 'constructor', path: '/status' }],
    ['no path', { op: 'remove' }],
    ['a path that is no text', { op: 'remove', path: ['status'] }],
    ['an add without value', { op: 'add', path: '/status' }],
    ['a move without from', { op: 'move', path: '/status' }],
  ];

  test.each(malformed)('%s', (_name, operation) => {
    expect(refusal(dose, [{ op: 'test', path: '/status', value: 'other' }, operation]).kind).toBe(
      'malformed',
    );
  });

  test('an object instead of an array', () => {
    expect(refusal(dose, { op: 'remove', path: '/status' } as unknown as readonly unknown[]).kind).toBe(
      'malformed',
    );
  });
});

describe('A patch stays within bounds', () => {
  test('more than a thousand operations are too large', () => {
    const operations = Array.from({ length: 1001 }, () => ({
      op: 'test',
      path: '/status',
      value: 'completed',
    }));
    expect(refusal(dose, operations).kind).toBe('too-large');
  });

  test('copies of copies do not grow without end', () => {
    const doubling = Array.from({ length: 40 }, () => ({
      op: 'copy',
      from: '/extension',
      path: '/extension/-',
    }));
    expect(refusal({ ...dose, extension: [{ url: 'x' }] }, doubling).kind).toBe('too-large');
  });

  test('a copy below itself, again and again, does not grow deep without end', () => {
    const deepening = Array.from({ length: 10 }, (_, n) => ({
      op: 'copy',
      from: '/x',
      path: `/x${'/y'.repeat(2 ** n - 1)}/y`,
    }));
    expect(refusal({ ...dose, x: { z: 1 } }, deepening).kind).toBe('invalid');
  });

  test('many additions of a large value are too large', () => {
    const value = Array.from({ length: 1000 }, (_, n) => ({ text: String(n) }));
    const operations = Array.from({ length: 60 }, (_, n) => ({ op: 'add', path: `/x${n}`, value }));
    expect(refusal(dose, operations).kind).toBe('too-large');
  });
});

describe('Decimals keep their digits', () => {
  const rawJSON = (text: string): unknown => JSON.rawJSON(text);
  const withDose = { ...dose, doseQuantity: { value: rawJSON('0.50'), unit: 'mL' } };

  test('where the patch does not touch them', () => {
    expect(JSON.stringify(patched(withDose, [{ op: 'remove', path: '/note' }]))).toContain('"value":0.50');
  });

  test('where they are copied, moved and replaced', () => {
    const operations = [
      { op: 'copy', from: '/doseQuantity', path: '/a' },
      { op: 'move', from: '/doseQuantity/value', path: '/b' },
      { op: 'replace', path: '/a/value', value: rawJSON('2.500') },
    ];
    const text = JSON.stringify(patched(withDose, operations));
    expect(text).toContain('"a":{"value":2.500,"unit":"mL"}');
    expect(text).toContain('"b":0.50');
  });

  test('and a test compares their values, not their spelling', () => {
    const after = (value: unknown): unknown =>
      patched(withDose, [{ op: 'test', path: '/doseQuantity/value', value }]);
    expect(after(0.5)).toBeDefined();
    expect(after(rawJSON('5e-1'))).toBeDefined();
    expect(
      refusal(withDose, [
        { op: 'test', path: '/doseQuantity/value', value: rawJSON('0.5000000000000000001') },
      ]).kind,
    ).toBe('invalid');
    expect(refusal(withDose, [{ op: 'test', path: '/doseQuantity/value', value: '0.50' }]).kind).toBe(
      'invalid',
    );
  });

  test('an object that only looks like a raw number stays an object', () => {
    expect(patched(dose, [{ op: 'add', path: '/x', value: { rawJSON: '1' } }])).toHaveProperty('x', {
      rawJSON: '1',
    });
  });
});
