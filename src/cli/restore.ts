/** `fhir-iis restore`: fills an empty store from a backup that was found to be whole. */
import type { Command } from 'commander';
import { catalog } from '../catalog/index.ts';
import { openArchive, type ArchiveReader } from '../storage/backup/archive.ts';
import { load, requireEmpty } from '../storage/backup/load.ts';
import { readManifest } from '../storage/backup/manifest.ts';
import { provideKeys } from '../storage/backup/restore-keys.ts';
import { verify } from '../storage/backup/verify.ts';
import { say, withStore, type OpenStore } from './with-store.ts';

interface RestoreOptions {
  readonly keys: boolean;
}

export function restore(program: Command): void {
  program
    .command('restore')
    .description('fill an empty store from a backup; no server may run on it')
    .argument('<source>', 'a backup: a folder or a tar archive')
    .option('--without-keys', 'go on without the master keys: leave out the secrets that only they open')
    .action(async (source: string, { withoutKeys = false }: { withoutKeys?: boolean }) => {
      const archive = await openArchive(source);
      try {
        await restoreFrom(archive, { keys: !withoutKeys });
      } finally {
        await archive.close();
      }
    });
}

async function restoreFrom(archive: ArchiveReader, { keys }: RestoreOptions): Promise<void> {
  const manifest = await readManifest(archive);
  say(`Checking the backup of ${manifest.made}`);
  await verify(archive, manifest);
  await withStore(async ({ connection, config, where }: OpenStore) => {
    await requireEmpty(connection);
    if (keys) await provideKeys(archive, manifest, config.KEYS_DIR);
    await load({ connection, catalog, archive, manifest, withoutSecrets: !keys });
    const documents = manifest.collections.reduce((sum, part) => sum + part.documents, 0);
    say(`Restored ${documents} documents of ${manifest.collections.length} collections into ${where}.`);
    if (!keys) say('The social security numbers were left out; their asterisks stand for nothing any more.');
  });
}
