/** Whether a backup is whole and unchanged: every file is read, hashed, opened and counted before anything is written. */
import { createHash } from 'node:crypto';
import { pipeline, Transform, type TransformCallback } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { fail, Failure } from '../../core/failure.ts';
import type { ArchiveReader, Facts } from './archive.ts';
import { documentsIn } from './bson-stream.ts';
import type { CollectionPart, Manifest } from './manifest.ts';

/** The documents of a part, one after the other. */
export const documentsOf = (
  archive: ArchiveReader,
  { file }: Pick<CollectionPart, 'file'>,
): AsyncGenerator<Buffer> => documentsIn(pipeline(archive.open(file), createGunzip(), () => undefined));

/**
 * Reads all of a backup.
 * @throws Failure `malformed` that names the file that is missing or damaged
 */
export async function verify(archive: ArchiveReader, manifest: Manifest): Promise<void> {
  for (const part of manifest.collections) await verifyPart(archive, part);
}

async function verifyPart(archive: ArchiveReader, part: CollectionPart): Promise<void> {
  const { facts, tap } = measuring();
  const content = pipeline(archive.open(part.file), tap, createGunzip(), () => undefined);
  const documents = await counted(documentsIn(content)).catch((error: unknown) => {
    // What is damaged can fail in any way on its way through the decompressor.
    if (error instanceof Failure || isZlib(error)) return damaged(part);
    throw error;
  });
  const { bytes, sha256 } = facts();
  if (bytes !== part.bytes || sha256 !== part.sha256 || documents !== part.documents) damaged(part);
}

const isZlib = (error: unknown): boolean => /^Z_/.test(String((error as NodeJS.ErrnoException).code));

const damaged = ({ file }: CollectionPart): never =>
  fail('malformed', `The file ${file} of the backup was changed or is damaged; nothing was restored.`);

async function counted(documents: AsyncIterable<Buffer>): Promise<number> {
  const iterator = documents[Symbol.asyncIterator]();
  for (let count = 0; ; count += 1) if ((await iterator.next()).done === true) return count;
}

/** A passage that measures what goes through it. */
function measuring(): { readonly facts: () => Facts; readonly tap: Transform } {
  const hash = createHash('sha256');
  let bytes = 0;
  const tap = new Transform({
    transform: (chunk: Buffer, _encoding, done: TransformCallback) => {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { tap, facts: () => ({ bytes, sha256: hash.digest('hex') }) };
}
