/**
 * How a folded name sounds, roughly: consonants that are heard alike become one, vowels are kept only at the
 * beginning. Coarser than Metaphone on purpose, since it opens a block of candidates and does not judge them.
 */

const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/[^a-z]/g, ''],
  [/^(kn|gn|pn)/, 'n'],
  [/^wr/, 'r'],
  [/^x/, 's'],
  [/^(th|h)(?=[^aeiouy])/, 't'],
  [/sch|tch|ch|sh|sz|cz/g, 'S'],
  [/gh(?=[^aeiou]|$)/g, ''],
  [/ph/g, 'f'],
  [/th/g, 't'],
  [/dg/g, 'j'],
  [/c(?=[eiy])/g, 's'],
  [/ck|[cqgkx]/g, 'k'],
  [/[jy](?=[aeiou])/g, 'j'],
  [/[vw]/g, 'f'],
  [/z/g, 's'],
  [/b/g, 'p'],
  [/d/g, 't'],
  [/(?<=.)[aeiouyh]/g, ''],
  [/^[aeiouyh]/, 'a'],
  [/(.)\1+/g, '$1'],
];
const LENGTH = 5;

/** The sound of a folded name in at most five letters; empty where it has no letter of the Latin alphabet. */
export function sound(name: string): string {
  return SPELLINGS.reduce((heard, [spelling, as]) => heard.replace(spelling, as), name).slice(0, LENGTH);
}
