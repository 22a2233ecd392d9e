/** Bytes of a message as text: UTF-8 where they are that, else as MSH-18 or the bytes themselves say (table 0211). */
import { isUtf8 } from 'node:buffer';
import { fail } from '../core/failure.ts';

const BYTE_ORDER: readonly (readonly [mark: string, encoding: 'utf-16le' | 'utf-16be'])[] = [
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
];
/** Nothing in UTF-8 or Latin-1 has so many: the text is in an encoding of two bytes, or no text. */
const MOST_NULS = 8;

/**
 * Reads the bytes of a message.
 * @throws Failure `malformed` for bytes that are no text
 */
export function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mark = buffer.subarray(0, 2).toString('hex');
  const wide = BYTE_ORDER.find(([each]) => each === mark);
  if (wide !== undefined) return new TextDecoder(wide[1]).decode(buffer);
  if (buffer.subarray(0, 2000).filter((byte) => byte === 0).length > MOST_NULS)
    fail('malformed', 'The bytes are no HL7 v2 text; send it in UTF-8.');
  return isUtf8(buffer) ? buffer.toString('utf8') : new TextDecoder(encodingOf(buffer)).decode(buffer);
}

/** Names of table 0211 for what is neither UTF-8 nor Western European. */
const ENCODINGS: Readonly<Record<string, string>> = {
  ...Object.fromEntries([2, 3, 4, 5, 6, 7, 8, 15].map((part) => [`8859/${part}`, `iso-8859-${part}`])),
  '8859/9': 'windows-1254',
  'GB 18030-2000': 'gb18030',
  'KS X 1001': 'euc-kr',
  'BIG-5': 'big5',
};
/** Longer than any MSH that names its character set. */
const HEADER_BYTES = 2000;

/** What the message says that it is written in (MSH-18). */
function encodingOf(buffer: Buffer): string {
  const text = buffer.subarray(0, HEADER_BYTES).toString('latin1');
  const [line = ''] = text.slice(Math.max(0, text.indexOf('MSH'))).split(/[\r\n]/, 1);
  const [charset = ''] = line.split(line.charAt(3))[17]?.split('~') ?? [];
  return ENCODINGS[charset.trim().toUpperCase()] ?? 'windows-1252';
}
