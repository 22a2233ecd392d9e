import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { capabilityOf } from '../../src/catalog/capability.ts';
import { catalog } from '../../src/catalog/index.ts';

const statement = capabilityOf(catalog);
const rest = statement.rest?.[0];
const resources = rest?.resource ?? [];

const twice = (names: readonly (string | undefined)[]): readonly (string | undefined)[] =>
  names.filter((name, at) => names.indexOf(name) !== at);

describe('the CapabilityStatement', () => {
  test('is complete for an instance (cpb-14, R4 http.html#capabilities)', () => {
    expect(statement).toMatchObject({ kind: 'instance', status: 'active', fhirVersion: '4.0.1' });
    expect(statement.implementation?.description).toBeDefined();
    expect(statement.date).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  test('names no server unless it is told one', () => {
    expect(statement.implementation?.url).toBeUndefined();
    expect(capabilityOf(catalog, 'https://iis.example.org/fhir').implementation?.url).toBe(
      'https://iis.example.org/fhir',
    );
  });

  test('has the version of the package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect([statement.version, statement.software?.version]).toEqual([version, version]);
  });

  test('lists each type once (cpb-9), and in each type everything once (cpb-12)', () => {
    expect(twice(resources.map(({ type }) => type))).toEqual([]);
    for (const { interaction, searchParam, searchInclude, searchRevInclude, operation } of resources) {
      expect(twice(interaction?.map(({ code }) => code) ?? [])).toEqual([]);
      expect(twice(searchParam?.map(({ name }) => name) ?? [])).toEqual([]);
      expect(twice(operation?.map(({ name }) => name) ?? [])).toEqual([]);
      expect(twice([...(searchInclude ?? [])])).toEqual([]);
      expect(twice([...(searchRevInclude ?? [])])).toEqual([]);
    }
  });

  test('has no empty lists, which are not FHIR', () => {
    expect(JSON.stringify(statement)).not.toMatch(/\[\]|\{\}|null/);
  });

  test('says of a dose what US Core asks of a server', () => {
    const dose = resources.find(({ type }) => type === 'Immunization');
    expect(dose).toMatchObject({ versioning: 'versioned', updateCreate: false, conditionalDelete: 'single' });
    expect(dose?.supportedProfile).toEqual([
      'http://hl7.org/fhir/us/core/StructureDefinition/us-core-immunization',
      'https://fhir-iis.org/fhir/StructureDefinition/iis-immunization',
    ]);
    expect(dose?.searchParam?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['patient', 'date', 'status']),
    );
    expect(dose?.searchRevInclude).toContain('Provenance:target');
    expect(dose?.searchInclude).toContain('Immunization:patient');
  });

  test('says nothing of searching what cannot be searched', () => {
    for (const { interaction, searchParam, searchInclude } of resources) {
      const isSearched = interaction?.some(({ code }) => code === 'search-type');
      if (isSearched !== true) expect([searchParam, searchInclude]).toEqual([undefined, undefined]);
    }
  });
});
