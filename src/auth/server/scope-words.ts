/** What a scope means, in words for the person who grants it. */
import { scopeOf, type Level, type Permission } from '../../core/scopes.ts';

const WORDS: Readonly<Record<string, string>> = {
  fhirUser: 'know who you are',
  profile: 'know your name',
  offline_access: 'go on when you are away, for 90 days at most',
  online_access: 'go on while you are signed on',
  launch: 'know which patient is open',
  'launch/patient': 'know which patient you chose',
};
const LETTERS: Readonly<Record<Permission, string>> = {
  c: 'create',
  r: 'read',
  u: 'change',
  d: 'delete',
  s: 'search',
};
const WHOSE: Readonly<Record<Level, string>> = {
  patient: 'of this patient',
  user: 'that you may see',
  system: 'of the system',
};

/** The meaning of a scope word, and nothing for one that has none. */
export function meaningOf(word: string): string {
  const scope = scopeOf(word);
  if (scope === undefined) return Object.hasOwn(WORDS, word) ? (WORDS[word] ?? '') : '';
  const verbs = [...scope.permissions].map((letter) => LETTERS[letter]).join(', ');
  const type = scope.type === '*' ? 'everything' : scope.type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
  const limited = scope.query.length > 0 ? ', some of it' : '';
  return `${verbs}: ${type} ${WHOSE[scope.level]}${limited}`;
}
