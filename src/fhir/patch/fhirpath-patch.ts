/** FHIRPath Patch of a resource (https://hl7.org/fhir/R4/fhirpatch.html). */
import type { Parameters, Resource } from '@medplum/fhirtypes';
import { fail } from '../../core/failure.ts';
import { insertItem, moveItem, removeAt, replaceAt, setMember } from './edit.ts';
import { keysOf, type Element } from './elements.ts';
import { withoutEmptied } from './emptied.ts';
import { keepsIdentity } from './identity.ts';
import { beside, lengthOf, own, partsAt, typeAt, valueAt, type Holder, type Location } from './location.ts';
import {
  operationsOf,
  type Add,
  type Delete,
  type Insert,
  type Move,
  type PatchOperation,
  type Replace,
} from './operation.ts';
import { seal, unseal } from './tree.ts';
import { contentFor, elementNamed, type Content } from './value.ts';
import { placesOf, type Walk } from './walk.ts';

/** Elements judged by where() in one patch, each counted by its values and the parts of the criteria. */
const MAX_EFFORT = 1_000_000;

function only(places: readonly Location[], where: string): Location {
  const [place, ...more] = places;
  if (place === undefined) return fail('invalid', `${where}: its path selects nothing in the resource.`);
  return more.length === 0
    ? place
    : fail('invalid', `${where}: its path selects several elements, it must select one.`);
}

/** Whether the places are all there is in one list. */
function listOf(places: readonly Location[], where: string): Location {
  const [first] = places;
  if (first === undefined)
    return fail('invalid', `${where}: its path selects nothing in the resource; to begin a list, use add.`);
  const whole =
    places.length === lengthOf(first.holder, first.key) &&
    places.every(({ holder, key }) => holder === first.holder && key === first.key);
  return whole ? first : fail('invalid', `${where}: its path must select one list, whole.`);
}

/** Where the parts of the element go; a primitive gets a place beside it for them. */
function holderIn(location: Location): Holder {
  const parts = partsAt(location);
  if (parts !== undefined) return parts;
  const made: Holder = {};
  const value = valueAt(location);
  replaceAt(location, { key: location.key, value, beside: made as Content['beside'] });
  return made;
}

function exists(holder: Holder, element: Element): boolean {
  return keysOf(element).some(
    ([key]) => own(holder, key) !== undefined || own(holder, beside(key)) !== undefined,
  );
}

function add(operation: Add, walk: Walk): void {
  const { where } = operation;
  const target = only(placesOf(operation.path, walk), where);
  const element = elementNamed(typeAt(target), operation.name);
  if (element === undefined)
    return fail('invalid', `${where}: ${typeAt(target)} has no element of that name.`);
  const content = contentFor(element, operation.value, where);
  const holder = holderIn(target);
  if (element.list === true) insertItem(holder, content, lengthOf(holder, content.key) ?? 0);
  else if (exists(holder, element))
    fail('invalid', `${where}: ${element.name} is there already; use replace.`);
  else setMember(holder, content);
}

function definitionOf(location: Location, where: string): Element {
  return (
    location.element ??
    fail('invalid', `${where}: its path selects the resource itself; it must select an element in it.`)
  );
}

/** A list may be edited by place only where the element repeats: that a list is there says so. */
function insert(operation: Insert, walk: Walk): void {
  const { where, index } = operation;
  const list = listOf(placesOf(operation.path, walk), where);
  if (index > (lengthOf(list.holder, list.key) ?? 0))
    fail('invalid', `${where}: its index is beyond the end of the list.`);
  insertItem(list.holder, contentFor(definitionOf(list, where), operation.value, where), index);
}

function remove(operation: Delete, walk: Walk): void {
  const places = placesOf(operation.path, walk);
  if (places.length === 0) return;
  const place = only(places, operation.where);
  definitionOf(place, operation.where);
  removeAt(place);
}

function replace(operation: Replace, walk: Walk): void {
  const { where } = operation;
  const place = only(placesOf(operation.path, walk), where);
  replaceAt(place, contentFor(definitionOf(place, where), operation.value, where));
}

function move(operation: Move, walk: Walk): void {
  const { where, source, destination } = operation;
  const { holder, key } = listOf(placesOf(operation.path, walk), where);
  const last = (lengthOf(holder, key) ?? 0) - 1;
  if (source > last || destination > last)
    fail('invalid', `${where}: source and destination must be places in the list.`);
  moveItem(holder, key, source, destination);
}

function perform(operation: PatchOperation, walk: Walk): void {
  switch (operation.type) {
    case 'add':
      add(operation, walk);
      break;
    case 'insert':
      insert(operation, walk);
      break;
    case 'delete':
      remove(operation, walk);
      break;
    case 'replace':
      replace(operation, walk);
      break;
    case 'move':
      move(operation, walk);
      break;
  }
}

/**
 * The resource after the operations, all of them, in order; the one given is left as it is. Elements that lose
 * their last part are left out. The result is not yet validated.
 *
 * Throws a Failure: malformed for what is no FHIRPath Patch, invalid where a path does not select what its
 * operation needs, a value has the wrong type or identity would change, too-large beyond 1,000 operations,
 * too-costly where criteria judge too much.
 */
export function applyFhirPathPatch(resource: Resource, parameters: Parameters): Resource {
  const operations = operationsOf(seal(parameters));
  const before = seal(resource);
  const holder: Holder = { resource: seal(resource) };
  const root: Location = {
    holder,
    key: 'resource',
    place: undefined,
    type: resource.resourceType,
    element: undefined,
  };
  const walk: Walk = { root, effort: { left: MAX_EFFORT } };
  for (const operation of operations) perform(operation, walk);
  const after = withoutEmptied(holder['resource'] ?? null);
  keepsIdentity(before, after);
  return unseal(after) as Resource;
}
