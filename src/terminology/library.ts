/**
 * Everything the terminology operations and the bindings of profiles are answered from: the code tables, HL7's code
 * systems, and the CodeSystems and ValueSets of profiles/.
 */
import type { CodeSystem as CodeSystemResource, CodeSystemConcept, ValueSet } from '@medplum/fhirtypes';
import { definitions } from '../fhir/definitions.ts';
import { readDefinitions, TABLES_FOLDER } from '../fhir/profile-files.ts';
import { byUri, type CodeSystem, type CodeSystems, type Concept } from './code-system.ts';
import { mapsOfTables, type ConceptMap } from './concept-map.ts';
import { readHl7Systems } from './hl7.ts';
import { terminology } from './load.ts';
import { systemsOfTables } from './tables.ts';
import { membersOf, type Members } from './value-set.ts';

export interface Library {
  readonly systems: CodeSystems;
  readonly valueSets: ReadonlyMap<string, ValueSet>;
  readonly maps: ReadonlyMap<string, ConceptMap>;
  /** What is in a value set; undefined where the set or a part of it is not known here. */
  readonly members: (valueSet: string) => Members | undefined;
}

function flattened(concepts: readonly CodeSystemConcept[], parent?: string): readonly Concept[] {
  return concepts.flatMap(({ code, display, definition, concept = [] }) => [
    {
      code,
      ...(display !== undefined && { display }),
      ...(definition !== undefined && { definition }),
      ...(parent !== undefined && { parent }),
    },
    ...flattened(concept, code),
  ]);
}

function ownSystem(resource: CodeSystemResource): CodeSystem {
  return {
    url: resource.url ?? '',
    ...(resource.id !== undefined && { id: resource.id }),
    name: resource.name ?? '',
    title: resource.title ?? '',
    version: resource.version ?? '',
    isComplete: true,
    origin: 'fhir-iis',
    licence: resource.copyright ?? 'Apache-2.0',
    aliases: [],
    concepts: new Map(flattened(resource.concept ?? []).map((concept) => [concept.code, concept])),
  };
}

/** Where two sources list one system, the first names it and its codes, and the others add those they have beside. */
function joined(systems: readonly CodeSystem[]): readonly CodeSystem[] {
  return [...Map.groupBy(systems, ({ url }) => url).values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const more = others.flatMap((other) => [...other.concepts]).filter(([code]) => !first.concepts.has(code));
    if (more.length === 0) return [first];
    return [{ ...first, concepts: new Map([...first.concepts, ...more]) }];
  });
}

/** The value sets that R4 itself demands somewhere; their codes are in the table of elements. */
function requiredByR4(): readonly ValueSet[] {
  return Object.entries(definitions.codes).map(([url, systems]) => ({
    resourceType: 'ValueSet',
    url,
    status: 'active',
    compose: {
      include: Object.entries(systems).map(([system, codes]) => ({
        system,
        concept: codes.map((code) => ({ code })),
      })),
    },
  }));
}

/** All codes of a system, under the canonical that its publisher gives them: ours, where that is us. */
function allOf({ url, id, valueSet, title, version }: CodeSystem): readonly ValueSet[] {
  const canonical = id === undefined ? valueSet : allCodesOf(id);
  if (canonical === undefined) return [];
  const compose = { include: [{ system: url }] };
  return [{ resourceType: 'ValueSet', url: canonical, version, title, status: 'active', compose }];
}

/** The value set of all codes of a system that is published here. */
export const allCodesOf = (id: string): string => `https://fhir-iis.org/fhir/ValueSet/all-${id}`;

function read(): Library {
  const tables = terminology();
  const systems = joined([
    ...(readDefinitions('code-systems') as CodeSystemResource[]).map(ownSystem),
    ...readHl7Systems(TABLES_FOLDER),
    ...systemsOfTables(tables),
  ]);
  const valueSets = [
    ...requiredByR4(),
    ...systems.flatMap(allOf),
    ...(readDefinitions('value-sets') as ValueSet[]),
  ];
  const sources = {
    systems: byUri(systems),
    valueSets: new Map(valueSets.map((each) => [each.url ?? '', each])),
  };
  const known = new Map<string, Members | undefined>();
  return {
    ...sources,
    maps: new Map(mapsOfTables(tables).map((map) => [map.url, map])),
    members: (canonical) => {
      const url = canonical.split('|')[0] ?? '';
      const valueSet = sources.valueSets.get(url);
      if (valueSet === undefined) return undefined;
      if (!known.has(url)) known.set(url, membersOf(sources, valueSet));
      return known.get(url);
    },
  };
}

let shipped: Library | undefined;

/** The library shipped with the server, read when first asked for; readonly, so all askers share it. */
export function library(): Library {
  shipped ??= read();
  return shipped;
}
