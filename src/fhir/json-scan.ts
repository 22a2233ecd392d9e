/**
 * Whether a text is JSON that may come in: RFC 8259, with unique names in every object, no `__proto__`,
 * whole characters only and a bounded depth. One pass, before JSON.parse, which would keep silent about
 * all but the first; it says where the fault is without repeating what was sent.
 */
import { fail } from '../core/failure.ts';

interface Scan {
  readonly text: string;
  at: number;
  /** How many more levels may open. */
  room: number;
  /** Whether a number would be written otherwise than it was read. */
  keepsDigits: boolean;
  /** Whether the names of an object have to be compared letter by letter, in a second pass. */
  doubtful: boolean;
  readonly careful: boolean;
  /** Hashes of the names of all open objects; the innermost object's are the last. */
  readonly hashes: number[];
}

const TAB = 0x09;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const UNDERSCORE = 0x5f;
const SMALL_U = 0x75;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** More names than any FHIR object has: from here on comparing each with each would cost too much. */
const MANY_NAMES = 200;

function refuse(scan: Scan, problem: string): never {
  const before = scan.text.slice(0, scan.at);
  const line = before.split('\n').length;
  const column = scan.at - before.lastIndexOf('\n');
  return fail('malformed', `The JSON cannot be read at line ${line}, column ${column}: ${problem}.`);
}

/** The next character that is no blank; NaN at the end. */
function peek(scan: Scan): number {
  for (;;) {
    const code = scan.text.charCodeAt(scan.at);
    if (code !== SPACE && code !== NEWLINE && code !== RETURN && code !== TAB) return code;
    scan.at++;
  }
}

function hexAt(scan: Scan, at: number): number {
  const digits = scan.text.slice(at, at + 4);
  return /^[0-9A-Fa-f]{4}$/.test(digits) ? Number.parseInt(digits, 16) : NaN;
}

/** Reads `\uXXXX` from its `u` on; half a character is refused, because no UTF-8 can carry it on. */
function readUnicode(scan: Scan): void {
  const unit = hexAt(scan, scan.at + 1);
  if (Number.isNaN(unit)) refuse(scan, 'four hexadecimal digits belong after \\u');
  scan.at += 5;
  if (unit < 0xd800 || unit > 0xdfff) return;
  const low = scan.text.startsWith('\\u', scan.at) ? hexAt(scan, scan.at + 2) : NaN;
  if (unit > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff))
    refuse(scan, 'a surrogate stands without its other half');
  scan.at += 6;
}

function readEscape(scan: Scan): void {
  scan.at++;
  const code = scan.text.charCodeAt(scan.at);
  if (code === SMALL_U) readUnicode(scan);
  else if ('"\\/bfnrt'.includes(scan.text.charAt(scan.at) || ' ')) scan.at++;
  else refuse(scan, 'an unknown escape follows the backslash');
}

/** Reads what cannot stand in a string as it is: an escape, or nothing that is allowed. */
function readSpecial(scan: Scan, code: number): void {
  if (code === BACKSLASH) readEscape(scan);
  else refuse(scan, Number.isNaN(code) ? 'a string is not closed' : 'a control character belongs escaped');
}

/** Reads a string from its quote on, and hashes it on the way; an escape makes the hash worthless. */
function readString(scan: Scan): number {
  const { text } = scan;
  let hash = 0;
  let escapes = false;
  let at = scan.at + 1;
  for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(at)) {
    if (code >= SPACE && code !== BACKSLASH) {
      hash = (Math.imul(hash, 31) + code) | 0;
      at++;
      continue;
    }
    scan.at = at;
    readSpecial(scan, code);
    escapes = true;
    at = scan.at;
  }
  scan.at = at + 1;
  return escapes ? NaN : hash;
}

function readDigits(scan: Scan): void {
  const from = scan.at;
  for (;;) {
    const code = scan.text.charCodeAt(scan.at);
    if (!(code >= ZERO && code <= NINE)) break;
    scan.at++;
  }
  if (scan.at === from) refuse(scan, 'a digit belongs here');
}

function readFractionAndExponent(scan: Scan): void {
  if (scan.text.charCodeAt(scan.at) === POINT) {
    scan.at++;
    readDigits(scan);
  }
  const letter = scan.text[scan.at];
  if (letter !== 'e' && letter !== 'E') return;
  scan.at++;
  const sign = scan.text[scan.at];
  if (sign === '+' || sign === '-') scan.at++;
  readDigits(scan);
}

