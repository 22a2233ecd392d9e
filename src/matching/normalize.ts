/** Names, numbers and addresses in the form in which they are compared: folded, placeholders and titles known for what they are. */
import { folded } from '../search/fold.ts';
import type { PersonName, Place } from './person.ts';

const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');

const SUFFIXES: Readonly<Record<string, string>> = {
  jr: 'jr',
  junior: 'jr',
  sr: 'sr',
  senior: 'sr',
  ii: '2',
  '2nd': '2',
  iii: '3',
  '3rd': '3',
  iv: '4',
  '4th': '4',
};

/** The suffix in its one form, or undefined for what is none (academic titles). */
function suffixOf(text: string): string | undefined {
  return SUFFIXES[folded(text)];
}

/** What hospitals write before a child has a name, and what is typed where a name is not known. */
const CHILD =
  /^(?:bb|bg|babyboy|babygirl|(?:baby|infant|newborn|nb|twin|triplet)(?: boy| girl| male| female| of)+)(?: |$)/;
const NOBODY =
  /^(?:baby|boy|girl|male|female|infant|newborn|nb|twin|triplet|unknown|unk|unnamed|no name|test)(?: [a-d1-4])?$/;

/** Whether a folded given name says only that there is a child. */
export const isPlaceholder = (given: string): boolean => CHILD.test(given) || NOBODY.test(given);

const ORDER = /(?: |^)(?:([a-d])|([1-4]))$/;

/** The place among twins that a placeholder ends in: "Baby Girl B" is the second. */
export function orderOf(given: string): number | undefined {
  const [, letter, digit] = ORDER.exec(given) ?? [];
  if (letter !== undefined) return letter.charCodeAt(0) - 'a'.charCodeAt(0) + 1;
  return digit === undefined ? undefined : Number(digit);
}

/** In R4's JSON, null keeps the place of a text that only has extensions (json.html#primitive). */
type Texts = readonly (string | null)[];
const said = (texts: Texts): readonly string[] => texts.filter((text) => text !== null);

export interface WrittenName {
  readonly given?: Texts | undefined;
  readonly family?: string | undefined;
  readonly suffix?: Texts | undefined;
}

/** A suffix that was typed at the end of the family name goes where it belongs. */
function familyOf(text: string): Pick<PersonName, 'family' | 'suffix'> {
  const parts = words(folded(text));
  const suffix = parts.length > 1 ? SUFFIXES[parts.at(-1) ?? ''] : undefined;
  const family = (suffix === undefined ? parts : parts.slice(0, -1)).join(' ');
  return { ...(family !== '' && { family }), ...(suffix !== undefined && { suffix }) };
}

/** A written name, folded and taken apart. */
export function nameOf({ given = [], family = '', suffix = [] }: WrittenName): PersonName {
  const [first = '', ...rest] = said(given)
    .map(folded)
    .filter((name) => name !== '');
  const [own] = said(suffix).flatMap((text) => suffixOf(text) ?? []);
  return {
    ...(first !== '' && (isPlaceholder(first) ? { placeholder: true as const } : { given: first })),
    middle: rest.flatMap(words),
    ...familyOf(family),
    ...(own !== undefined && { suffix: own }),
  };
}

/** The digits of a telephone number without the country's, or undefined for what cannot be one. */
export function phoneOf(text: string): string | undefined {
  const digits = text.replace(/\D/g, '').replace(/^1(?=\d{10}$)/, '');
  return digits.length < 7 || /^(\d)\1+$/.test(digits) ? undefined : digits;
}

/** Kinds of streets in short, after USPS Publication 28, appendix C1. */
const KINDS: Readonly<Record<string, string>> = {
  street: 'st',
  avenue: 'ave',
  av: 'ave',
  road: 'rd',
  lane: 'ln',
  drive: 'dr',
  court: 'ct',
  place: 'pl',
  circle: 'cir',
  terrace: 'ter',
  boulevard: 'blvd',
  highway: 'hwy',
  parkway: 'pkwy',
  square: 'sq',
  trail: 'trl',
  crescent: 'cres',
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
};
const UNIT = / (?:apt|apartment|unit|suite|ste|flat|no|fl|floor|lot|trlr|rm) ?[a-z0-9]*(?: [a-z0-9]{1,2})?$/;
const NUMBER = /^(\d+[a-z]?) /;

function streetOf(line: string): Pick<Place, 'number' | 'street'> {
  // The sign is gone once the line is folded, and with it what tells a flat from a street.
  const text = ` ${folded(line.replaceAll('#', ' apt '))}`.replace(UNIT, '').trim();
  const [whole = '', number] = NUMBER.exec(text) ?? [];
  const street = words(text.slice(whole.length))
    .map((word) => KINDS[word] ?? word)
    .join(' ');
  return { ...(number !== undefined && { number }), ...(street !== '' && { street }) };
}

export interface WrittenAddress {
  readonly line?: Texts | undefined;
  readonly city?: string | undefined;
  readonly postalCode?: string | undefined;
}

/** A written address, folded and taken apart; the flat is left out, since it is written in too many ways. */
export function placeOf({ line = [], city = '', postalCode = '' }: WrittenAddress): Place {
  const town = folded(city);
  const zip = postalCode.replace(/\D/g, '').slice(0, 5);
  return {
    ...streetOf(said(line)[0] ?? ''),
    ...(town !== '' && { city: town }),
    ...(zip.length >= 4 && { zip }),
  };
}
