/** Documents in a stream of BSON: each begins with its own length (https://bsonspec.org/spec.html). */
import { fail } from '../../core/failure.ts';

const LENGTH_BYTES = 4;
/** An empty document. */
const LEAST = 5;
/** What MongoDB stores at most, and some room for what it adds. */
const MOST = 16 * 1024 * 1024 + 16 * 1024;

/**
 * Cuts a stream into documents; no more than one document and one chunk is held at a time.
 * @throws Failure `malformed` where it is no BSON or ends within a document
 */
export async function* documentsIn(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    size += chunk.length;
    if (size < needed(held)) continue;
    const { documents, rest } = cut(Buffer.concat(held, size));
    yield* documents;
    held = [rest];
    size = rest.length;
  }
  if (size > 0) broken();
}

/** How many bytes there must be for another document to be whole. */
function needed([first]: readonly Buffer[]): number {
  return first === undefined || first.length < LENGTH_BYTES ? LENGTH_BYTES : lengthAt(first, 0);
}

function cut(bytes: Buffer): { readonly documents: readonly Buffer[]; readonly rest: Buffer } {
  const documents: Buffer[] = [];
  let at = 0;
  while (at + LENGTH_BYTES <= bytes.length) {
    const end = at + lengthAt(bytes, at);
    if (end > bytes.length) break;
    documents.push(bytes.subarray(at, end));
    at = end;
  }
  return { documents, rest: bytes.subarray(at) };
}

function lengthAt(bytes: Buffer, at: number): number {
  const length = bytes.readInt32LE(at);
  return length < LEAST || length > MOST ? broken() : length;
}

const broken = (): never => fail('malformed', 'A file of the backup does not hold whole documents.');
