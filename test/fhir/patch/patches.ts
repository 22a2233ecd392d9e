/** Writes FHIRPath Patches and applies them, for the tests of this folder. */
import type { Parameters, Resource } from '@medplum/fhirtypes';
import { Failure } from '../../../src/core/failure.ts';
import { applyFhirPathPatch } from '../../../src/fhir/patch/fhirpath-patch.ts';

export type Parts = Readonly<Record<string, unknown>>;
const NAMES = { type: 'valueCode', path: 'valueString', name: 'valueString' } as Readonly<
  Record<string, string>
>;

/** Writes `{ type: 'add', path: 'Patient', name: 'gender', value: { valueCode: 'male' } }` as a parameter. */
function operation(parts: Parts): unknown {
  const part = Object.entries(parts).map(([name, said]) =>
    name === 'value' ? { name, ...(said as object) } : { name, [NAMES[name] ?? 'valueInteger']: said },
  );
  return { name: 'operation', part };
}

export const patch = (...operations: Parts[]): Parameters =>
  ({ resourceType: 'Parameters', parameter: operations.map(operation) }) as unknown as Parameters;

export const patched = (resource: unknown, ...operations: Parts[]): unknown =>
  applyFhirPathPatch(resource as Resource, patch(...operations));

export function refusal(resource: unknown, parameters: Parameters): Failure {
  try {
    applyFhirPathPatch(resource as Resource, parameters);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('The patch was taken.');
}

export const patient = (parts: object): unknown => ({ resourceType: 'Patient', ...parts });
export const named = (...values: string[]): unknown =>
  patient({ identifier: values.map((value) => ({ system: 'urn:x', value })) });
