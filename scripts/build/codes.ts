/** Which codes a value set of R4 holds, as far as they can be counted. https://hl7.org/fhir/R4/valueset.html#compositions */
import type { CodeSystem, CodeSystemConcept, ValueSet, ValueSetComposeInclude } from '@medplum/fhirtypes';
import type { Terminology } from './definitions.ts';

export type Codes = Readonly<Record<string, readonly string[]>>;

function codesBelow(concepts: readonly CodeSystemConcept[]): readonly string[] {
  return concepts.flatMap((concept) => [concept.code, ...codesBelow(concept.concept ?? [])]);
}

function codesOfSystem(system: CodeSystem | undefined): readonly string[] | undefined {
  return system?.content === 'complete' ? codesBelow(system.concept ?? []) : undefined;
}

function codesOf(include: ValueSetComposeInclude, terminology: Terminology): readonly string[] | undefined {
  // No required binding of R4 filters or imports; one that did would be left open rather than guessed.
  if (include.filter !== undefined || include.valueSet !== undefined) return undefined;
  if (include.concept !== undefined) return include.concept.map((concept) => concept.code);
  return codesOfSystem(terminology.codeSystems.get(include.system ?? ''));
}

/** Every code of the value set by system, or undefined where a part of it cannot be counted. */
export function enumerate(valueSet: ValueSet | undefined, terminology: Terminology): Codes | undefined {
  const { include, exclude } = valueSet?.compose ?? {};
  if (include === undefined || exclude !== undefined) return undefined;
  const codes: Record<string, readonly string[]> = {};
  for (const each of include) {
    const found = codesOf(each, terminology);
    if (found === undefined) return undefined;
    const system = each.system ?? '';
    codes[system] = [...(codes[system] ?? []), ...found];
  }
  return codes;
}
