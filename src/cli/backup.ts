/** `fhir-iis backup`: all of a store, as it was at one point in time, in a folder or a tar archive. */
import type { Command } from 'commander';
import { systemClock } from '../core/clock.ts';
import { fail } from '../core/failure.ts';
import { createArchive } from '../storage/backup/archive.ts';
import type { Manifest } from '../storage/backup/manifest.ts';
import { take } from '../storage/backup/take.ts';
import { keysIn } from '../storage/keyring.ts';
import type { MasterKey } from '../storage/secrets.ts';
import { say, withStore, type OpenStore } from './with-store.ts';

export function backup(program: Command): void {
  program
    .command('backup')
    .description('back up the store; a server with an embedded database must be stopped first')
    .argument('<target>', 'a new folder, or a new file whose name ends in .tar')
    .option('--with-keys', 'put the master keys into the backup, which then opens its own secrets')
    .action(async (target: string, { withKeys = false }: { withKeys?: boolean }) => {
      await withStore((store) => backUp(store, target, withKeys));
    });
}

async function backUp(store: OpenStore, target: string, withKeys: boolean): Promise<void> {
  const { connection, isAlone, config } = store;
  const keys = withKeys ? ringOf(config.KEYS_DIR) : [];
  const made = systemClock();
  const archive = await createArchive(target, made);
  try {
    const manifest = await take({ connection, archive, made, isAlone, keys });
    await archive.finish();
    for (const line of report(manifest, target, config.KEYS_DIR)) say(line);
  } catch (error) {
    await archive.abandon();
    throw error;
  }
}

const ringOf = (folder: string): readonly MasterKey[] =>
  keysIn(folder) ?? fail('unavailable', `There are no master keys in ${folder} to put into the backup.`);

function report({ collections, withKeys, keys }: Manifest, target: string, folder: string): string[] {
  const documents = collections.reduce((sum, part) => sum + part.documents, 0);
  const bytes = collections.reduce((sum, part) => sum + part.bytes, 0);
  const size = `${(bytes / 1_000_000).toFixed(1)} MB`;
  const names = keys.map(({ name }) => `master-${name}.key`).join(', ');
  return [
    `Backed up ${documents} documents of ${collections.length} collections to ${target} (${size}).`,
    'It holds personal data as they are in the store: keep it as safe as the store itself.',
    withKeys
      ? 'WARNING: it holds the master keys too. Whoever has it can read the social security numbers in it.'
      : `It does not hold the master keys. Keep ${names === '' ? folder : `${names} of ${folder}`} as well, in another place: without them the social security numbers are lost.`,
  ];
}
