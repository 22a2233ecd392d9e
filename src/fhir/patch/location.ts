/**
 * A place in a resource where FHIRPath finds an element: a member, or an item of a list. A primitive is two
 * things in JSON, its value and, under `_name`, its id and extensions; here they are one element
 * (https://hl7.org/fhir/R4/json.html#primitive).
 */
import { fail } from '../../core/failure.ts';
import { elementOf, keysOf, type Element } from './elements.ts';
import { isBranch, type Tree } from './tree.ts';

/** An object of the copy that is being patched; it may be changed. */
export type Holder = Record<string, Tree | undefined>;

export interface Location {
  readonly holder: Holder;
  /** The JSON name, with the type of a choice. */
  readonly key: string;
  /** Place in the list, where the element repeats. */
  readonly place: number | undefined;
  /** Data type, resource type or path of the definition. */
  readonly type: string;
  /** How it is defined; the resource itself is no element. */
  readonly element: Element | undefined;
}

export const beside = (key: string): string => `_${key}`;

export function own(holder: Holder, key: string): Tree | undefined {
  return Object.hasOwn(holder, key) ? holder[key] : undefined;
}

function partAt({ holder, place }: Location, key: string): Tree | undefined {
  const held = own(holder, key);
  if (place === undefined) return held;
  return Array.isArray(held) ? (held as readonly Tree[])[place] : undefined;
}

/** The value there; undefined or null for a primitive that has extensions only. */
export function valueAt(location: Location): Tree | undefined {
  return partAt(location, location.key);
}

/** Where the parts of the element are kept: in its value, for a primitive beside it. */
export function partsAt(location: Location): Holder | undefined {
  const value = valueAt(location);
  const parts = isBranch(value) ? value : partAt(location, beside(location.key));
  return isBranch(parts) ? (parts as Holder) : undefined;
}

/** The type by which the parts are defined: a resource inside tells its own. */
export function typeAt(location: Location): string {
  const told = location.type === 'Resource' ? own(partsAt(location) ?? {}, 'resourceType') : undefined;
  return typeof told === 'string' ? told : location.type;
}

/** How many items the list of that name has; undefined where it is no list. */
export function lengthOf(holder: Holder, key: string): number | undefined {
  const lists = [own(holder, key), own(holder, beside(key))].filter((part) => Array.isArray(part));
  return lists.length === 0 ? undefined : Math.max(...lists.map((list) => list.length));
}

function placesOf(holder: Holder, key: string): readonly (number | undefined)[] {
  const exists = own(holder, key) !== undefined || own(holder, beside(key)) !== undefined;
  if (!exists) return [];
  const length = lengthOf(holder, key);
  return length === undefined ? [undefined] : Array.from({ length }, (_, place) => place);
}

/** The elements of that name below the location. Throws a Failure (invalid) for a name that its type does not have. */
export function childrenOf(parent: Location, name: string): readonly Location[] {
  const type = typeAt(parent);
  const element = elementOf(type, name);
  if (element === undefined)
    return fail('invalid', `The path asks ${type} for an element that it does not have.`);
  const holder = partsAt(parent);
  if (holder === undefined) return [];
  return keysOf(element).flatMap(([key, of]) =>
    placesOf(holder, key).map((place) => ({ holder, key, place, type: of, element })),
  );
}
