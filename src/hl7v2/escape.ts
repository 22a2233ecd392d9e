/**
 * Escape sequences of values (HL7 v2.5.1, 2.7): delimiters, line breaks and single bytes that could not stand in a
 * message as they are. A sequence that nobody knows stays as it was sent.
 */
import type { Delimiters } from './delimiters.ts';

const HEX = /^X((?:[0-9A-Fa-f]{2})+)$/;
/** Formatting commands that break the line; of `.sp` and `.sk` the number says how often. */
const BREAK = /^\.(br|ce|sp)\+?(\d{0,2})$/;
const SPACES = /^\.sk\+?(\d{1,2})$/;
/** Highlighting, indents and a change of the character set leave no mark in a plain value. */
const UNSEEN = /^(H|N|\.(fi|nf)|\.(in|ti)[+-]?\d{0,3}|[CM](?:[0-9A-Fa-f]{2}){2,3})$/;

/** The value that a text in a message stands for. */
export function unescape(text: string, delimiters: Delimiters): string {
  const { escape } = delimiters;
  if (!text.includes(escape)) return text;
  let value = '';
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf(escape, at);
    const close = open < 0 ? -1 : text.indexOf(escape, open + 1);
    if (close < 0) break;
    const meaning = meaningOf(text.slice(open + 1, close), delimiters);
    value += text.slice(at, open) + (meaning ?? text.slice(open, close));
    // What opened nothing known may itself have been a mere character: the next one may open a sequence.
    at = meaning === undefined ? close : close + 1;
  }
  return value + text.slice(at);
}

function meaningOf(sequence: string, delimiters: Delimiters): string | undefined {
  const delimiter = ofDelimiter(sequence, delimiters);
  if (delimiter !== undefined) return delimiter;
  const [, hex] = HEX.exec(sequence) ?? [];
  if (hex !== undefined) return decoded(Buffer.from(hex, 'hex'));
  return layoutOf(sequence);
}

function layoutOf(sequence: string): string | undefined {
  const [, command, count] = BREAK.exec(sequence) ?? [];
  if (command !== undefined) return '\n'.repeat(command === 'sp' ? Number(count || '1') : 1);
  const [, spaces] = SPACES.exec(sequence) ?? [];
  if (spaces !== undefined) return ' '.repeat(Number(spaces));
  return UNSEEN.test(sequence) ? '' : undefined;
}

function ofDelimiter(sequence: string, delimiters: Delimiters): string | undefined {
  switch (sequence) {
    case 'F':
      return delimiters.field;
    case 'S':
      return delimiters.component;
    case 'T':
      return delimiters.subcomponent;
    case 'R':
      return delimiters.repetition;
    case 'E':
      return delimiters.escape;
    case 'P':
      return '#';
    default:
      return undefined;
  }
}

/** Bytes are UTF-8 where they can be; single ones above 127 come from senders that write Latin-1. */
function decoded(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? bytes.toString('latin1') : text;
}

/** A value as it may stand in a message; unescape() gives it back. */
export function escape(value: string, delimiters: Delimiters): string {
  let text = '';
  for (const character of value) text += escaped(character, delimiters);
  return text;
}

function escaped(character: string, delimiters: Delimiters): string {
  const mark = delimiters.escape;
  switch (character) {
    case delimiters.field:
      return `${mark}F${mark}`;
    case delimiters.component:
      return `${mark}S${mark}`;
    case delimiters.subcomponent:
      return `${mark}T${mark}`;
    case delimiters.repetition:
      return `${mark}R${mark}`;
    case mark:
      return `${mark}E${mark}`;
    case '\n':
      return `${mark}.br${mark}`;
    default:
      return character < ' ' || character === '\u007f' ? `${mark}X${hexOf(character)}${mark}` : character;
  }
}

const hexOf = (character: string): string => Buffer.from(character).toString('hex').toUpperCase();
