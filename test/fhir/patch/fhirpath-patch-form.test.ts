import { describe, expect, test } from '@jest/globals';
import type { Parameters, Resource } from '@medplum/fhirtypes';
import { applyFhirPathPatch } from '../../../src/fhir/patch/fhirpath-patch.ts';
import { named, patch, patched, patient, refusal } from './patches.ts';

describe('A value of the wrong type is refused', () => {
  const wrong: readonly [name: string, path: string, element: string, value: object][] = [
    ['an object for a primitive', 'Patient', 'birthDate', { valuePeriod: { start: '2020' } }],
    ['a primitive for an object', 'Patient', 'maritalStatus', { valueString: 'single' }],
    ['another data type', 'Patient', 'maritalStatus', { valueCoding: { code: 'S' } }],
    ['a type that the choice does not have', 'Patient', 'deceased', { valueString: 'yes' }],
    ['parts for a primitive', 'Patient', 'birthDate', { part: [{ name: 'value', valueDate: '2020' }] }],
    [
      'an unknown part of an anonymous element',
      'Patient',
      'contact',
      { part: [{ name: 'colour', valueCode: 'red' }] },
    ],
    [
      'one part twice where it does not repeat',
      'Patient',
      'contact',
      {
        part: [
          { name: 'gender', valueCode: 'male' },
          { name: 'gender', valueCode: 'male' },
        ],
      },
    ],
    ['an unknown element', 'Patient', 'colour', { valueCode: 'red' }],
    ['what objects inherit', 'Patient', 'constructor', { valueCode: 'red' }],
  ];

  test.each(wrong)('%s', (_name, path, name, value) => {
    expect(refusal(patient({}), patch({ type: 'add', path, name, value })).kind).toBe('invalid');
  });
});

describe('A body that is no FHIRPath Patch is malformed', () => {
  const path = 'Patient.birthDate';
  const malformed: readonly [name: string, parameters: unknown][] = [
    ['another resource', { resourceType: 'Patient' }],
    ['a parameter of another name', { resourceType: 'Parameters', parameter: [{ name: 'op' }] }],
    ['a list that is none', { resourceType: 'Parameters', parameter: { name: 'operation' } }],
    ['an operation without type', patch({ path })],
    ['an unknown type', patch({ type: 'copy', path })],
    ['an inherited name for a type', patch({ type: 'constructor', path })],
    ['no path', patch({ type: 'delete' })],
    ['an add without name', patch({ type: 'add', path: 'Patient', value: { valueCode: 'x' } })],
    ['a replace without value', patch({ type: 'replace', path })],
    ['a value without content', patch({ type: 'replace', path, value: {} })],
    [
      'a value of two types',
      patch({ type: 'replace', path, value: { valueDate: '2020', valueString: 'x' } }),
    ],
    ['a place below 0', patch({ type: 'insert', path, index: -1, value: { valueDate: '2020' } })],
    ['a move without source', patch({ type: 'move', path, destination: 0 })],
    ['a part that the type does not take', patch({ type: 'delete', path, index: 0 })],
    [
      'a part twice',
      {
        resourceType: 'Parameters',
        parameter: [
          {
            name: 'operation',
            part: [
              { name: 'type', valueCode: 'delete' },
              { name: 'path', valueString: path },
              { name: 'path', valueString: path },
            ],
          },
        ],
      },
    ],
  ];

  test.each(malformed)('%s', (_name, parameters) => {
    expect(refusal(patient({ birthDate: '2020' }), parameters as Parameters).kind).toBe('malformed');
  });
});

describe('A FHIRPath Patch as a whole', () => {
  test('without operations leaves the resource as it is', () => {
    const before = named('a', 'b');
    expect(applyFhirPathPatch(before as Resource, { resourceType: 'Parameters' })).toEqual(before);
  });

  test('does all or nothing, and never changes what it was given', () => {
    const before = named('a', 'b');
    const text = JSON.stringify(before);
    refusal(
      before,
      patch(
        { type: 'delete', path: 'Patient.identifier[0]' },
        { type: 'replace', path: 'Patient.gender', value: { valueCode: 'male' } },
      ),
    );
    expect(JSON.stringify(before)).toBe(text);
  });

  test('may not change id, version or time of the last change', () => {
    const before = patient({ id: 'p', meta: { versionId: '1', lastUpdated: '2020-01-01T00:00:00Z' } });
    const paths = ['Patient.id', 'Patient.meta', 'Patient.meta.versionId', 'Patient.meta.lastUpdated'];
    for (const path of paths) expect(refusal(before, patch({ type: 'delete', path })).kind).toBe('invalid');
  });

  test('keeps the digits of decimals, its own and those it passes over', () => {
    const kept = (text: string): unknown => JSON.rawJSON(text);
    const before = {
      resourceType: 'Immunization',
      doseQuantity: { value: kept('0.50') },
      extension: [{ url: 'urn:a', valueDecimal: kept('1.0') }],
    };
    const after = patched(
      before,
      { type: 'replace', path: 'Immunization.extension[0].value', value: { valueDecimal: kept('2.500') } },
      { type: 'add', path: 'Immunization.doseQuantity', name: 'unit', value: { valueString: 'mL' } },
      { type: 'delete', path: 'Immunization.extension.where(value > 2.6)' },
    );
    expect(JSON.stringify(after)).toBe(
      '{"resourceType":"Immunization","doseQuantity":{"value":0.50,"unit":"mL"},"extension":[{"url":"urn:a","valueDecimal":2.500}]}',
    );
  });
});
