/** Values of records: texts that v2 has to escape, days, codes. */
import type { Coding } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { terminology } from '../../../src/terminology/load.ts';

export const ORGANIZATION = 'Organization/river';
export const OWN = 'https://fhir-iis.org/fhir/';
export const HL7 = 'http://terminology.hl7.org/CodeSystem/';
export const FHIR = 'http://hl7.org/fhir/StructureDefinition/';
export const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-';
export const table = (number: string): string => `${HL7}v2-${number}`;
export const SNOMED = 'http://snomed.info/sct';

/** What is there may be absent; what is absent is left out. */
export const some = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record<T, never>(model, { requiredKeys: [] });
/** Texts with everything that v2 has to escape; blanks at the ends mean nothing in v2. */
export const text = fc
  .string({
    unit: fc.constantFrom('a', 'b', 'Ä', 'é', '0', ' ', '-', '.', '|', '^', '~', '&', '\\', '\n', '漢'),
    minLength: 1,
    maxLength: 12,
  })
  .map((each) => `x${each}y`);
export const word = fc.stringMatching(/^[A-Z][a-zé'-]{1,8}[a-z]$/);
export const day = fc
  .date({ min: new Date('2015-01-01'), max: new Date('2026-10-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
export const instant = day.map((each) => `${each}T10:15:30-05:00`);
export const coded = (system: string, ...codes: readonly string[]): fc.Arbitrary<Coding> =>
  fc.constantFrom(...codes).map((code) => ({ system, code }));
export const concept = (system: string, ...codes: readonly string[]) =>
  coded(system, ...codes).map((each) => ({ coding: [each] }));
/** Codes of a set that messages may say. */
export const inSet = (set: string): string[] =>
  [...(terminology().sets.get(set)?.values() ?? [])]
    .filter(({ status }) => status === 'Valid')
    .map(({ code }) => code);
