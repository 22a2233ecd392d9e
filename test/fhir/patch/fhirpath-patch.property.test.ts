import { expect, test } from '@jest/globals';
import type { Parameters, Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { Failure } from '../../../src/core/failure.ts';
import { applyFhirPathPatch } from '../../../src/fhir/patch/fhirpath-patch.ts';
import { patch, patched, type Parts } from './patches.ts';

const given = fc.array(fc.constantFrom('A', 'B', 'C'), { minLength: 1, maxLength: 3 });
const name = fc.record({
  use: fc.constantFrom('official', 'usual'),
  family: fc.string({ minLength: 1 }),
  given,
});
const resource = fc.record({
  resourceType: fc.constant('Patient'),
  id: fc.constant('p'),
  name: fc.array(name, { minLength: 1, maxLength: 3 }),
  deceasedBoolean: fc.boolean(),
});

const step = fc.constantFrom(
  ...[
    'Patient',
    'name',
    'name[0]',
    'name[1]',
    'given',
    'given[0]',
    'family',
    'deceased',
    'id',
    'extension',
    'contact',
  ],
  ...[
    "where(use = 'usual')",
    "where(given contains 'A')",
    'first()',
    'last()',
    'ofType(boolean)',
    'resolve()',
    '$this',
  ],
);
const path = fc.oneof(
  fc.array(step, { maxLength: 4 }).map((steps) => ['Patient', ...steps].join('.')),
  fc.string(),
);
const value = fc.constantFrom<object>(
  { valueString: 'x' },
  { valueBoolean: true },
  { valueHumanName: { family: 'x' } },
  { _valueString: { id: 'x' } },
  { part: [{ name: 'gender', valueCode: 'male' }] },
  {},
);
const place = fc.integer({ min: -1, max: 4 });
const operation: fc.Arbitrary<Parts> = fc.oneof(
  fc.record({
    type: fc.constant('add'),
    path,
    name: fc.constantFrom('name', 'given', 'deceased', 'contact', 'x'),
    value,
  }),
  fc.record({ type: fc.constant('insert'), path, index: place, value }),
  fc.record({ type: fc.constant('delete'), path }),
  fc.record({ type: fc.constant('replace'), path, value }),
  fc.record({ type: fc.constant('move'), path, source: place, destination: place }),
);

test('a patch never changes what it was given, and fails in no way but a Failure', () => {
  fc.assert(
    fc.property(resource, fc.array(operation, { maxLength: 4 }), (before, operations) => {
      const parameters = patch(...operations);
      const text = JSON.stringify([before, parameters]);
      try {
        expect(applyFhirPathPatch(before as Resource, parameters)).toHaveProperty('id', 'p');
      } catch (error) {
        expect(error).toBeInstanceOf(Failure);
      }
      expect(JSON.stringify([before, parameters])).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

test('a body of any shape is a patch or a Failure', () => {
  const parameters = fc.record({ resourceType: fc.constant('Parameters'), parameter: fc.jsonValue() });
  fc.assert(
    fc.property(resource, parameters, (before, body) => {
      try {
        applyFhirPathPatch(before, body as unknown as Parameters);
      } catch (error) {
        expect(error).toBeInstanceOf(Failure);
      }
    }),
  );
});

test('what is inserted and then deleted, or moved and moved back, leaves the resource as it was', () => {
  fc.assert(
    fc.property(resource, fc.nat({ max: 3 }), fc.nat({ max: 3 }), (before, from, to) => {
      const size = before.name.length;
      const [source, destination] = [from % size, to % size];
      const at = { path: 'Patient.name' };
      const insert = { ...at, type: 'insert', index: source, value: { valueHumanName: { text: 'new' } } };
      const remove = { type: 'delete', path: `Patient.name[${source}]` };
      const move = { ...at, type: 'move', source, destination };
      const back = { ...at, type: 'move', source: destination, destination: source };
      expect(patched(before, insert, remove)).toEqual(before);
      expect(patched(before, move, back)).toEqual(before);
    }),
  );
});
