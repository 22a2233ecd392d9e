import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StructureDefinition } from '@medplum/fhirtypes';
import { catalog } from '../../../src/catalog/index.ts';
import { library } from '../../../src/terminology/library.ts';
import { CONSTRAINTS } from '../../../src/validation/profile/constraints.ts';
import { profileFor, profiles } from '../../../src/validation/profile/profiles.ts';

const folder = join(import.meta.dirname, '../../../profiles/structure-definitions');
const definitions = readdirSync(folder).map(
  (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as StructureDefinition,
);
const elements = definitions.flatMap(({ differential }) => differential?.element ?? []);

describe('Our own profiles', () => {
  test('have a function for each of their constraints', () => {
    const keys = elements.flatMap(({ constraint = [] }) => constraint.map(({ key }) => key));
    expect([...new Set(keys)].sort()).toEqual(Object.keys(CONSTRAINTS).sort());
  });

  test('bind value sets that can be told', () => {
    const bound = elements.flatMap(({ binding }) => binding?.valueSet ?? []);
    expect(bound.length).toBeGreaterThan(10);
    expect(bound.filter((url) => library().members(url) === undefined)).toEqual([]);
  });

  test('stand for every profile that the catalog says is checked', () => {
    const promised = [...catalog.values()].flatMap(({ profiles: urls }) => urls);
    expect(promised.filter((url) => profileFor(url) === undefined)).toEqual([]);
  });

  test('are known with a version too, others not at all', () => {
    expect(profileFor('https://fhir-iis.org/fhir/StructureDefinition/iis-patient|0.1.0')?.type).toBe(
      'Patient',
    );
    expect(profileFor('http://example.org/StructureDefinition/theirs')).toBeUndefined();
  });

  test('are compiled once', () => {
    expect(profiles()).toBe(profiles());
  });
});
