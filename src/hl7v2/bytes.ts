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
  return isUtf8(buffer) ? buffer.toString('utf8') : new TextDecoder('windows-1252').decode(buffer);
}