function readNumber(scan: Scan): void {
  const from = scan.at;
  if (scan.text.charCodeAt(scan.at) === MINUS) scan.at++;
  if (scan.text.charCodeAt(scan.at) === ZERO) scan.at++;
  else readDigits(scan);
  readFractionAndExponent(scan);
  const source = scan.text.slice(from, scan.at);
  if (String(Number(source)) !== source) scan.keepsDigits = true;
}

function readWord(scan: Scan): void {
  const word = ['true', 'false', 'null'].find((each) => scan.text.startsWith(each, scan.at));
  if (word === undefined)
    refuse(scan, Number.isNaN(peek(scan)) ? 'the text ends too early' : 'a value belongs here');
  scan.at += word.length;
}

function open(scan: Scan): void {
  if (scan.room === 0) refuse(scan, 'it is nested deeper than FHIR needs; send a flatter resource');
  scan.room--;
  scan.at++;
}

/** Whether another member follows: a comma does, the closing character does not. */
function goesOn(scan: Scan, closing: number): boolean {
  const code = peek(scan);
  if (code !== COMMA && code !== closing)
    refuse(scan, 'a comma or the end of the list or object belongs here');
  scan.at++;
  return code === COMMA;
}

function readArray(scan: Scan): void {
  open(scan);
  if (peek(scan) === CLOSE_ARRAY) scan.at++;
  else
    do {
      readValue(scan);
    } while (goesOn(scan, CLOSE_ARRAY));
  scan.room++;
}

/** Equal hashes, escapes, and what could be `__proto__` are looked into only when they occur: they hardly do. */
function doubt(scan: Scan, hash: number, first: number): boolean {
  const { hashes } = scan;
  const isProto = scan.text.charCodeAt(scan.at - 2) === UNDERSCORE;
  if (isProto || Number.isNaN(hash) || hashes.length - first > MANY_NAMES) return true;
  for (let each = first; each < hashes.length; each++) if (hashes[each] === hash) return true;
  hashes.push(hash);
  return false;
}

function readName(scan: Scan, seen: Set<string> | undefined, first: number): void {
  if (peek(scan) !== QUOTE) refuse(scan, 'the name of a property belongs here, in double quotes');
  const from = scan.at;
  const hash = readString(scan);
  if (seen === undefined) {
    if (!scan.doubtful) scan.doubtful = doubt(scan, hash, first);
    return;
  }
  const name = JSON.parse(scan.text.slice(from, scan.at)) as string;
  if (!seen.has(name) && name !== '__proto__') return void seen.add(name);
  scan.at = from;
  refuse(
    scan,
    name === '__proto__' ? 'no FHIR property has this name' : 'an object has this property already',
  );
}

function readObject(scan: Scan): void {
  const first = scan.hashes.length;
  const seen = scan.careful ? new Set<string>() : undefined;
  open(scan);
  if (peek(scan) === CLOSE_OBJECT) scan.at++;
  else
    do {
      readName(scan, seen, first);
      if (peek(scan) !== COLON) refuse(scan, 'a colon belongs after the name of a property');
      scan.at++;
      readValue(scan);
    } while (goesOn(scan, CLOSE_OBJECT));
  scan.hashes.length = first;
  scan.room++;
}

function readValue(scan: Scan): void {
  const code = peek(scan);
  if (code === QUOTE) readString(scan);
  else if (code === OPEN_OBJECT) readObject(scan);
  else if (code === OPEN_ARRAY) readArray(scan);
  else if (code === MINUS || (code >= ZERO && code <= NINE)) readNumber(scan);
  else readWord(scan);
}

function pass(text: string, depth: number, careful: boolean): Scan {
  const scan = { text, at: 0, room: depth, keepsDigits: false, doubtful: false, careful, hashes: [] };
  if (text.startsWith('\uFEFF')) refuse(scan, 'the byte-order mark must be left out');
  readValue(scan);
  if (!Number.isNaN(peek(scan))) refuse(scan, 'something follows the end of the value');
  return scan;
}

/**
 * Reads a JSON text without keeping anything of it.
 *
 * @param depth how many objects and arrays may be open at once
 * @returns `keepsDigits`: whether a number in it would lose digits by being read and written
 * @throws Failure `malformed`, with line and column
 */
export function scan(text: string, depth: number): { readonly keepsDigits: boolean } {
  if (!text.isWellFormed())
    fail('malformed', 'The JSON cannot be read: a surrogate stands without its other half.');
  const quick = pass(text, depth, false);
  if (quick.doubtful) pass(text, depth, true);
  return quick;
}
