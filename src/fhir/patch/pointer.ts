/** Where a JSON Pointer points in a tree: at own members and existing items only, never at what objects inherit (RFC 6901). */
import { Pointer } from 'rfc6902';
import { fail } from '../../core/failure.ts';
import { isBranch, type Tree } from './tree.ts';

/** Names by which a pointer could reach what every object inherits; rfc6902 steps over them, so they must not pass. */
const INHERITED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const BAD_ESCAPE = /~(?![01])/;
const INDEX = /^(?:0|[1-9]\d{0,9})$/;

/** The reference tokens of a pointer. Throws a Failure (invalid) for text that is none. */
export function tokensOf(pointer: string, where: string): readonly string[] {
  const wellFormed = (pointer === '' || pointer.startsWith('/')) && !BAD_ESCAPE.test(pointer);
  if (!wellFormed)
    fail('invalid', `${where} is not a JSON Pointer: it starts with "/" and writes "~" as "~0".`);
  const tokens = Pointer.fromJSON(pointer).tokens.slice(1);
  if (tokens.some((token) => INHERITED.has(token)))
    fail('invalid', `${where} points at a name that no resource has.`);
  return tokens;
}

function step(tree: Tree | undefined, token: string): Tree | undefined {
  if (!isBranch(tree)) return undefined;
  if (Array.isArray(tree)) return INDEX.test(token) ? (tree[Number(token)] as Tree | undefined) : undefined;
  return Object.hasOwn(tree, token) ? (tree as Record<string, Tree>)[token] : undefined;
}

/** The value that the tokens lead to; undefined where nothing is. */
export function valueAt(tree: Tree, tokens: readonly string[]): Tree | undefined {
  return tokens.reduce<Tree | undefined>(step, tree);
}

function takesItem(list: readonly unknown[], token: string): boolean {
  return token === '-' || (INDEX.test(token) && Number(token) <= list.length);
}

/** Whether a value can be put there: into an object, or into an array at an item or its end. */
export function hasRoom(tree: Tree, tokens: readonly string[]): boolean {
  const holder = valueAt(tree, tokens.slice(0, -1));
  if (Array.isArray(holder)) return takesItem(holder, tokens.at(-1) ?? '');
  return isBranch(holder);
}
