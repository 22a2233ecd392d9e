/**
 * How a name sounds, so that names which are spelled differently and said alike are found together
 * (https://hl7.org/fhir/R4/searchparameter-registry.html, `phonetic`). In the manner of double metaphone: the
 * consonants by their sound in American English, vowels only at the beginning, and a second reading where a name
 * may be said in two ways. An own table: maintained libraries for it were not found.
 */

/** Consonants that a sound keeps; what follows hardly tells names apart. */
const LENGTH = 6;

/** What stands at a place of a name, and how it is said: `''` silent, a second sound where there is one. */
type Rule = readonly [spelling: string, sound: string, other?: string];

/** In order: the first that fits at a place decides; what none fits is silent. `0` is the th of thin, `X` the sh of ship. */
const RULES: readonly Rule[] = [
  // A first letter that only the spelling has.
  ['^[gkp](?=n)|^p(?=s)|^w(?=r)', ''],
  ['^x', 'S'],
  ['^wh?(?=[aeiouy])', 'A', 'F'],
  ['^[aeiouy]+', 'A'],
  ['[aeiouy]+', ''],
  ['b+', 'P'],
  ['(?<=^m)c(?!h?[eiy])|(?<=^ma)c(?=[^aeiouyk])', 'K'],
  ['ch(?=[lrnmbfvw])|^ch(?=ar[ai]|or|ym|em)', 'K'],
  ['ch', 'X', 'K'],
  ['cz', 'S', 'X'],
  ['cc(?=i[ao])|c(?=i[ao])', 'X', 'S'],
  ['cc(?=[eiy])', 'KS'],
  ['c(?=[eiy])', 'S'],
  ['c[ckgq]?', 'K'],
  ['dg(?=[eiy])', 'J'],
  ['d+t?', 'T'],
  ['f+', 'F'],
  ['^gh(?=i)', 'J'],
  ['^gh|(?<=[^aeiouy])gh', 'K'],
  ['(?<=[cglrt]o?a?u)gh', 'F'],
  ['gh', ''],
  ['gn', 'N', 'KN'],
  ['gl(?=i)', 'KL', 'L'],
  ['^g(?=[eiy])', 'K', 'J'],
  ['gg?(?=[eiy])', 'J', 'K'],
  ['g+', 'K'],
  ['^h(?=[aeiouy])|(?<=[aeiouy])h(?=[aeiouy])', 'H'],
  ['^j(?=ose$)', 'H'],
  ['j+', 'J', 'H'],
  ['k+', 'K'],
  ['(?<=[aeiou])ll(?=[ao]s?$)', 'L', ''],
  ['l+', 'L'],
  ['mb(?=$|er)', 'M'],
  ['m+', 'M'],
  ['n+', 'N'],
  ['(?<=m)p(?=[st])', ''],
  ['ph', 'F'],
  ['p[pb]?', 'P'],
  ['q+', 'K'],
  ['(?<=[^m]ie)r$', '', 'R'],
  ['r+', 'R'],
  ['(?<=[iy])s(?=l)', ''],
  ['sch(?=[eo][eorndm]|uy)', 'SK', 'X'],
  ['^sch(?=[^aeiouyw])', 'X', 'S'],
  ['sch', 'X', 'SK'],
  ['sh(?=eim|oek|ol[mz])', 'S'],
  ['sh', 'X'],
  ['s(?=i[ao])', 'S', 'X'],
  ['^s(?=[mnlw])', 'S', 'X'],
  ['sz', 'S', 'X'],
  ['sc(?=[eiy])|s+', 'S'],
  ['t(?=io|ia)|tch', 'X'],
  ['th(?=[oa]m)', 'T'],
  ['th', '0', 'T'],
  ['t[td]?', 'T'],
  ['v+', 'F'],
  ['wi[ct]z$', 'TS', 'FX'],
  ['w(?=sk[iy]$)', '', 'F'],
  ['w', ''],
  ['(?<=[ae]u)x$', ''],
  ['x', 'KS'],
  ['zh', 'J'],
  ['z(?=[aio])', 'S', 'TS'],
  ['z+', 'S'],
];

const MATCHERS = RULES.map(([spelling, ...sounds]) => ({ at: new RegExp(spelling, 'y'), sounds }));

/** The first rule that fits at the place, and where it ends. */
function ruleAt(word: string, place: number): { end: number; sounds: readonly [string, string?] } {
  for (const { at, sounds } of MATCHERS) {
    at.lastIndex = place;
    if (at.test(word)) return { end: at.lastIndex, sounds };
  }
  return { end: place + 1, sounds: [''] };
}

/**
 * How a word sounds: one reading, or two.
 *
 * @param word a word of a name, folded; letters of other alphabets than Latin are kept as they are
 */
export function soundsOfWord(word: string): readonly string[] {
  if (!/^[a-z]+$/.test(word)) return word === '' ? [] : [word];
  let [first, second] = ['', ''];
  for (let place = 0; place < word.length;) {
    const { end, sounds } = ruleAt(word, place);
    first += sounds[0];
    second += sounds[1] ?? sounds[0];
    place = end;
  }
  return [...new Set([first, second].map((sound) => sound.slice(0, LENGTH)))].filter((sound) => sound !== '');
}
