/** What a backup says of itself: written last, so that a backup that has it is whole; told apart from a changed one by a hash. */
import { createHash } from 'node:crypto';
import { fail } from '../../core/failure.ts';
import type { IndexKey } from '../indexes.ts';
import type { KeyMark } from '../secrets.ts';
import type { ArchiveReader, Facts } from './archive.ts';

export const MANIFEST = 'manifest.json';
const FORMAT = 'fhir-iis-backup';
/** The shape of archives; a server reads those of its own number. */
const FORMAT_VERSION = 1;
/** The shape of stored documents; a store is never filled with those of a newer server. */
const SCHEMA = 1;

export interface Manifest {
  readonly format: typeof FORMAT;
  readonly formatVersion: typeof FORMAT_VERSION;
  readonly schema: number;
  /** The instant that the backup shows, as far as the clock of the machine knew it. */
  readonly made: string;
  readonly mongodb: string;
  /** The master keys that secrets were sealed with: names and marks, never the keys. */
  readonly keys: readonly KeyMark[];
  readonly withKeys: boolean;
  readonly collections: readonly CollectionPart[];
}

/** A collection: BSON documents one after the other, compressed by gzip, as mongodump writes them. */
export interface CollectionPart extends Facts {
  readonly name: string;
  readonly file: string;
  readonly documents: number;
  readonly indexes: readonly IndexKey[];
}

export const fileOf = (collection: string): string => `data/${collection}.bson.gz`;
export const keyPart = (name: string): string => `keys/master-${name}.key`;

/** The head of a manifest. */
export const headOf = (made: Date): Pick<Manifest, 'format' | 'formatVersion' | 'schema' | 'made'> => ({
  format: FORMAT,
  formatVersion: FORMAT_VERSION,
  schema: SCHEMA,
  made: made.toISOString(),
});

const hashOf = (manifest: object): string =>
  createHash('sha256').update(JSON.stringify(manifest)).digest('hex');

/** The manifest as text, with its own hash at the end. */
export const textOf = (manifest: Manifest): string =>
  `${JSON.stringify({ ...manifest, sha256: hashOf(manifest) }, undefined, 2)}\n`;

/**
 * Reads the manifest of a backup.
 * @throws Failure `malformed` where it is missing, changed or of another format, `not-understood` for one of a newer server
 */
export async function readManifest(archive: ArchiveReader): Promise<Manifest> {
  if (!archive.has(MANIFEST))
    fail('malformed', 'This is no backup of fhir-iis, or one that was not finished.');
  const { sha256, ...manifest } = parsed(Buffer.concat(await archive.open(MANIFEST).toArray()).toString());
  if (hashOf(manifest) !== sha256)
    fail('malformed', `The ${MANIFEST} of the backup was changed or is damaged.`);
  if (manifest['format'] !== FORMAT) fail('malformed', 'This is no backup of fhir-iis.');
  if (manifest['formatVersion'] !== FORMAT_VERSION || Number(manifest['schema']) > SCHEMA) {
    fail('not-understood', 'The backup was made by a newer fhir-iis; restore it with that one.');
  }
  return manifest as unknown as Manifest;
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return fail('malformed', `The ${MANIFEST} of the backup is damaged.`);
  }
}
