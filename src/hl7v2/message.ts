/**
 * A message as values: segments, fields, repetitions, components, subcomponents. Framing and splitting are
 * Medplum's Hl7Message; what it leaves to its callers (declared delimiters, escapes, bounds) is done here.
 */
import { Hl7Message, type Hl7Field, type Hl7Segment } from '@medplum/core';
import { fail } from '../core/failure.ts';
import { delimitersOf, encodingCharacters, USUAL, type Delimiters } from './delimiters.ts';
import { escape, unescape } from './escape.ts';

/** Values of the subcomponents of a component. */
export type Component = readonly string[];
export type Repetition = readonly Component[];
export type Field = readonly Repetition[];

export interface Segment {
  readonly name: string;
  /** Which segment of its name it is in the message, from one: ERR-2 and people count so. */
  readonly sequence: number;
  /** The repetitions of a field, by its number in the standard; none where it is empty. */
  readonly field: (number: number) => Field;
  /** A value of the first repetition: of a component, and in it of a subcomponent; empty where there is none. */
  readonly value: (field: number, component?: number, subcomponent?: number) => string;
}

export interface Message {
  readonly delimiters: Delimiters;
  readonly segments: readonly Segment[];
  /** Lines that are no segment, counted from one: text with line breaks that should have been escaped. */
  readonly strayLines: readonly number[];
  /** The text as it came, without what carried it. */
  readonly text: string;
}

/** What one message may hold; a longer one is refused before it is split. */
export const LIMITS = { characters: 4_000_000, segments: 10_000, fields: 500 } as const;

const SEGMENT_NAME = /^[A-Z][A-Z0-9]{2}$/;

/**
 * Reads a message with any kind of line ends.
 * @throws Failure `malformed` for what is no message, `too-large` for what is longer than one may be
 */
export function parseMessage(received: string): Message {
  if (received.length > LIMITS.characters) tooLarge();
  const text = bare(received);
  if (!text.startsWith('MSH'))
    fail('malformed', 'This is no HL7 v2 message: it must begin with an MSH segment.');
  const delimiters = delimitersOf(text);
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trimStart());
  if (lines.length > LIMITS.segments) tooLarge();
  const isSegment = (line: string): boolean =>
    SEGMENT_NAME.test(line.slice(0, 3)) && (line.length === 3 || line.startsWith(delimiters.field, 3));
  const kept = lines.filter(isSegment);
  const counts = new Map<string, number>();
  const segments = Hl7Message.parse(kept.join('\r')).segments.map((segment) => {
    const sequence = (counts.get(segment.name) ?? 0) + 1;
    counts.set(segment.name, sequence);
    return reader(segment, sequence, delimiters);
  });
  const strayLines = lines.flatMap((line, at) => (isSegment(line) || line.trim() === '' ? [] : [at + 1]));
  return { delimiters, segments, strayLines, text };
}

/** Marks of MLLP, of a file's encoding, and white space around a message. */
const AROUND: ReadonlySet<string> = new Set(['\ufeff', '\v', '\u001c', '\0', '\r', '\n', ' ', '\t']);

function bare(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && AROUND.has(text.charAt(start))) start += 1;
  while (end > start && AROUND.has(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const tooLarge = (): never =>
  fail('too-large', 'The message is longer than this server takes; send one message for each person.');

function reader(segment: Hl7Segment, sequence: number, delimiters: Delimiters): Segment {
  if (segment.fields.length > LIMITS.fields) tooLarge();
  const known = new Map<number, Field>();
  const field = (number: number): Field => {
    const before = known.get(number);
    if (before !== undefined) return before;
    const read = isDelimiterField(segment.name, number)
      ? [[[segment.getField(number).toString()]]]
      : repetitionsOf(segment, number, delimiters);
    known.set(number, read);
    return read;
  };
  return {
    name: segment.name,
    sequence,
    field,
    value: (number, component = 1, subcomponent = 1) =>
      field(number)[0]?.[component - 1]?.[subcomponent - 1] ?? '',
  };
}

/** MSH, FHS and BHS begin with the delimiters themselves, which are not split. */
const HEADERS: ReadonlySet<string> = new Set(['MSH', 'FHS', 'BHS']);
const isDelimiterField = (name: string, number: number): boolean => HEADERS.has(name) && number <= 2;

/** `""` is how HL7 says that a value is to be deleted; for what is read here it is no value. */
const valueOf = (text: string, delimiters: Delimiters): string =>
  text === '""' ? '' : unescape(text, delimiters).trim();

function repetitionsOf(segment: Hl7Segment, number: number, delimiters: Delimiters): Field {
  // What Medplum says of its own types does not hold for fields that are not there.
  const field = segment.getField(number) as Hl7Field | undefined;
  const repetitions = field?.components ?? [];
  const values = repetitions.map((components) =>
    components.map((component) =>
      component.split(delimiters.subcomponent).map((text) => valueOf(text, delimiters)),
    ),
  );
  return values.some((components) => components.some((parts) => parts.some((part) => part !== '')))
    ? values
    : [];
}

/** The segments of a name, in their order. */
export const segmentsOf = ({ segments }: Message, name: string): readonly Segment[] =>
  segments.filter((segment) => segment.name === name);

/** What a field is made of when it is written: a value, its components, or its repetitions. */
export type Written = string | undefined | readonly WrittenComponent[] | { readonly repeat: Field };
/** Subcomponents where it is a list. */
export type WrittenComponent = string | undefined | readonly (string | undefined)[];

/** A segment to write: its fields from the first on. */
export interface WrittenSegment {
  readonly name: string;
  readonly fields: readonly Written[];
}

/** The text of a message with the usual delimiters, each segment ended by a carriage return. */
export const encodeMessage = (segments: readonly WrittenSegment[]): string =>
  segments.map((segment) => `${encodeSegment(segment)}\r`).join('');

/** One segment, without its end; MSH-1 and MSH-2 are written by themselves and not among the fields given. */
export function encodeSegment({ name, fields }: WrittenSegment): string {
  const texts = fields.map(encodeField);
  const last = texts.findLastIndex((text) => text !== '');
  const begin = HEADERS.has(name) ? [name, encodingCharacters(USUAL)] : [name];
  return [...begin, ...texts.slice(0, last + 1)].join(USUAL.field);
}

function encodeField(written: Written): string {
  if (written === undefined) return '';
  if (typeof written === 'string') return escape(written, USUAL);
  if (!('repeat' in written)) return components(written);
  return written.repeat.map(components).join(USUAL.repetition);
}

const components = (parts: readonly WrittenComponent[]): string =>
  joined(
    parts.map((part) =>
      typeof part === 'object'
        ? joined(
            part.map((each) => escape(each ?? '', USUAL)),
            USUAL.subcomponent,
          )
        : escape(part ?? '', USUAL),
    ),
    USUAL.component,
  );

/** Empty parts at the end are left out. */
function joined(parts: readonly string[], separator: string): string {
  const last = parts.findLastIndex((part) => part !== '');
  return parts.slice(0, last + 1).join(separator);
}
