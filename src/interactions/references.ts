/**
 * Which references may be stored: none that only a transaction could resolve, and none that leaves open whose
 * record the resource is part of (https://hl7.org/fhir/R4/references.html, https://hl7.org/fhir/R4/http.html#trules).
 */
import type { Resource } from '@medplum/fhirtypes';
import type { ResourceEntry } from '../catalog/define.ts';
import { fail } from '../core/failure.ts';
import { targetOf } from '../search/kinds/reference.ts';
import { textOf, valuesOf } from '../search/values.ts';

const CONDITIONAL = /"reference":"[A-Z][A-Za-z]*\?/;

/**
 * Refuses what could not be followed.
 * @param text the resource in JSON
 * @throws Failure `malformed` for a search in place of a reference, `business-rule` for a patient elsewhere
 */
export function checkReferences(
  entry: ResourceEntry,
  { resource, text, baseUrl }: { resource: Resource; text: string; baseUrl: string },
): void {
  if (CONDITIONAL.test(text)) {
    fail(
      'malformed',
      'A conditional reference (Type?query) is resolved in a transaction only; send a literal one.',
    );
  }
  for (const path of entry.patient) {
    for (const value of valuesOf(resource, [path])) {
      const reference = typeof value === 'string' ? undefined : textOf(value, 'reference');
      if (reference === undefined || isClear(resource, reference, baseUrl)) continue;
      fail(
        'business-rule',
        'The reference must name a type and an id; a patient must be one of this registry: Patient/[id].',
        [`${entry.type}.${path}`],
      );
    }
  }
}

/** Whether it is clear whose record the reference makes the resource part of: a patient's here, or nobody's. */
function isClear(resource: Resource, reference: string, baseUrl: string): boolean {
  if (reference.startsWith('#')) return typeOfContained(resource, reference.slice(1)) !== 'Patient';
  const target = targetOf(reference);
  if (target === undefined) return false;
  return target.type !== 'Patient' || target.server === '' || target.server === baseUrl;
}

const typeOfContained = (resource: Resource, id: string): string | undefined =>
  valuesOf(resource, ['contained'])
    .filter((each) => textOf(each, 'id') === id)
    .map((each) => textOf(each, 'resourceType'))[0];
