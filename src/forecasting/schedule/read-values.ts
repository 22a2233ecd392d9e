/** Reads the texts of supporting data: what is empty, and the codes, ages, dates and words that are not. */
import { createHash } from 'node:crypto';
import { readDate, isoDate, type Duration } from '../civil-date.ts';
import { fail } from '../../core/failure.ts';
import { parseDuration } from './duration.ts';
import { one, type XmlElement } from './read-xml.ts';

/** Text of a child element; undefined when the attribute is empty: no text, no element, or `n/a`. */
export function text(element: XmlElement, name: string): string | undefined {
  const value = one(element, name)?.text ?? '';
  return value === '' || value.toLowerCase() === 'n/a' ? undefined : value;
}

/** Text of a child element that must not be empty. */
export function requiredText(element: XmlElement, name: string): string {
  return text(element, name) ?? fail('required', `<${element.name}> has no <${name}>`);
}

/** Leaves out the members that are undefined, so that an absent member means an empty attribute. */
export function present<T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** A list, or nothing if it is empty. */
export function someOf<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

export function duration(element: XmlElement, name: string): Duration | undefined {
  const value = text(element, name);
  if (value === undefined) return undefined;
  return (
    parseDuration(value) ??
    fail('not-understood', `<${name}> of <${element.name}> is no length of time: ${value}`)
  );
}

/** An ISO date from YYYYMMDD or MM/DD/YYYY. */
export function date(element: XmlElement, name: string): string | undefined {
  const value = text(element, name);
  if (value === undefined) return undefined;
  const iso = value
    .replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')
    .replace(/^(\d{2})\/(\d{2})\/(\d{4})$/, '$3-$1-$2');
  const read = readDate(iso);
  if (read === undefined)
    return fail('not-understood', `<${name}> of <${element.name}> is no date: ${value}`);
  return isoDate(read.first.day);
}

export function wholeNumber(element: XmlElement, name: string): number | undefined {
  const value = text(element, name);
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value))
    return fail('not-understood', `<${name}> of <${element.name}> is no whole number: ${value}`);
  return Number(value);
}

/** One of the words allowed, whatever its letter case in the release. */
export function word<W extends string>(
  element: XmlElement,
  name: string,
  words: readonly W[],
): W | undefined {
  const value = text(element, name)?.toLowerCase();
  if (value === undefined) return undefined;
  const found = words.find((allowed) => allowed.toLowerCase() === value);
  return (
    found ??
    fail('not-understood', `<${name}> of <${element.name}> is ${value}, not one of ${words.join(', ')}`)
  );
}

/** True for Yes or Y, undefined for No, N or empty. */
export function flag(element: XmlElement, name: string): true | undefined {
  const value = word(element, name, ['Yes', 'No', 'Y', 'N']);
  return value === 'Yes' || value === 'Y' ? true : undefined;
}

/** The codes of a list separated by semicolons. */
export function list(element: XmlElement, name: string): string[] {
  return (text(element, name) ?? '')
    .split(';')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Key under which the project keeps its own words for a guidance text of CDC: the text itself is not carried. */
export function guidanceKey(element: XmlElement): string | undefined {
  const words = element.text.replace(/\s+/g, ' ').trim();
  if (words === '' || words.toLowerCase() === 'n/a') return undefined;
  return createHash('sha256').update(words).digest('hex').slice(0, 8);
}
