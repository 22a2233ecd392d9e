import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { definitions } from '../../src/fhir/definitions.ts';
import {
  propertyName,
  type ElementRow,
  type Property,
  type TypeDefinition,
} from '../../src/fhir/element-table.ts';
import { check } from '../../src/validation/check.ts';

const TYPES = [
  'Patient',
  'Immunization',
  'ImmunizationRecommendation',
  'Observation',
  'Consent',
  'Task',
  'Provenance',
  'ValueSet',
];

const word = fc.stringMatching(/^[A-Za-z0-9]{1,8}$/);
const day = fc
  .date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const time = day.map((text) => text.slice(11, 19));

const PRIMITIVES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  base64Binary: fc.base64String({ minLength: 4 }),
  boolean: fc.boolean(),
  canonical: fc.webUrl(),
  code: word,
  date: day.map((text) => text.slice(0, 10)),
  dateTime: fc.oneof(
    day,
    day.map((text) => text.slice(0, 4)),
  ),
  decimal: fc.double({ noNaN: true, noDefaultInfinity: true }),
  id: word,
  instant: day,
  integer: fc.integer(),
  markdown: word,
  oid: fc.constant('urn:oid:1.2.3'),
  positiveInt: fc.integer({ min: 1 }),
  string: word.map((text) => `${text} ö 疫苗`),
  time,
  unsignedInt: fc.nat(),
  uri: fc.webUrl(),
  url: fc.webUrl(),
  uuid: fc.uuid().map((text) => `urn:uuid:${text}`),
  xhtml: word.map((text) => `<div>${text}</div>`),
};

function oneOfSet(set: ReadonlySet<string>): fc.Arbitrary<string> {
  return fc.constantFrom(...set);
}

function codingOf(property: Property): fc.Arbitrary<unknown> {
  return oneOfSet(property.allowed?.coded ?? new Set(['http://example.org/codes|a'])).map((pair) => {
    const [system, code] = pair.split('|');
    return { system, code };
  });
}

function valueOf(property: Property, depth: number): fc.Arbitrary<unknown> {
  if (property.type === 'Reference')
    return word.map((id) => ({ reference: `${property.row.targets?.[0] ?? 'Patient'}/${id}` }));
  if (property.type === 'Coding') return codingOf(property);
  if (property.type === 'CodeableConcept') return codingOf(property).map((coding) => ({ coding: [coding] }));
  if (property.isPrimitive && property.allowed !== undefined) return oneOfSet(property.allowed.codes);
  return PRIMITIVES[property.type] ?? objectOf(definitions.get(property.type)!, depth - 1);
}

const NEVER = new Set(['contained', 'extension', 'modifierExtension', 'resource']);

function elementOf(
  definition: TypeDefinition,
  element: string,
  row: ElementRow,
  depth: number,
): fc.Arbitrary<object> {
  const some = fc.constantFrom(...row.types.filter((type) => type !== 'Extension')).chain((type) => {
    const property = definition.properties.get(propertyName(element, row, type))!;
    const value = valueOf(property, depth);
    return (row.list === true ? fc.array(value, { minLength: 1, maxLength: 2 }) : value).map((each) => ({
      [property.name]: each,
    }));
  });
  if (row.required === true) return some;
  return depth <= 0
    ? fc.constant({})
    : fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: some });
}

function objectOf(definition: TypeDefinition, depth: number): fc.Arbitrary<object> {
  const elements = Object.entries(definition.elements).filter(([name]) => !NEVER.has(name));
  const parts = elements.map(([name, row]) => elementOf(definition, name, row, depth));
  return fc
    .tuple(...parts)
    .map((all) => Object.assign({}, ...all) as object)
    .map((node) =>
      definition.isResource ? { resourceType: definition.name, ...node } : filled(definition, node),
    );
}

/** No object may be empty or have an id only. */
function filled(definition: TypeDefinition, node: object): object {
  if (Object.keys(node).some((name) => name !== 'id')) return node;
  const text = [...definition.properties.values()].find(
    (each) => each.type === 'string' && each.name !== 'id',
  );
  return text === undefined
    ? { ...node, extension: [{ url: 'http://example.org/x', valueBoolean: true }] }
    : { ...node, [text.name]: text.row.list === true ? ['a'] : 'a' };
}

const resources = fc.constantFrom(...TYPES).chain((type) => objectOf(definitions.get(type)!, 3));

/** Kinds that depend on how values go together, which the generator does not know of. */
const TOGETHER = new Set(['invariant', 'required']);

test('what the definitions allow is no unreadable FHIR and has no wrong code', () => {
  fc.assert(
    fc.property(resources, (resource) => {
      expect(check(resource).filter((issue) => !TOGETHER.has(issue.kind))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

describe('a resource damaged anywhere', () => {
  const junk = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      '',
      ' ',
      0,
      -1,
      1e300,
      true,
      [],
      {},
      [null],
      [[]],
      { a: 1 },
      { id: 'x' },
      '#',
      { reference: '#x' },
    ),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const places = (value: unknown): readonly [object, string][] =>
    typeof value !== 'object' || value === null
      ? []
      : Object.entries(value).flatMap(([name, each]) => [[value, name] as [object, string], ...places(each)]);

  test('is told about without an exception', () => {
    fc.assert(
      fc.property(resources, fc.nat(), junk, (resource, seed, value) => {
        const copy = JSON.parse(JSON.stringify(resource)) as object;
        const all = places(copy);
        const [node, name] = all[seed % all.length]!;
        Reflect.set(node, name, value);
        for (const issue of check(copy)) expect(issue.expression).toHaveLength(1);
      }),
      { numRuns: 1000 },
    );
  });

  test('is refused where a property comes that FHIR does not know', () => {
    fc.assert(
      fc.property(resources, fc.nat(), (resource, seed) => {
        const copy = JSON.parse(JSON.stringify(resource)) as object;
        const nodes = [copy, ...places(copy).map(([node]) => node)].filter((node) => !Array.isArray(node));
        Reflect.set(nodes[seed % nodes.length]!, 'nonesuch', 'x');
        expect(check(copy)[0]?.kind).toBe('malformed');
      }),
      { numRuns: 300 },
    );
  });
});

test('any value at all is judged without an exception', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(check(value).length).toBeGreaterThan(0);
    }),
  );
});
