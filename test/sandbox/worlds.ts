/** Worlds made for the tests of the sandbox, and ways to look into them. */
import type { Immunization, Patient, Resource } from '@medplum/fhirtypes';
import { generate, type Step } from '../../src/sandbox/generate.ts';

export const TODAY = '2025-11-22';

export type RecordStep = Extract<Step, { kind: 'record' }>;

/** The first people of a world, organisations and all. */
export function world(seed: number, people: number, today = TODAY): readonly Step[] {
  return generate({ seed, people, today }).toArray();
}

export function recordsIn(steps: Iterable<Step>): readonly RecordStep[] {
  return [...steps].filter((step) => step.kind === 'record');
}

export function resourcesOf(step: Step): readonly Resource[] {
  return (step.bundle.entry ?? []).flatMap((entry) => entry.resource ?? []);
}

export function patientOf(step: Step): Patient {
  const patient = resourcesOf(step).find((resource) => resource.resourceType === 'Patient');
  if (patient === undefined) throw new Error('The record has no Patient');
  return patient;
}

export function dosesOf(step: Step): readonly Immunization[] {
  return resourcesOf(step).filter((resource) => resource.resourceType === 'Immunization');
}

/** Every text under the property `reference`. */
export function* referencesIn(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  for (const [name, part] of Object.entries(node)) {
    if (name === 'reference' && typeof part === 'string') yield part;
    else yield* referencesIn(part);
  }
}

/** Every coding, with the system that it names. */
export function* codingsIn(
  node: unknown,
): Generator<{ readonly system: string; readonly code: string; readonly display?: string }> {
  if (typeof node !== 'object' || node === null) return;
  const { system, code, display } = node as Record<string, unknown>;
  if (typeof system === 'string' && typeof code === 'string') {
    yield { system, code, ...(typeof display === 'string' && { display }) };
  }
  for (const part of Object.values(node)) yield* codingsIn(part);
}
