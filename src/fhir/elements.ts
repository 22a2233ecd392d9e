/**
 * Which part of a resource an answer shows: `_summary` and `_elements`.
 * https://hl7.org/fhir/R4/search.html#summary and https://hl7.org/fhir/R4/search.html#elements
 */
import { definitions } from './definitions.ts';
import type { ElementRow, TypeDefinition } from './element-table.ts';

const SUMMARIES = ['true', 'text', 'data', 'count', 'false'] as const;
export type Summary = (typeof SUMMARIES)[number];

/** What was asked for. Of a count no resource is shown at all: the search sees to that. */
export interface Selection {
  readonly summary?: Summary;
  /** Names of elements at the top of the resource, choices with or without `[x]`. */
  readonly elements?: readonly string[];
}

type Node = Readonly<Record<string, unknown>>;
type Keeps = (element: string, row: ElementRow) => boolean;

interface Cut {
  readonly keeps: Keeps;
  /** Whether elements with elements of their own are cut in their turn. What is asked for by name is shown whole. */
  readonly isDeep: boolean;
}

/** Tells a reader that writing the resource back would lose what is not shown. */
const SUBSETTED = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
  display: 'subsetted',
};

export function isSummary(text: string): text is Summary {
  return (SUMMARIES as readonly string[]).includes(text);
}

/** Whether R4 gives the resource type an element of this name, or any type has it where none is named. */
export function hasElement(type: string | undefined, name: string): boolean {
  if (type !== undefined) return Object.hasOwn(definitions.get(type)?.elements ?? {}, name);
  return [...definitions.resources].some((each) => hasElement(each, name));
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Without these a resource could be misread. */
const isIndispensable = (row: ElementRow): boolean => row.required === true || row.modifier === true;

/** `name.family` and `deceased[x]` are shown as the whole elements that they are or are part of. */
function topOf(name: string): string {
  return name.replace('[x]', '').replace(/\..*/, '');
}

function cutOf({ summary, elements }: Selection): Cut | undefined {
  if (elements !== undefined) {
    const asked = new Set(elements.map(topOf));
    return { keeps: (element, row) => asked.has(element) || isIndispensable(row), isDeep: false };
  }
  if (summary === 'true')
    return { keeps: (_element, row) => row.summary === true || isIndispensable(row), isDeep: true };
  if (summary === 'text')
    return { keeps: (element, row) => element === 'text' || row.required === true, isDeep: false };
  return summary === 'data' ? { keeps: (element) => element !== 'text', isDeep: false } : undefined;
}

/** Values of data types stay whole. */
function cutInner(value: unknown, definition: TypeDefinition | undefined, how: Cut): unknown {
  if (!how.isDeep || definition?.name.includes('.') !== true) return value;
  if (Array.isArray(value)) return value.map((each) => cutInner(each, definition, how));
  return isNode(value) ? cut(value, definition, how) : value;
}

function cut(node: Node, definition: TypeDefinition, how: Cut): Node {
  const kept = Object.entries(node).flatMap(([name, value]): [string, unknown][] => {
    const property = definition.properties.get(name.startsWith('_') ? name.slice(1) : name);
    if (property === undefined) return name === 'resourceType' ? [[name, value]] : [];
    const isAlways = property.element === 'id' || property.element === 'meta';
    if (!isAlways && !how.keeps(property.element, property.row)) return [];
    return [[name, cutInner(value, definitions.get(property.type), how)]];
  });
  return Object.fromEntries(kept);
}

const isTag = (tag: unknown): boolean =>
  isNode(tag) && tag['code'] === SUBSETTED.code && tag['system'] === SUBSETTED.system;

const tagsOf = ({ meta }: Node): readonly unknown[] =>
  isNode(meta) && Array.isArray(meta['tag']) ? meta['tag'] : [];

/** Whether the resource says of itself that parts of it are missing. */
export const isSubsetted = (resource: object): boolean => tagsOf(resource as Node).some(isTag);

/** The resource, saying of itself that parts of it are missing. */
export function subsetted(resource: Node): Node {
  const { resourceType, id, meta: old, ...rest } = resource;
  const meta = isNode(old) ? old : {};
  const others = tagsOf(resource).filter((tag) => !isTag(tag));
  const head = id === undefined ? { resourceType } : { resourceType, id };
  return { ...head, meta: { ...meta, tag: [...others, SUBSETTED] }, ...rest };
}

/** Whether the selection shows less than the whole resource, which then has to be parsed and cut. */
export function isPartial(selection: Selection): boolean {
  return cutOf(selection) !== undefined;
}

/**
 * The resource as the selection shows it: `id`, `meta`, what is mandatory and (save for `text`) what modifies
 * always stay, and the tag SUBSETTED is added. The resource itself where all of it is asked for.
 */
export function select(resource: Node, selection: Selection): Node {
  const how = cutOf(selection);
  const definition = definitions.get(String(resource['resourceType']));
  return how === undefined || definition === undefined ? resource : subsetted(cut(resource, definition, how));
}
