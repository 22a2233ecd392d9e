/**
 * String search: texts without case and accents, and how a query meets their beginning, their middle or the whole.
 * https://hl7.org/fhir/R4/search.html#string
 */
import type { StringParameter, StringType } from '../../catalog/define.ts';
import { refuseModifier, refuseValue, type Asked, type Written } from '../asked.ts';
import { allOf, anyOf, type Clause } from '../clause.ts';
import { unescaped } from '../escape.ts';
import { fold, folded } from '../fold.ts';
import { bounded, keyOf } from '../key.ts';
import { TEXT_MAX } from '../limits.ts';
import { soundsOfWord } from '../phonetic.ts';
import { textOf, textsOf } from '../values.ts';

const NAME_PARTS = ['text', 'family', 'given', 'prefix', 'suffix'];
const ADDRESS_PARTS = ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country'];

const partsOf = (value: unknown, children: readonly string[]): readonly string[] =>
  children.flatMap((child) => textsOf(value, child));

/** Texts that a part alone would not begin: given names in a row, the full name, the later words of a family name. */
function combinedName(value: unknown): readonly string[] {
  const given = textsOf(value, 'given').join(' ');
  const family = textOf(value, 'family') ?? '';
  const words = folded(family).split(' ');
  return [given, `${given} ${family}`, `${family} ${given}`, ...words].filter((text) => text.trim() !== '');
}

/** The texts of a value as they stand in it. */
function textsOfValue(of: StringType, value: unknown): readonly string[] {
  if (of === 'HumanName') return partsOf(value, NAME_PARTS);
  if (of === 'Address') return partsOf(value, ADDRESS_PARTS);
  return typeof value === 'string' ? [value] : [];
}

/** What is searched in a value: its texts, and what can be put together of them. */
export function searchedTexts(of: StringType, value: unknown): readonly string[] {
  const texts = textsOfValue(of, value);
  if (of === 'HumanName') return [...texts, ...combinedName(value)];
  return of === 'Address' ? [...texts, texts.join(' ')] : texts;
}

const distinct = (texts: readonly string[]): readonly string[] =>
  [...new Set(texts)].filter((text) => text !== '');

/** The field of the texts as they are written, beside the folded ones that lead to them. */
const exactField = (name: string): string => `${name}:exact`;

export function index(
  { name, hot, parameter: { of, phonetic } }: { name: string; hot: boolean; parameter: StringParameter },
  values: readonly unknown[],
): Written {
  if (phonetic === true) return { tokens: soundsOf(values, of).map((sound) => keyOf(name, sound)) };
  const texts = distinct(values.flatMap((value) => searchedTexts(of, value)).map(fold));
  if (texts.length === 0) return {};
  const exact = distinct(values.flatMap((value) => textsOfValue(of, value)).map(bounded));
  return {
    index: { [name]: texts, [exactField(name)]: exact },
    // Texts without an index of their own are found through the index that all tokens share.
    tokens: hot ? [] : texts.map((text) => keyOf(name, text)),
    ...(texts[0] !== undefined && { sort: texts[0] }),
  };
}

/** The text asked for, as it is compared. */
export function foldedOf(asked: Asked, value: string): string {
  const text = folded(unescaped(value));
  if (text === '') return refuseValue(asked, 'a text has at least one letter or digit');
  if (text.length > TEXT_MAX) return refuseValue(asked, `a text has at most ${TEXT_MAX} characters`);
  return text;
}

function beginsWith(asked: Asked<StringParameter>): Clause {
  const texts = asked.values.map((value) => foldedOf(asked, value));
  return asked.hot
    ? { op: 'prefix', field: `index.${asked.name}`, prefixes: texts }
    : { op: 'prefix', field: 'tokens', prefixes: texts.map((text) => `${asked.name}=${text}`) };
}

/** The folded text leads there by an index, the text as written decides. */
function isExactly(asked: Asked<StringParameter>): Clause {
  const texts = asked.values.map(unescaped);
  const leads = texts.map(fold);
  const decides: Clause = { op: 'in', field: `index.${exactField(asked.name)}`, keys: texts.map(bounded) };
  if (leads.includes('')) return decides;
  const lead: Clause = asked.hot
    ? { op: 'in', field: `index.${asked.name}`, keys: leads }
    : { op: 'in', field: 'tokens', keys: leads.map((text) => keyOf(asked.name, text)) };
  return { op: 'and', of: [lead, decides] };
}

const contains = (asked: Asked<StringParameter>): Clause =>
  anyOf(
    asked.values.map((value) => ({
      op: 'contains',
      field: `index.${asked.name}`,
      text: foldedOf(asked, value),
    })),
  );

/** How the words of the values sound. */
function soundsOf(values: readonly unknown[], of: StringType): readonly string[] {
  const words = values.flatMap((value) => textsOfValue(of, value)).flatMap((text) => folded(text).split(' '));
  return [...new Set(words.flatMap(soundsOfWord))];
}

/** Every word must be there, as it sounds. */
function soundsLike(asked: Asked<StringParameter>, value: string): Clause {
  const words = foldedOf(asked, value).split(' ');
  return allOf(
    words.map((word) => ({
      op: 'in',
      field: 'tokens',
      keys: soundsOfWord(word).map((sound) => keyOf(asked.name, sound)),
    })),
  );
}

export function compile(asked: Asked<StringParameter>): Clause {
  if (asked.parameter.phonetic === true) {
    return asked.modifier === undefined
      ? anyOf(asked.values.map((value) => soundsLike(asked, value)))
      : refuseModifier(asked);
  }
  if (asked.modifier === undefined) return beginsWith(asked);
  if (asked.modifier === 'exact') return isExactly(asked);
  return asked.modifier === 'contains' ? contains(asked) : refuseModifier(asked);
}
