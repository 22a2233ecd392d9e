/**
 * SMART scopes, version 1 and 2, as data (SMART App Launch 2.2, "Scopes and Launch Context"): what one allows, and
 * how one is written.
 */
import type { QueryPair } from './context.ts';
import { pairsOf } from './query.ts';

export type Level = 'patient' | 'user' | 'system';
/** create, read, update, delete, search: in this order they are written. */
export type Permission = 'c' | 'r' | 'u' | 'd' | 's';

export interface Scope {
  readonly level: Level;
  /** A resource type, or `*` for any. */
  readonly type: string;
  readonly permissions: ReadonlySet<Permission>;
  /** Constraints on what it opens, all of which must hold: a search on the type. */
  readonly query: readonly QueryPair[];
}

const FORM = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]{1,63})\.([a-z]+|\*)(?:\?(.+))?$/;
const LETTERS = /^c?r?u?d?s?$/;
const VERSION_1: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };

/** Constraints are plain parameters: modifiers, chains and what steers an answer could widen a scope instead. */
const CONSTRAINT = /^[a-z][a-z-]{0,63}$/;

type Parts = readonly [word: string, level: Level, type: string, permissions: string, constraint?: string];

/** The scope that a word writes, or undefined for a word that is no resource scope. */
export function scopeOf(word: string): Scope | undefined {
  const match = FORM.exec(word);
  if (match === null) return undefined;
  const [, level, type, written, constraint] = match as unknown as Parts;
  const permissions = permissionsOf(written);
  if (permissions === undefined) return undefined;
  // Version 1 knows no constraints, and a constraint is made of one type's parameters; `*` has none of its own.
  if (constraint !== undefined && (Object.hasOwn(VERSION_1, written) || type === '*')) return undefined;
  const query = pairsOf(constraint ?? '');
  return query.every(isConstraint) ? { level, type, permissions, query } : undefined;
}

function permissionsOf(written: string): ReadonlySet<Permission> | undefined {
  const letters = Object.hasOwn(VERSION_1, written) ? (VERSION_1[written] ?? '') : written;
  return letters !== '' && LETTERS.test(letters) ? new Set(Array.from(letters) as Permission[]) : undefined;
}

const isConstraint = ([name, value]: QueryPair): boolean => CONSTRAINT.test(name) && value !== '';

/** The scopes of a token's `scope` claim; words that are none (`openid`, `launch`) are left out. */
export const scopesOf = (claim: string): Scope[] =>
  claim
    .split(' ')
    .map(scopeOf)
    .filter((scope) => scope !== undefined);

/** The scope as version 2 writes it. */
export function scopeText({ level, type, permissions, query }: Scope): string {
  const letters = Array.from('cruds')
    .filter((letter) => permissions.has(letter as Permission))
    .join('');
  const constraint = query.map(([name, value]) => `${name}=${plainly(value)}`).join('&');
  return `${level}/${type}.${letters}${constraint === '' ? '' : `?${constraint}`}`;
}

/** As it was asked for: only what would end the value or is no character of a scope (RFC 6749, 3.3) is encoded. */
const plainly = (value: string): string => value.replace(/[^!#$'-*,-[\]-~]/gu, encodeURIComponent);

/** Whether a scope opens a type for a permission, constraints aside. */
export const opens = (scope: Scope, type: string, permission: Permission): boolean =>
  (scope.type === '*' || scope.type === type) && scope.permissions.has(permission);
