/** The code tables as the FHIR resources that the registry publishes: CodeSystems, and the ConceptMaps between them. */
import type {
  CodeSystem as CodeSystemResource,
  CodeSystemConcept,
  CodeSystemProperty,
  ConceptMap as ConceptMapResource,
  ConceptMapGroup,
  ValueSet,
} from '@medplum/fhirtypes';
import type { CodeSystem, Concept, PropertyValue } from './code-system.ts';
import type { ConceptMap, Translation } from './concept-map.ts';
import { allCodesOf, type Library } from './library.ts';

type Published<T> = T & { readonly id: string };

/** A version that is no date says nothing of when the table changed. */
const dated = (version: string): { date?: string } =>
  /^\d{4}-\d\d-\d\d$/.test(version) ? { date: version } : {};

const head = ({ title, version, origin, licence }: CodeSystem | ConceptMap) => ({
  version,
  title,
  status: 'active' as const,
  experimental: false,
  ...dated(version),
  publisher: 'fhir-iis',
  description: `${title}. Origin: ${origin}.`,
  copyright: licence,
});

function properties(concept: Concept): NonNullable<CodeSystemConcept['property']> {
  const own = Object.entries(concept.properties ?? {}).flatMap(([code, value]) =>
    [value]
      .flat()
      .map((each: string | boolean) =>
        typeof each === 'boolean' ? { code, valueBoolean: each } : { code, valueString: each },
      ),
  );
  return concept.isInactive ? [{ code: 'inactive', valueBoolean: true }, ...own] : own;
}

type Below = ReadonlyMap<string | undefined, readonly Concept[]>;

function conceptOf(below: Below, concept: Concept): CodeSystemConcept {
  const { code, display, definition } = concept;
  const property = properties(concept);
  const children = below.get(code) ?? [];
  return {
    code,
    ...(display !== undefined && { display }),
    ...(definition !== undefined && { definition }),
    ...(property.length > 0 && { property }),
    ...(children.length > 0 && { concept: children.map((each) => conceptOf(below, each)) }),
  };
}

/** The concepts of a system, each inside the one above it. */
function nested({ concepts }: CodeSystem): CodeSystemConcept[] {
  const below = Map.groupBy([...concepts.values()], ({ parent }) => parent);
  return (below.get(undefined) ?? []).map((each) => conceptOf(below, each));
}

const INACTIVE: CodeSystemProperty = {
  code: 'inactive',
  uri: 'http://hl7.org/fhir/concept-properties#inactive',
  description: 'Not to be used for new records.',
  type: 'boolean',
};

function propertiesUsed({ concepts }: CodeSystem): CodeSystemProperty[] {
  const types = new Map<string, CodeSystemProperty['type']>();
  for (const { properties: own } of concepts.values())
    for (const [code, value] of Object.entries<PropertyValue>(own ?? {}))
      types.set(code, typeof value === 'boolean' ? 'boolean' : 'string');
  return [INACTIVE, ...[...types].map(([code, type]) => ({ code, type }))];
}

/** A code system as a resource. */
export function systemResource(system: CodeSystem & { readonly id: string }): Published<CodeSystemResource> {
  const { id, url, name, aliases, isComplete, concepts } = system;
  return {
    resourceType: 'CodeSystem',
    id,
    url,
    ...(aliases.length > 0 && {
      identifier: aliases.map((value) => ({ system: 'urn:ietf:rfc:3986', value })),
    }),
    name,
    ...head(system),
    caseSensitive: true,
    hierarchyMeaning: 'is-a',
    valueSet: allCodesOf(id),
    content: isComplete ? 'complete' : 'fragment',
    ...(isComplete && { count: concepts.size }),
    property: propertiesUsed(system),
    concept: nested(system),
  };
}

function allOf({ id, url, name, ...system }: CodeSystem & { readonly id: string }): Published<ValueSet> {
  const { copyright, ...rest } = head({ id, url, name, ...system });
  return {
    resourceType: 'ValueSet',
    id: `all-${id}`,
    url: allCodesOf(id),
    name: `All${name}`,
    ...rest,
    immutable: false,
    ...(copyright !== '' && { copyright }),
    compose: { include: [{ system: url }] },
  };
}

function groupOf(map: ConceptMap, target: string): ConceptMapGroup {
  const element = [...map.translations].flatMap(([code, all]) => {
    const some = all.filter(({ system }) => system === target);
    return some.length === 0 ? [] : [{ code, target: some.map(targetOf) }];
  });
  return { source: map.source, target, element };
}

const targetOf = ({ code, display, equivalence }: Translation) => ({
  code,
  ...(display !== undefined && { display }),
  equivalence,
  // R4 demands a word where a code stands for less than its source (cmd-1).
  ...(equivalence === 'narrower' && { comment: 'The source stands for several; the sender must say which.' }),
});

function mapResource(map: ConceptMap): Published<ConceptMapResource> {
  return {
    resourceType: 'ConceptMap',
    id: map.id,
    url: map.url,
    name: map.name,
    ...head(map),
    group: map.targets.map((target) => groupOf(map, target)),
  };
}

/** Every table and map as a resource, and a value set of all codes of each table. */
export function publications(
  library: Library,
): readonly Published<CodeSystemResource | ConceptMapResource | ValueSet>[] {
  const systems = new Set(library.systems.values());
  const own = [...systems].filter(
    (system): system is CodeSystem & { readonly id: string } => system.id !== undefined,
  );
  const tables = own.filter(({ origin }) => origin !== OURS);
  return [...tables.map(systemResource), ...own.map(allOf), ...[...library.maps.values()].map(mapResource)];
}
/** Code systems that are files of profiles/ are published as they are. */
const OURS = 'fhir-iis';
