/**
 * What is left of an element when a patch took its last part: nothing, because FHIR JSON has neither empty
 * objects nor empty arrays (https://hl7.org/fhir/R4/json.html#object).
 */
import { isBranch, type Tree } from './tree.ts';

const isNothing = (tree: Tree | undefined): boolean =>
  tree === undefined || (isBranch(tree) && Object.keys(tree).length === 0);

/** Extensions of repeating primitives stand at the place of their value; an emptied one leaves null there. */
function keepingPlaces(items: readonly Tree[]): readonly Tree[] {
  const kept = items.map((item) => (isNothing(item) ? null : item));
  return kept.every((item) => item === null) ? [] : kept;
}

function itemsOf(name: string, items: readonly Tree[]): readonly Tree[] {
  const left = items.map((item) => withoutEmptied(item));
  return name.startsWith('_') ? keepingPlaces(left) : left.filter((item) => !isNothing(item));
}

/** The tree without empty objects and arrays, and without what they leave empty in turn; `name` is the tree's own. */
export function withoutEmptied(tree: Tree, name = ''): Tree {
  if (Array.isArray(tree)) return itemsOf(name, tree as readonly Tree[]);
  if (!isBranch(tree)) return tree;
  const parts = Object.entries(tree as Readonly<Record<string, Tree>>);
  const left = parts.map(([key, part]) => [key, withoutEmptied(part, key)] as const);
  return Object.fromEntries(left.filter(([, part]) => !isNothing(part)));
}
