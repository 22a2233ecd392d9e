/**
 * The edits of a FHIRPath Patch, each at a place already found; lists of primitives keep their values and what
 * stands beside them in step (https://hl7.org/fhir/R4/json.html#primitive).
 */
import { beside, lengthOf, own, type Holder, type Location } from './location.ts';
import type { Tree } from './tree.ts';
import type { Content } from './value.ts';

function items(holder: Holder, key: string, length: number): (Tree | null)[] {
  const list = own(holder, key);
  const held: readonly Tree[] = Array.isArray(list) ? (list as readonly Tree[]) : [];
  return Array.from({ length }, (_, place) => held[place] ?? null);
}

type Item = readonly [value: Tree, beside: Tree];

/** Reads both lists as one, lets the edit change it, writes both. */
function editList(holder: Holder, key: string, edit: (list: Item[]) => void): void {
  const length = lengthOf(holder, key) ?? 0;
  const [values, parts] = [items(holder, key, length), items(holder, beside(key), length)];
  const list = values.map((value, place): Item => [value, parts[place] ?? null]);
  edit(list);
  write(
    holder,
    key,
    list.map(([value]) => value),
  );
  write(
    holder,
    beside(key),
    list.map(([, part]) => part),
  );
}

function write(holder: Holder, key: string, list: readonly Tree[]): void {
  if (list.some((item) => item !== null)) holder[key] = list;
  else Reflect.deleteProperty(holder, key);
}

const itemOf = (content: Content): Item => [content.value ?? null, content.beside ?? null];

/** Puts an item into a list, which may not be there yet. */
export function insertItem(holder: Holder, content: Content, place: number): void {
  editList(holder, content.key, (list) => list.splice(place, 0, itemOf(content)));
}

export function moveItem(holder: Holder, key: string, source: number, destination: number): void {
  editList(holder, key, (list) => list.splice(destination, 0, ...list.splice(source, 1)));
}

/** Puts the content where no list is. */
export function setMember(holder: Holder, content: Content): void {
  if (content.value !== undefined) holder[content.key] = content.value;
  if (content.beside !== undefined) holder[beside(content.key)] = content.beside;
}

export function removeAt({ holder, key, place }: Location): void {
  if (place !== undefined) {
    editList(holder, key, (list) => list.splice(place, 1));
    return;
  }
  Reflect.deleteProperty(holder, key);
  Reflect.deleteProperty(holder, beside(key));
}

/** The new content stands where the old was, and takes over none of its parts. */
export function replaceAt(location: Location, content: Content): void {
  const { holder, key, place } = location;
  if (place !== undefined) {
    editList(holder, key, (list) => list.splice(place, 1, itemOf(content)));
    return;
  }
  if (key !== content.key || content.value === undefined) Reflect.deleteProperty(holder, key);
  Reflect.deleteProperty(holder, beside(key));
  setMember(holder, content);
}
