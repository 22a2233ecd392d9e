/**
 * The JSON tree that a patch works on: a copy whose decimals are sealed as symbols. Everything that copies
 * JSON, and rfc6902 too, hands symbols on untouched, but would take a raw number apart into a plain object.
 */
import { fail } from '../../core/failure.ts';
import { isKeptNumber, JSON_LIMITS } from '../json.ts';

export type Tree =
  null | boolean | number | string | symbol | readonly Tree[] | { readonly [name: string]: Tree };

/** As an own member this name would be lost or change what an object inherits. */
const UNSAFE = '__proto__';

/** Whether the value has members or items. */
export function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function tooDeep(): never {
  return fail('invalid', `The patch nests elements more than ${JSON_LIMITS.depth} deep.`);
}

/** A copy that shares nothing with the value, decimals sealed. Throws a Failure (invalid) when it is too deep. */
export function seal(value: unknown, depth = 0): Tree {
  if (depth > JSON_LIMITS.depth) tooDeep();
  if (!isBranch(value)) return value as Tree;
  if (isKeptNumber(value)) return Symbol(value.rawJSON);
  if (Array.isArray(value)) return value.map((item) => seal(item, depth + 1));
  if (Object.hasOwn(value, UNSAFE)) fail('invalid', `The patch has a member named "${UNSAFE}".`);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, seal(part, depth + 1)]));
}

/** The tree with its decimals as they were before seal(), digit for digit. */
export function unseal(tree: Tree): unknown {
  if (typeof tree === 'symbol') return JSON.rawJSON(tree.description ?? '0');
  if (!isBranch(tree)) return tree;
  if (Array.isArray(tree)) return tree.map(unseal);
  return Object.fromEntries(Object.entries(tree).map(([name, part]) => [name, unseal(part)]));
}

/** How many values the tree has. Throws a Failure (invalid) where its deepest would lie too deep below `depth`. */
export function weigh(tree: Tree, depth: number): number {
  if (depth > JSON_LIMITS.depth) tooDeep();
  if (!isBranch(tree)) return 1;
  return Object.values(tree).reduce<number>((sum, part: Tree) => sum + weigh(part, depth + 1), 1);
}
