/**
 * Text as string searches compare it: without case, accents and punctuation
 * (https://hl7.org/fhir/R4/search.html#string).
 */
import { TEXT_MAX } from './limits.ts';

/** Letters that Unicode does not take apart, as registries write them without the letter. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ħ: 'h',
  þ: 'th',
  ı: 'i',
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');
const MARKS = /\p{M}+/gu;
/** O'Brien and OBrien are one name, Smith-Jones and Smith Jones too. */
const SILENT = /['’‘`´ʼʻ.]/g;
const BETWEEN = /[^\p{L}\p{N}]+/gu;
const PLAIN = /^[a-z0-9]*$/;

/** The text without case, accents and punctuation, words separated by one space, of any length. */
export function folded(text: string): string {
  const lower = text.toLowerCase();
  if (PLAIN.test(lower)) return lower;
  return lower
    .replace(SILENT, '')
    .normalize('NFKD')
    .replace(MARKS, '')
    .toLowerCase()
    .replace(LETTER, (letter) => LETTERS[letter] ?? letter)
    .replace(BETWEEN, ' ')
    .trim();
}

/** The folded text as far as it is indexed. */
export function fold(text: string): string {
  return folded(text).slice(0, TEXT_MAX).toWellFormed().trimEnd();
}
