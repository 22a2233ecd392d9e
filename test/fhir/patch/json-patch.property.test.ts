import { expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { createPatch } from 'rfc6902';
import { Failure } from '../../../src/core/failure.ts';
import { applyJsonPatch } from '../../../src/fhir/patch/json-patch.ts';

const name = fc.constantFrom('a', 'b', 'given', '_given', 'text', '~', '/', '0');
const leaf = fc.oneof(fc.string({ minLength: 1 }), fc.integer(), fc.boolean());
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    fc.dictionary(name, tie('tree'), { minKeys: 1, maxKeys: 3 }),
  ),
}));
const document = fc.dictionary(name, tree, { minKeys: 1 });
const token = fc.oneof(name, fc.constantFrom('-', '1', '2', '01', 'length', '__proto__', 'constructor', ''));
const pointer = fc.oneof(
  fc
    .array(token, { maxLength: 4 })
    .map((tokens) => tokens.map((text) => `/${text.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')),
  fc.string(),
);
const op = fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test');
const operation = fc.oneof(
  { weight: 9, arbitrary: fc.record({ op, path: pointer, from: pointer, value: tree }) },
  { weight: 1, arbitrary: fc.jsonValue() },
);

test('a patch never changes what it was given, and fails in no way but a Failure', () => {
  fc.assert(
    fc.property(document, fc.array(operation, { maxLength: 6 }), (resource, operations) => {
      const before = JSON.stringify([resource, operations]);
      try {
        const after = applyJsonPatch(resource as unknown as Resource, operations);
        expect(typeof after).toBe('object');
      } catch (error) {
        expect(error).toBeInstanceOf(Failure);
      }
      expect(JSON.stringify([resource, operations])).toBe(before);
    }),
    { numRuns: 2000 },
  );
});

function partsOf(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(partsOf)];
}

test('the result shares no part with what was given', () => {
  fc.assert(
    fc.property(document, tree, (resource, value) => {
      const given = new Set(partsOf([resource, value]));
      const after = applyJsonPatch(resource as unknown as Resource, [{ op: 'add', path: '/new', value }]);
      expect(partsOf(after).filter((part) => given.has(part))).toEqual([]);
    }),
  );
});

test('the difference of two documents, applied to the first, gives the second', () => {
  fc.assert(
    fc.property(document, document, (first, second) => {
      const operations = createPatch(first, second);
      expect(applyJsonPatch(first as unknown as Resource, operations)).toEqual(second);
    }),
    { numRuns: 1000 },
  );
});
