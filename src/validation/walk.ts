/** The one way through a resource: every object and value of it is judged once, those of resources inside it too. */
import { definitions } from '../fhir/definitions.ts';
import type { Property, TypeDefinition } from '../fhir/element-table.ts';
import { checkBinding } from './binding.ts';
import { checkChoices, checkRequired } from './cardinality.ts';
import { isNode, report, type Findings, type Node } from './findings.ts';
import { checkInvariants } from './invariants.ts';
import { checkContained, checkReference, linksOf, type Links } from './links.ts';
import { checkPrimitive } from './primitive.ts';
import { checkStructure, isReadable } from './structure.ts';

export interface Scope extends Findings {
  /** Whether the resources in a Bundle or in Parameters are judged too. */
  readonly isWhole: boolean;
}

interface Walk extends Scope {
  readonly links: Links;
}

const UNDERSCORE = 0x5f;
const NO_CHOICE: readonly Property[] = [];

function definitionOf(type: string): TypeDefinition {
  const definition = definitions.get(type);
  if (definition === undefined) throw new Error(`build/elements.json does not define ${type}`);
  return definition;
}

const element = definitionOf('Element');

function visitComplex(walk: Walk, property: Property, node: Node): void {
  if (property.type !== 'Resource') visitObject(walk, definitionOf(property.type), node);
  else if (property.name === 'contained') visitResource(walk, node, walk.links);
  else if (walk.isWhole) visitResource(walk, node);
  if (property.type === 'Reference') checkReference(walk, walk.links, property, node);
}

/** One value of a property, or one of its list. */
function visitValue(walk: Walk, property: Property, value: unknown): void {
  if (property.isPrimitive) checkPrimitive(walk, property, value, walk.links);
  else if (isNode(value)) visitComplex(walk, property, value);
  checkBinding(walk, property, value);
}

/** The id and extensions beside a primitive value, or in its place. */
function visitSibling(walk: Walk, sibling: unknown, value: unknown): void {
  const hasValue = value !== undefined && value !== null;
  if (isNode(sibling)) visitObject(walk, element, sibling, hasValue);
}

/** Null keeps the place of a value that has only extensions, or of extensions that are not there. */
function checkPadding(walk: Walk, other: unknown, at: number): void {
  const counterpart: unknown = Array.isArray(other) ? other[at] : undefined;
  if (counterpart === undefined || counterpart === null)
    report(
      walk,
      'malformed',
      'Null stands in a list only where the list of extensions (or of values) has something at the same place.',
    );
}

function visitProperty(walk: Walk, property: Property, name: string, node: Node): void {
  const value = node[name];
  const isSibling = name !== property.name;
  const other = node[isSibling ? property.name : `_${name}`];
  const visit = (each: unknown, beside: unknown): void => {
    if (isSibling) visitSibling(walk, each, beside);
    else visitValue(walk, property, each);
  };
  if (!Array.isArray(value)) visit(value, other);
  else
    value.forEach((each, at) => {
      walk.place.push(at);
      if (each === null) checkPadding(walk, other, at);
      else visit(each, Array.isArray(other) ? other[at] : undefined);
      walk.place.pop();
    });
}

/** @returns the properties in it that are types of choices */
function visitProperties(walk: Walk, definition: TypeDefinition, node: Node): readonly Property[] {
  let chosen = NO_CHOICE;
  for (const name in node) {
    const property = definition.properties.get(name.charCodeAt(0) === UNDERSCORE ? name.slice(1) : name);
    if (property === undefined) continue;
    walk.place.push(property.element);
    visitProperty(walk, property, name, node);
    walk.place.pop();
    if (property.row.choice === true) chosen = [...chosen, property];
  }
  return chosen;
}

function isHollow(definition: TypeDefinition, node: Node): boolean {
  return !definition.isResource && node['id'] !== undefined && Object.keys(node).length === 1;
}

function visitObject(walk: Walk, definition: TypeDefinition, node: Node, hasValue = false): void {
  const chosen = visitProperties(walk, definition, node);
  if (chosen.length > 1) checkChoices(walk, chosen);
  checkRequired(walk, definition, node);
  checkInvariants(walk, definition.name, node);
  if (!hasValue && isHollow(definition, node))
    report(walk, 'invariant', 'ele-1: an element has a value or elements beside its id.');
}

/**
 * Notes everything wrong with a resource: of unsound structure only that, for no other check could rely on it.
 *
 * @param links those of the container, where the resource is contained
 */
export function visitResource(scope: Scope, resource: Node, links?: Links): void {
  const type = String(resource['resourceType']);
  if (!isReadable(type))
    report(scope, 'malformed', 'Resources of this type are not read here.', 'resourceType');
  if (!isReadable(type) || !checkStructure(scope, type, resource)) return;
  const walk = { ...scope, links: links ?? linksOf(resource) };
  visitObject(walk, definitionOf(type), resource);
  if (links === undefined) checkContained(walk, walk.links, resource);
}
