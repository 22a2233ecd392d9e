/** The master keys that a backup needs: those in the folder of the server, and those that it brought along. */
import { fail } from '../../core/failure.ts';
import { keysIn, putKey } from '../keyring.ts';
import { isSame } from '../known-keys.ts';
import { secretsOf, type KeyMark, type MasterKey } from '../secrets.ts';
import type { ArchiveReader } from './archive.ts';
import { keyPart, type Manifest } from './manifest.ts';

/**
 * Sees to it that the folder has every key that the backup was sealed with.
 * @throws Failure `unavailable` where one is missing, `in-use` where the folder has another of its name
 */
export async function provideKeys(archive: ArchiveReader, manifest: Manifest, folder: string): Promise<void> {
  const there = keysIn(folder);
  const marks = there === undefined ? [] : secretsOf(there).keys;
  const missing = manifest.keys.filter((key) => !marks.some((each) => isSame(each, key)));
  for (const { name } of missing) if (marks.some((each) => each.name === name)) refuseOther(name, folder);
  for (const key of missing) putKey(folder, await broughtAlong(archive, key, folder));
}

async function broughtAlong(
  archive: ArchiveReader,
  { name, mark }: KeyMark,
  folder: string,
): Promise<MasterKey> {
  const file = keyPart(name);
  if (!archive.has(file)) refuseMissing(name, folder);
  const key = { name, bytes: Buffer.concat((await archive.open(file).toArray()) as Buffer[]) };
  if (secretsOf([key]).keys[0]?.mark !== mark)
    fail('malformed', `The file ${file} of the backup was changed or is damaged.`);
  return key;
}

const refuseMissing = (name: string, folder: string): never =>
  fail(
    'unavailable',
    `The secrets in the backup were sealed with the master key ${name}. Put its file master-${name}.key into ${folder}, ` +
      'or restore with --without-keys, which leaves the secrets out.',
  );

const refuseOther = (name: string, folder: string): never =>
  fail(
    'in-use',
    `${folder} has another master key ${name} than the backup was made with; restore with another KEYS_DIR.`,
  );
