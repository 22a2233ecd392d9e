/**
 * What is granted of the scopes that a client asks for: what both it and its user may have, and no more (SMART App
 * Launch 2.2, "Scopes and Launch Context"; RFC 6749, 3.3).
 */
import { scopeOf, scopeText, type Level, type Permission, type Scope } from '../../core/scopes.ts';

/** Scopes that open no resources. */
export const LAUNCH_SCOPES = [
  'openid',
  'fhirUser',
  'profile',
  'offline_access',
  'online_access',
  'launch',
  'launch/patient',
] as const;
const KNOWN: ReadonlySet<string> = new Set(LAUNCH_SCOPES);

/** A request for scopes, read; or why it cannot be. */
export type Asked =
  { readonly words: readonly Word[]; readonly others: readonly string[] } | { readonly fault: string };

interface Word {
  readonly scope: Scope;
  /** A version 1 word is answered in version 1 where that says the same. */
  readonly version1: boolean;
}

const LIKE_A_SCOPE = /^(patient|user|system)\//;
const VERSION_1 = /\.(read|write|\*)$/;

/** Reads the words of a request; unknown ones that open nothing are left out (RFC 6749, 3.3). */
export function askedFor(text: string): Asked {
  const words = [...new Set(text.split(' ').filter((word) => word !== ''))];
  const read = words
    .filter((word) => LIKE_A_SCOPE.test(word))
    .map((word) => ({ word, scope: scopeOf(word) }));
  if (read.some(({ scope }) => scope === undefined)) {
    return {
      fault: 'a resource scope is not of the form patient|user|system/Type.cruds, letters in this order',
    };
  }
  const scopes = read.flatMap(({ word, scope }): Word[] =>
    scope === undefined ? [] : [{ scope, version1: VERSION_1.test(word) }],
  );
  if (new Set(scopes.map(({ scope }) => scope.level)).size > 1) {
    return { fault: 'patient, user and system scopes cannot be in one token' };
  }
  return { words: scopes, others: words.filter((word) => KNOWN.has(word)) };
}

/** The one level of a request's resource scopes. */
export const levelOf = (words: readonly Word[]): Level | undefined => words[0]?.scope.level;

/** The words that are left of some scopes under a ceiling, itself scope words. */
export function narrow(words: readonly Word[], ceiling: string): readonly Word[] {
  const limits = ceiling
    .split(' ')
    .map(scopeOf)
    .filter((scope) => scope !== undefined);
  const met = words.flatMap(({ scope, version1 }) =>
    limits.flatMap((limit) => {
      const both = meet(scope, limit);
      return both === undefined ? [] : [{ scope: both, version1 }];
    }),
  );
  return merged(met);
}

/** What both scopes open; undefined for nothing. */
function meet(a: Scope, b: Scope): Scope | undefined {
  if (a.level !== b.level || !(a.type === '*' || b.type === '*' || a.type === b.type)) return undefined;
  const permissions = a.permissions.intersection(b.permissions);
  if (permissions.size === 0) return undefined;
  const type = a.type === '*' ? b.type : a.type;
  const query = unique([...a.query, ...b.query]);
  // A constraint is of one type's parameters.
  return type === '*' && query.length > 0 ? undefined : { level: a.level, type, permissions, query };
}

const unique = (pairs: Scope['query']): Scope['query'] => [
  ...new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values(),
];

/** Scopes that differ in permissions alone become one. */
function merged(words: readonly Word[]): readonly Word[] {
  const byPlace = Map.groupBy(words, ({ scope: { level, type, query }, version1 }) =>
    JSON.stringify([level, type, query, version1]),
  );
  return [...byPlace.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const permissions = new Set<Permission>(same.flatMap(({ scope }) => [...scope.permissions]));
    return [{ scope: { ...first.scope, permissions }, version1: first.version1 }];
  });
}

const NAMES_1: Readonly<Record<string, readonly string[]>> = {
  rs: ['read'],
  cud: ['write'],
  cruds: ['read', 'write'],
};

/** The words as a token's `scope` has them. */
export const wordsOf = (words: readonly Word[]): readonly string[] =>
  words.flatMap(({ scope, version1 }) => {
    const text = scopeText(scope);
    const [, letters = ''] = /\.([a-z]+)/.exec(text) ?? [];
    // Version 1 has no words for a constraint, which must not get lost.
    const names = version1 && scope.query.length === 0 ? NAMES_1[letters] : undefined;
    return names === undefined ? [text] : names.map((name) => `${scope.level}/${scope.type}.${name}`);
  });
