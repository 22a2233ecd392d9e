/**
 * Headers of tar archives (POSIX.1-1988 ustar; sizes from 8 GiB in base 256, as GNU tar writes them), for files whose
 * size is known only after they are written.
 */
import { fail } from '../../core/failure.ts';

export const BLOCK = 512;
const NAME = { at: 0, length: 100 };
const SIZE = { at: 124, length: 12 };
const CHECKSUM = { at: 148, length: 8 };
const OCTAL_MAX = 0o77777777777;
/** First bit of a size in base 256. */
const BASE_256 = 0x80;

/** The bytes that fill up a file to whole blocks. */
export const paddingAfter = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

/** The header of a regular file that only its owner reads. */
export function headerOf(name: string, size: number, made: Date): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, NAME.at, NAME.length, 'utf8');
  header.write('0000600\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  writeSize(header, size);
  header.write(`${octal(Math.floor(made.getTime() / 1000), 11)}\0`, 136);
  header.write('0', 156);
  header.write('ustar\0' + '00', 257);
  header.write(`${octal(checksumOf(header), 6)}\0 `, CHECKSUM.at);
  return header;
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');

function writeSize(header: Buffer, size: number): void {
  if (size <= OCTAL_MAX) {
    header.write(`${octal(size, 11)}\0`, SIZE.at);
    return;
  }
  header.writeUInt8(BASE_256, SIZE.at);
  header.writeBigUInt64BE(BigInt(size), SIZE.at + SIZE.length - 8);
}

/** The sum of all bytes, those of the sum itself counted as spaces. */
function checksumOf(header: Buffer): number {
  const counted = Buffer.from(header);
  counted.fill(' ', CHECKSUM.at, CHECKSUM.at + CHECKSUM.length);
  return counted.reduce((sum, byte) => sum + byte, 0);
}

/**
 * The name and size that a header tells; undefined for the block of zeros at the end.
 * @throws Failure `malformed` where it is no header
 */
export function readHeader(header: Buffer): { readonly name: string; readonly size: number } | undefined {
  if (header.every((byte) => byte === 0)) return undefined;
  if (parseInt(textAt(header, CHECKSUM), 8) !== checksumOf(header)) {
    fail('malformed', 'The file is no tar archive, or it is damaged.');
  }
  return { name: textAt(header, NAME), size: sizeIn(header) };
}

const textAt = (header: Buffer, { at, length }: { at: number; length: number }): string =>
  header
    .toString('utf8', at, at + length)
    .replace(/\0.*$/s, '')
    .trim();

function sizeIn(header: Buffer): number {
  if (((header[SIZE.at] ?? 0) & BASE_256) === 0) return parseInt(textAt(header, SIZE), 8);
  return Number(header.readBigUInt64BE(SIZE.at + SIZE.length - 8));
}
