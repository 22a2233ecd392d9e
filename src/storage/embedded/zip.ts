/**
 * Takes one file out of a zip archive (PKWARE APPNOTE 4.3, without encryption and ZIP64), so that neither an
 * unzip program nor Python's is needed.
 */
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const DEFLATED = 8;

/** Writes the member to a new file. Throws an Error where the archive is not whole or has no such member. */
export async function extract(archive: string, member: string, to: string): Promise<void> {
  const bytes = await readFile(archive);
  const { method, content } = find(bytes, member);
  const source = Readable.from([content]);
  const target = createWriteStream(to, { flags: 'wx', mode: 0o600 });
  await (method === DEFLATED ? pipeline(source, createInflateRaw(), target) : pipeline(source, target));
}

function find(bytes: Buffer, member: string): { method: number; content: Buffer } {
  const end = bytes.lastIndexOf(signature(END_OF_DIRECTORY));
  if (end < 0) throw new Error('Not a zip archive');
  let at = bytes.readUInt32LE(end + 16);
  while (bytes.readUInt32LE(at) === DIRECTORY_ENTRY) {
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28);
    if (bytes.toString('utf8', at + 46, nameEnd) === member) return entry(bytes, at);
    at = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  throw new Error(`The zip archive has no ${member}`);
}

function entry(bytes: Buffer, at: number): { method: number; content: Buffer } {
  const local = bytes.readUInt32LE(at + 42);
  // The extra field of the local header may differ in length from the directory's.
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  return {
    method: bytes.readUInt16LE(at + 10),
    content: bytes.subarray(start, start + bytes.readUInt32LE(at + 20)),
  };
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
