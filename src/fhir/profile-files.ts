/** The definitions that this server works by and publishes: the FHIR resources under profiles/, a folder for each kind. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../profiles');

const KINDS = [
  'structure-definitions',
  'value-sets',
  'code-systems',
  'operation-definitions',
  'search-parameters',
  'measures',
] as const;
export type DefinitionKind = (typeof KINDS)[number];

/** Where the code tables are that the server was shipped with; they are no resources. */
export const TABLES_FOLDER = join(FOLDER, 'terminology');

function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => join(folder, name));
}

/** The resources of a kind, in the order of their files. */
export function readDefinitions(kind: DefinitionKind): readonly unknown[] {
  return filesIn(join(FOLDER, kind)).map((file): unknown => JSON.parse(readFileSync(file, 'utf8')));
}

/** The resources of all kinds. */
export const readAllDefinitions = (): readonly unknown[] => KINDS.flatMap(readDefinitions);

/** Changes whenever a definition or a code table does. */
export function definitionsHash(): string {
  const hash = createHash('sha256');
  const folders = [...KINDS.map((kind) => join(FOLDER, kind)), TABLES_FOLDER];
  for (const file of folders.flatMap(filesIn))
    hash.update(file.slice(FOLDER.length)).update(readFileSync(file));
  return hash.digest('base64url');
}
