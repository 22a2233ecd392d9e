/** `fhir-iis rotate-keys`: a new master key, and all that older ones sealed sealed with it. */
import type { Command } from 'commander';
import { catalog } from '../catalog/index.ts';
import { keyFile } from '../storage/keyring.ts';
import { rotate, type Rotation } from '../storage/rotate.ts';
import { say, withStore } from './with-store.ts';

export function rotateKeys(program: Command): void {
  program
    .command('rotate-keys')
    .description('add a master key and seal all secrets with it; may be broken off and run again')
    .option(
      '--add-only',
      'only add the key: where servers run on MONGODB_URI, restart them with it, then run this again without the option',
    )
    .action(async ({ addOnly = false }: { addOnly?: boolean }) => {
      await withStore(async ({ config, connection }) => {
        const rotation = await rotate({ connection, catalog, folder: config.KEYS_DIR, addOnly });
        for (const line of report(rotation, config.KEYS_DIR, addOnly)) say(line);
      });
    });
}

function report(rotation: Rotation, folder: string, addOnly: boolean): string[] {
  const { newest, isNew, done, unopened, spent } = rotation;
  const first = isNew
    ? `Added ${keyFile(newest)} to ${folder}: keep a copy of it in another place.`
    : `Went on with a rotation to ${keyFile(newest)} that was not finished.`;
  if (addOnly)
    return [
      first,
      'Restart every server with it, then run rotate-keys again to seal with it what is stored.',
    ];
  return [first, `Sealed ${done} documents with it.`, ...unopenedLines(unopened), ...spentLines(spent)];
}

const unopenedLines = (unopened: number): string[] =>
  unopened === 0
    ? []
    : [
        `${unopened} documents could not be opened with any key that is there and were left as they are; keep all older keys.`,
      ];

function spentLines(spent: readonly string[]): string[] {
  if (spent.length === 0) return [];
  const files = spent.map(keyFile).join(', ');
  return [
    `Nothing in the store is sealed with older keys any more. ${files} may go, once no backup from before is to be restored.`,
  ];
}
